import { voronoiCells } from './cells.js';
import { requireInteger, requireSeed, DataSynthError } from './errors.js';
import { quantile } from './fields.js';
import { fractalNoise } from './noise.js';
import { createRng, type Rng } from './rng.js';
import { takePicture, type CameraTruth } from './scene/camera.js';
import { openWater } from './scene/open-water.js';
import type { IceClass, Surface } from './scene/surface.js';
import { thickIce } from './scene/thick-ice.js';
import { thinIce } from './scene/thin-ice.js';

/** What scene to draw. */
export interface IceSceneOptions {
  /** Seed of the scene, a whole number from 0. */
  readonly seed: number;
  /** Width and height in pixels, 32..2048. @default 256 */
  readonly size?: number;
  /** Class that covers most of the scene: 0 open water, 1 thin ice, 2 thick ice. @default drawn from the seed */
  readonly class?: IceClass;
}

/** What was drawn: the truth behind a scene. */
export interface IceSceneTruth extends CameraTruth {
  /** Direction of the sun in degrees, 0 along the columns, clockwise. */
  readonly sunAngleDeg: number;
  /** The make of each class as drawn, e.g. `pancake`; absent classes are left out. */
  readonly kinds: readonly string[];
}

/** A picture of sea ice with its class of every pixel. */
export interface IceScene {
  readonly width: number;
  readonly height: number;
  /** RGB, uint8 [H,W,3]. */
  readonly image: Uint8Array;
  /** 0 open water, 1 thin ice, 2 thick ice, uint8 [H,W]; nothing is missing. */
  readonly classMap: Uint8Array;
  /** The class of most pixels, at least 60 % of them. */
  readonly dominantClass: IceClass;
  /** Share of the pixels of each class, 0..1, in class order. */
  readonly fractions: readonly [number, number, number];
  readonly truth: IceSceneTruth;
}

/** Least share of the dominant class. */
const DOMINANT_SHARE = 0.6;

/**
 * Generates a picture of sea ice in which one class covers at least 60 %, others the rest.
 *
 * Texture tells the class: waves, smooth sheets with cracks, rough floes. Brightness and colour do
 * not: each scene gets its own exposure and tint, drawn almost alike for all classes. One pixel is
 * about 2 m.
 *
 * @throws DataSynthError for an impossible option.
 *
 * @example
 * ```ts
 * const scene = generateIceScene({ seed: 7, size: 64, class: 2 });
 * scene.image.length; // 64 × 64 × 3
 * ```
 */
export function generateIceScene(options: IceSceneOptions): IceScene {
  const { seed, size = 256 } = options;
  requireSeed('seed', seed);
  requireInteger('size', size, 32, 2048);
  const rng = createRng(seed).fork('ice scene');
  const drawn = rng.int(3);
  const dominant = options.class ?? toClass(drawn);
  if (dominant !== 0 && dominant !== 1 && dominant !== 2) {
    throw new DataSynthError(
      'invalid-option',
      `class: expected 0, 1 or 2. Received: ${String(dominant)}.`,
    );
  }
  const sun = rng.uniform(0, 2 * Math.PI);
  const { surface, classMap, kinds } = compose(rng, size, dominant, sun);
  const metered = classMap.map((value) => (value === dominant ? 1 : 0));
  const { image, truth } = takePicture(rng.fork('camera'), surface, {
    width: size,
    height: size,
    exposure: drawExposure(rng.fork('exposure'), dominant),
    metered,
  });
  return {
    width: size,
    height: size,
    image,
    classMap,
    dominantClass: dominant,
    fractions: sharesOf(classMap),
    truth: { ...truth, sunAngleDeg: (sun * 180) / Math.PI, kinds },
  };
}

/** Exposure: nearly the same for all classes; thick ice comes out a little brighter on average. */
function drawExposure(rng: Rng, dominant: IceClass): { mean: number; deviation: number } {
  const lift = [-0.06, 0, 0.065][dominant] ?? 0;
  const spread = [0, -0.12, 0.12][dominant] ?? 0;
  return {
    mean: rng.uniform(0.33, 0.62) + lift,
    deviation: Math.exp(rng.uniform(Math.log(0.045), Math.log(0.11)) + spread),
  };
}

