import { voronoiCells } from '../cells.js';
import { drawCrack } from './crack.js';
import { quantile, smoothstep } from '../fields.js';
import { fractalNoise } from '../noise.js';
import type { Rng } from '../rng.js';
import type { Surface } from './surface.js';

/** Kinds of young ice: dark elastic sheets, wind-rowed slush, round cakes, grey plates. */
type ThinIceKind = 'nilas' | 'grease' | 'pancake' | 'plates';

const KINDS: readonly ThinIceKind[] = [
  'nilas',
  'nilas',
  'nilas',
  'grease',
  'pancake',
  'plates',
  'plates',
];

/** Returns young ice: a smooth mottled sheet with cracks and rafted fingers, slush streaks, or cakes. */
export function thinIce(rng: Rng, width: number, height: number): Surface & { kind: ThinIceKind } {
  const kind = KINDS[rng.int(KINDS.length)] ?? 'nilas';
  const mottling = fractalNoise(rng.fork('mottling'), width, height, {
    scale: rng.uniform(70, 150),
    octaves: 3,
    gain: 0.45,
  });
  const luminance = new Float32Array(width * height);
  const wetness = new Float32Array(width * height).fill(0.4);
  const base = rng.uniform(0.3, 0.44);
  const gain = rng.uniform(0.03, 0.07);
  for (let i = 0; i < luminance.length; i++) luminance[i] = base + gain * (mottling[i] ?? 0);
  if (kind === 'grease') addStreaks(luminance, rng.fork('streaks'), width, height);
  if (kind === 'plates') addPlates(luminance, rng.fork('plates'), width, height);
  if (kind !== 'grease') addFingers(luminance, rng.fork('fingers'), width, height);
  addCracks(luminance, rng.fork('cracks'), width, height);
  if (kind === 'pancake') addCakes(luminance, rng.fork('cakes'), width, height, base);
  return { luminance, wetness, kind };
}

function addStreaks(out: Float32Array, rng: Rng, width: number, height: number): void {
  const streaks = fractalNoise(rng, width, height, {
    scale: rng.uniform(20, 36),
    aspect: rng.uniform(7, 13),
    angle: rng.uniform(0, Math.PI),
    octaves: 2,
    gain: 0.35,
  });
  const gain = rng.uniform(0.05, 0.09);
  for (let i = 0; i < out.length; i++) {
    out[i] = (out[i] ?? 0) + gain * smoothstep(-0.35, 0.45, streaks[i] ?? 0);
  }
}

/** Fields of round cakes with raised rims in dark slush; the sheet between them stays. */
function addCakes(out: Float32Array, rng: Rng, width: number, height: number, base: number): void {
  const scale = rng.uniform(11, 19);
  const cells = voronoiCells(rng, width, height, { scale, jitter: 0.75 });
  const shade = cellValues(rng, cells.count, 0.035);
  const radius = scale * 0.52;
  const places = fractalNoise(rng.fork('places'), width, height, { scale: 130, octaves: 3 });
  const level = quantile(places, rng.uniform(0.35, 0.7));
  for (let i = 0; i < out.length; i++) {
    const here = smoothstep(level - 0.03, level + 0.03, places[i] ?? 0);
    if (here === 0) continue;
    const gap = Math.min(cells.border[i] ?? 0, radius - (cells.centre[i] ?? 0));
    const inside = smoothstep(0.2, 1.4, gap);
    const rim = inside * (1 - smoothstep(1.2, 3.4, gap));
    const cake = 0.03 + (shade[cells.id[i] ?? 0] ?? 0) + 0.11 * rim;
    const slush = base + inside * cake - (1 - inside) * 0.09;
    out[i] = (out[i] ?? 0) * (1 - here) + slush * here;
  }
}

/** Large angular plates of slightly different greys. */
function addPlates(out: Float32Array, rng: Rng, width: number, height: number): void {
  const cells = voronoiCells(rng, width, height, {
    scale: rng.uniform(60, 130),
    jitter: 1,
    merge: 0.4,
  });
  const shade = cellValues(rng, cells.count, 0.05);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (shade[cells.id[i] ?? 0] ?? 0);
}

/** Jagged cracks that wander and branch, wet and dark or rafted and bright. */
function addCracks(out: Float32Array, rng: Rng, width: number, height: number): void {
  const cracks = 3 + rng.int(6);
  for (let crack = 0; crack < cracks; crack++) {
    drawCrack(out, rng, width, height, {
      x: rng.uniform(0, width),
      y: rng.uniform(0, height),
      heading: rng.uniform(0, 2 * Math.PI),
      length: rng.uniform(60, 260),
      halfWidth: rng.uniform(0.5, 1.3),
      depth: rng.chance(0.65) ? rng.uniform(-0.2, -0.1) : rng.uniform(0.08, 0.15),
    });
  }
}

/** Finger rafting: sheets that pushed over and under each other in square teeth along a front. */
function addFingers(out: Float32Array, rng: Rng, width: number, height: number): void {
  const fronts = rng.int(4);
  for (let front = 0; front < fronts; front++) {
    const angle = rng.uniform(0, Math.PI);
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const x0 = rng.uniform(0, width);
    const y0 = rng.uniform(0, height);
    const reach = rng.uniform(8, 26);
    const lift = rng.uniform(0.025, 0.06);
    const bend = rng.uniform(-0.002, 0.002);
    const from = Math.min(0, rng.uniform(-300, 100));
    const to = rng.uniform(40, 300);
    const teeth = toothOfStep(rng, rng.uniform(6, 14));
    const lengths = Float32Array.from({ length: 256 }, () => reach * rng.uniform(0.3, 1));
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const along = (column - x0) * cos + (row - y0) * sin;
        if (along < from || along > to) continue;
        const across = -(column - x0) * sin + (row - y0) * cos + bend * along * along;
        if (across > reach || across < -reach) continue;
        const tooth = teeth[(Math.floor(along) + 1024) & 2047] ?? 0;
        const length = lengths[tooth] ?? 0;
        const over = tooth & 1 ? across > 0 && across < length : across < 0 && across > -length;
        if (over) out[row * width + column] = (out[row * width + column] ?? 0) + lift;
      }
    }
  }
}

/** Number of the tooth at each pixel along a front; widths vary about `mean`. */
function toothOfStep(rng: Rng, mean: number): Uint8Array {
  const teeth = new Uint8Array(2048);
  let tooth = 0;
  let left = mean;
  for (let i = 0; i < teeth.length; i++) {
    teeth[i] = tooth & 255;
    if (--left > 0) continue;
    tooth++;
    left = mean * rng.uniform(0.5, 1.6);
  }
  return teeth;
}

/** One offset per cell, uniform in ± `spread`. */
function cellValues(rng: Rng, count: number, spread: number): Float32Array {
  return Float32Array.from({ length: count }, () => rng.uniform(-spread, spread));
}
