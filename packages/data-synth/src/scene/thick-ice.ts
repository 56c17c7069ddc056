import { voronoiCells } from '../cells.js';
import { hillshade, quantile, smoothstep } from '../fields.js';
import { fractalNoise } from '../noise.js';
import type { Rng } from '../rng.js';
import type { Surface } from './surface.js';

/** Kinds of thick ice: separate floes, closed ridged pack, summer ice with ponds, small broken floes. */
type ThickIceKind = 'floes' | 'pack' | 'ponded' | 'broken';

const KINDS: readonly ThickIceKind[] = ['floes', 'floes', 'pack', 'ponded', 'broken'];

/** How floe edges bend. */
const BEND = { scale: 44, octaves: 3, gain: 0.5 };

/** Leads never take more of the picture than this. */
const MOST_LEADS = 0.3;

/** Thick ice with its leads. */
interface ThickIce extends Surface {
  readonly kind: ThickIceKind;
  /** 1 where a lead opens between the floes, uint8 [H,W]. */
  readonly lead: Uint8Array;
}

/** Returns floes with snow, sastrugi, pressure ridges and their shadows, melt ponds, brash and leads. */
export function thickIce(rng: Rng, width: number, height: number, sunAngle: number): ThickIce {
  const kind = KINDS[rng.int(KINDS.length)] ?? 'floes';
  const relief = thickIceRelief(rng.fork('relief'), width, height, sunAngle, kind);
  const shape = {
    floes: { scale: rng.uniform(30, 60), gap: rng.uniform(1.5, 3.5) },
    pack: { scale: rng.uniform(60, 120), gap: rng.uniform(0.6, 2) },
    ponded: { scale: rng.uniform(50, 100), gap: rng.uniform(1, 3) },
    broken: { scale: rng.uniform(16, 28), gap: rng.uniform(0.8, 1.6) },
  }[kind];
  const bend = rng.uniform(4, 9);
  const warp = {
    x: scaled(fractalNoise(rng.fork('warp x'), width, height, BEND), bend),
    y: scaled(fractalNoise(rng.fork('warp y'), width, height, BEND), bend),
  };
  const cells = voronoiCells(rng.fork('floes'), width, height, {
    scale: shape.scale,
    jitter: 1,
    merge: 0.45,
    warp,
  });
  const shade = Float32Array.from({ length: cells.count }, () => rng.uniform(-0.06, 0.04));
  // The pack is pressed shut in places and slack in others.
  const slack = fractalNoise(rng.fork('slack'), width, height, { scale: 120, octaves: 3 });
  const brashLevel = rng.chance(0.6) ? rng.uniform(-0.1, 0.35) : 9;
  const brash =
    brashLevel < 9
      ? fractalNoise(rng.fork('brash'), width, height, { scale: 7, octaves: 2 })
      : undefined;

  const inside = cells.border;
  for (let i = 0; i < inside.length; i++) {
    inside[i] = (inside[i] ?? 0) - shape.gap * (0.8 + 2 * (slack[i] ?? 0));
  }
  const waterline = Math.min(0, quantile(inside, MOST_LEADS));

  const { luminance, wetness } = relief;
  const lead = new Uint8Array(width * height);
  const dark = rng.uniform(0.14, 0.24);
  for (let i = 0; i < luminance.length; i++) {
    const id = cells.id[i] ?? 0;
    const distance = (inside[i] ?? 0) - waterline;
    if (distance > 0) {
      const rim = 0.07 * (1 - smoothstep(0, 2.5, Math.abs(distance - 1.5)));
      luminance[i] = (luminance[i] ?? 0) + (shade[id] ?? 0) + rim;
    } else {
      const chunk = smoothstep(brashLevel, brashLevel + 0.15, brash?.[i] ?? 0);
      luminance[i] = dark + 0.45 * chunk;
      wetness[i] = 0.75 - 0.6 * chunk;
      lead[i] = 1;
    }
  }
  return { luminance, wetness, lead, kind };
}

/** Returns the top of thick ice without leads: snow, ridges with light and shadow side, ponds. */
export function thickIceRelief(
  rng: Rng,
  width: number,
  height: number,
  sunAngle: number,
  kind: ThickIceKind,
): Surface {
  const snow = fractalNoise(rng.fork('snow'), width, height, {
    scale: rng.uniform(9, 18),
    aspect: rng.uniform(1.5, 3.5),
    angle: rng.uniform(0, Math.PI),
    octaves: 2,
    gain: 0.6,
  });
  const ridges = fractalNoise(rng.fork('ridges'), width, height, {
    scale: rng.uniform(45, 85),
    octaves: 3,
    gain: 0.4,
    kind: 'ridged',
  });
  const ridgeLevel = rng.uniform(0.74, 0.84);
  const heights = new Float32Array(width * height);
  const snowDepth = rng.uniform(0.15, 0.35);
  for (let i = 0; i < heights.length; i++) {
    const ridge = (ridges[i] ?? 0) - ridgeLevel;
    heights[i] =
      snowDepth * (snow[i] ?? 0) + (ridge > 0 ? ridge * 9 * (1 + 0.6 * (snow[i] ?? 0)) : 0);
  }
  const slope = hillshade(heights, width, height, sunAngle);
  const patches = fractalNoise(rng.fork('patches'), width, height, { scale: 90, octaves: 2 });
  const luminance = heights;
  const wetness = new Float32Array(width * height).fill(0.08);
  const base = rng.uniform(0.72, 0.84);
  for (let i = 0; i < luminance.length; i++) {
    const facing = slope[i] ?? 0;
    const light = facing > 0 ? 0.22 * facing : 0.5 * facing;
    luminance[i] = base + (light < -0.35 ? -0.35 : light) + 0.03 * (patches[i] ?? 0);
  }
  if (kind === 'ponded') addPonds(luminance, wetness, rng.fork('ponds'), width, height);
  return { luminance, wetness };
}

function addPonds(
  luminance: Float32Array,
  wetness: Float32Array,
  rng: Rng,
  width: number,
  height: number,
): void {
  const field = fractalNoise(rng, width, height, {
    scale: rng.uniform(14, 28),
    octaves: 3,
    gain: 0.4,
  });
  const level = quantile(field, 1 - rng.uniform(0.12, 0.35));
  const depth = rng.uniform(0.2, 0.4);
  for (let i = 0; i < luminance.length; i++) {
    const pond = smoothstep(level - 0.04, level + 0.1, field[i] ?? 0);
    if (pond === 0) continue;
    luminance[i] = (luminance[i] ?? 0) * (1 - 0.7 * pond) + (0.65 - depth) * 0.7 * pond;
    wetness[i] = 0.08 + 0.85 * pond;
  }
}

function scaled(field: Float32Array, factor: number): Float32Array {
  for (let i = 0; i < field.length; i++) field[i] = (field[i] ?? 0) * factor;
  return field;
}