function compose(
  rng: Rng,
  size: number,
  dominant: IceClass,
  sun: number,
): { surface: Surface; classMap: Uint8Array; kinds: string[] } {
  const classMap = new Uint8Array(size * size).fill(dominant);
  const kinds: string[] = [];
  const ground = draw(rng.fork('ground'), size, dominant, sun);
  kinds.push(ground.kind);
  const luminance = ground.surface.luminance;
  const wetness = ground.surface.wetness;
  if (ground.lead !== undefined) {
    const filled = rng.chance(0.4) ? 1 : 0;
    const lift = filled === 1 ? 0.18 : 0;
    for (let i = 0; i < classMap.length; i++) {
      if (ground.lead[i] !== 1) continue;
      classMap[i] = filled;
      luminance[i] = (luminance[i] ?? 0) + lift;
    }
  }
  // Scattered bits of floe, drawn below, and the estimate of the quantile need a little room too.
  const room = sharesOf(classMap)[dominant] - DOMINANT_SHARE - 0.06;
  if (rng.chance(0.5) && room > 0.04) {
    const share = rng.uniform(0.03, Math.min(0.3, room));
    const guestClass = toClass((dominant + 1 + rng.int(2)) % 3);
    const guest = draw(rng.fork('guest'), size, guestClass, sun);
    kinds.push(guest.kind);
    const region = fractalNoise(rng.fork('region'), size, size, {
      scale: rng.uniform(80, 200),
      octaves: 4,
      gain: 0.45,
    });
    const level = quantile(region, 1 - share);
    for (let i = 0; i < classMap.length; i++) {
      if ((region[i] ?? 0) <= level) continue;
      classMap[i] = guest.lead?.[i] === 1 ? 0 : guestClass;
      luminance[i] = guest.surface.luminance[i] ?? 0;
      wetness[i] = guest.surface.wetness[i] ?? 0;
    }
  }
  if (dominant === 0 && rng.chance(0.35)) {
    scatterFloes(rng.fork('bits'), size, { luminance, wetness }, classMap);
    kinds.push('bits');
  }
  return { surface: { luminance, wetness }, classMap, kinds };
}

function draw(
  rng: Rng,
  size: number,
  which: IceClass,
  sun: number,
): { surface: Surface; kind: string; lead?: Uint8Array } {
  if (which === 0) return { surface: openWater(rng, size, size, sun), kind: 'sea' };
  if (which === 1) {
    const surface = thinIce(rng, size, size);
    return { surface, kind: surface.kind };
  }
  const surface = thickIce(rng, size, size, sun);
  return { surface, kind: surface.kind, lead: surface.lead };
}

/** Small round bits of thick ice afloat on the water, gathered in a few places. */
function scatterFloes(rng: Rng, size: number, surface: Surface, classMap: Uint8Array): void {
  const scale = rng.uniform(14, 30);
  const cells = voronoiCells(rng.fork('bits'), size, size, { scale, jitter: 1 });
  const radius = Float32Array.from({ length: cells.count }, () =>
    rng.chance(0.25) ? scale * rng.uniform(0.1, 0.4) : 0,
  );
  const edge = fractalNoise(rng.fork('edge'), size, size, { scale: 9, octaves: 2 });
  for (let i = 0; i < classMap.length; i++) {
    const reach = radius[cells.id[i] ?? 0] ?? 0;
    if (reach === 0 || classMap[i] !== 0) continue;
    if ((cells.centre[i] ?? 0) + 2.5 * (edge[i] ?? 0) > reach || (cells.border[i] ?? 0) < 1)
      continue;
    surface.luminance[i] = 0.6 + 0.1 * (edge[i] ?? 0);
    surface.wetness[i] = 0.1;
    classMap[i] = 2;
  }
}

function sharesOf(classMap: Uint8Array): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  for (const value of classMap) if (value === 0 || value === 1 || value === 2) counts[value]++;
  return [counts[0] / classMap.length, counts[1] / classMap.length, counts[2] / classMap.length];
}

function toClass(value: number): IceClass {
  return value === 0 ? 0 : value === 1 ? 1 : 2;
}
