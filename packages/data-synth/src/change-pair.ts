import { CHANGE_KINDS, makeEvent, type ChangeKind, type IceState } from './change/events.js';
import { layFloes, makeFloes, type FloeLayout } from './change/floes.js';
import { changeMap } from './change/truth.js';
import { DataSynthError, requireInteger, requireSeed } from './errors.js';
import { bilinear, quantile, smoothstep } from './fields.js';
import { fractalNoise } from './noise.js';
import { createRng, type Rng } from './rng.js';
import { takePicture, type CameraTruth } from './scene/camera.js';
import { openWater } from './scene/open-water.js';
import type { Surface } from './scene/surface.js';
import { thickIceRelief } from './scene/thick-ice.js';
import { thinIce } from './scene/thin-ice.js';

/** What pair to draw. */
export interface ChangePairOptions {
  /** Seed of the pair, a whole number from 0. */
  readonly seed: number;
  /** Width and height in pixels, 64..2048. @default 256 */
  readonly size?: number;
  /** What happens between the dates; an empty list means nothing does. @default drawn from the seed */
  readonly kinds?: readonly ChangeKind[];
}

/** What differs between the pictures though the ice is the same. */
export interface ChangePairTruth {
  /** Shift of the second picture against the first in pixels, columns and rows, at most 1.5 in all. */
  readonly misregistrationPx: readonly [number, number];
  readonly cameraBefore: CameraTruth;
  readonly cameraAfter: CameraTruth;
}

/** Two pictures of one place on two dates, and what changed. */
export interface ChangePair {
  readonly width: number;
  readonly height: number;
  /** RGB, uint8 [H,W,3]. */
  readonly before: Uint8Array;
  /** RGB, uint8 [H,W,3]. */
  readonly after: Uint8Array;
  /** 1 where the class of the surface changed, else 0, uint8 [H,W]. */
  readonly change: Uint8Array;
  /** Class of each pixel on each date: 0 open water, 1 thin ice, 2 thick ice, uint8 [H,W]. */
  readonly classBefore: Uint8Array;
  readonly classAfter: Uint8Array;
  /** Share of changed pixels, 0..1. */
  readonly changedFraction: number;
  /** What happened; empty where nothing did. */
  readonly kinds: readonly ChangeKind[];
  readonly truth: ChangePairTruth;
}

/** Share of pairs in which nothing happens. */
const QUIET_SHARE = 0.08;
/** Changed fraction aimed at. */
const LEAST_CHANGED = 0.05;
const MOST_CHANGED = 0.3;

/**
 * Generates two pictures of sea ice with what changed between them.
 *
 * Floes drift and turn, leads open and close, ice melts and water freezes over. Light, tint, haze,
 * clouds, waves, noise, wetness of the snow and a shift of up to 1.5 pixels differ as well, and are
 * no change. One pixel is about 10 m.
 *
 * @throws DataSynthError for an impossible option.
 *
 * @example
 * ```ts
 * const pair = generateChangePair({ seed: 3, size: 64, kinds: ['drift'] });
 * pair.change.length; // 64 × 64
 * ```
 */
export function generateChangePair(options: ChangePairOptions): ChangePair {
  const { seed, size = 256 } = options;
  requireSeed('seed', seed);
  requireInteger('size', size, 64, 2048);
  for (const kind of options.kinds ?? []) {
    if (CHANGE_KINDS.includes(kind)) continue;
    throw new DataSynthError(
      'invalid-option',
      `kinds: expected some of ${CHANGE_KINDS.join(', ')}. Received: ${String(kind)}.`,
    );
  }
  const rng = createRng(seed).fork('change pair');
  const kinds = options.kinds ?? drawKinds(rng.fork('kinds'));
  const field = makeFloes(rng.fork('floes'), size);
  const afloat = rng.uniform(0.4, 0.97);
  const present = rng.fork('present');
  const origin: IceState = {
    poses: field.floes
      .filter(() => present.chance(afloat))
      .map((floe) => ({ floe, dx: 0, dy: 0, turn: 0, melted: 0 })),
    freezing: new Float32Array(size * size),
  };
  const background = fractalNoise(rng.fork('background'), size, size, {
    scale: size * 0.5,
    octaves: 4,
    gain: 0.4,
  });
  const level = quantile(background, 1 - rng.uniform(0, 0.55));
  const see = (state: IceState): Seen => {
    const floes = layFloes(field, state.poses, size);
    const classMap = new Uint8Array(size * size);
    for (let i = 0; i < classMap.length; i++) {
      const frozen = (background[i] ?? 0) + (state.freezing[i] ?? 0) > level;
      classMap[i] = floes.id[i] !== -1 ? 2 : frozen ? 1 : 0;
    }
    return { floes, classMap };
  };

  const first = see(origin);
  const second = applyEvents(rng, kinds, origin, first, see, size);
  // Run backwards, an opening is a closing.
  const [before, after] = kinds.includes('closing') ? [second, first] : [first, second];
  const change = changeMap(before.classMap, after.classMap, size, size);

  const materials = drawMaterials(rng.fork('materials'), size, field.extent);
  const offset = rng.uniform(0, 1.5);
  const direction = rng.uniform(0, 2 * Math.PI);
  const shift = [offset * Math.cos(direction), offset * Math.sin(direction)] as const;
  const one = picture(rng.fork('first date'), before, materials, size, [0, 0]);
  const two = picture(rng.fork('second date'), after, materials, size, shift);
  let changed = 0;
  for (const value of change) changed += value;
  return {
    width: size,
    height: size,
    before: one.image,
    after: two.image,
    change,
    classBefore: before.classMap,
    classAfter: after.classMap,
    changedFraction: changed / change.length,
    kinds,
    truth: { misregistrationPx: shift, cameraBefore: one.truth, cameraAfter: two.truth },
  };
}

/** One date as it lies there. */
interface Seen {
  readonly floes: FloeLayout;
  readonly classMap: Uint8Array;
}

function drawKinds(rng: Rng): ChangeKind[] {
  if (rng.chance(QUIET_SHARE)) return [];
  const motion: readonly ChangeKind[] = ['drift', 'opening', 'closing'];
  const kinds: ChangeKind[] = [];
  if (rng.chance(0.8)) kinds.push(motion[rng.int(3)] ?? 'drift');
  if (rng.chance(0.35)) kinds.push('melt');
  if (rng.chance(0.35) || kinds.length === 0) kinds.push('refreeze');
  return kinds;
}

/** Lets the events happen, harder or softer until the changed fraction is in range. */
function applyEvents(
  rng: Rng,
  kinds: readonly ChangeKind[],
  origin: IceState,
  first: Seen,
  see: (state: IceState) => Seen,
  size: number,
): Seen {
  if (kinds.length === 0) return first;
  const events = kinds.map((kind) => makeEvent(rng.fork(kind), kind, size));
  let strength = 1;
  let seen = first;
  for (let attempt = 0; attempt < 7; attempt++) {
    seen = see(events.reduce((state, event) => event(state, strength), origin));
    let changed = 0;
    for (let i = 0; i < first.classMap.length; i++) {
      if (first.classMap[i] !== seen.classMap[i]) changed++;
    }
    const share = changed / first.classMap.length;
    if (share > MOST_CHANGED) strength *= 0.65;
    else if (share < LEAST_CHANGED) strength *= 1.5;
    else break;
  }
  return seen;
}

/** What the ice is made of on both dates. */
interface Materials {
  readonly relief: Surface;
  readonly thin: Surface;
  /** Brightness of each floe, by a hash of its number. */
  readonly shade: Float32Array;
  readonly extent: number;
  readonly sun: number;
}

function drawMaterials(rng: Rng, size: number, extent: number): Materials {
  const sun = rng.uniform(0, 2 * Math.PI);
  return {
    relief: thickIceRelief(
      rng.fork('relief'),
      extent,
      extent,
      sun,
      rng.chance(0.25) ? 'ponded' : 'floes',
    ),
    thin: thinIce(rng.fork('thin'), size, size),
    shade: Float32Array.from({ length: 256 }, () => rng.uniform(-0.08, 0.05)),
    extent,
    sun,
  };
}

/** Takes the picture of one date: the same ice under other waves, other snow wetness, other light. */
function picture(
  rng: Rng,
  { floes, classMap }: Seen,
  materials: Materials,
  size: number,
  [shiftX, shiftY]: readonly [number, number],
): { image: Uint8Array; truth: CameraTruth } {
  const { relief, thin, shade, extent } = materials;
  const { luminance, wetness } = openWater(rng.fork('water'), size, size, materials.sun);
  const soaked = Float32Array.from({ length: 256 }, () => rng.uniform(-0.07, 0.03));
  const thinLift = rng.uniform(-0.05, 0.05);
  const snowLift = rng.uniform(-0.08, 0.04);
  // Snow soaks in patches, water shines in patches: other brightness, same class.
  const patches = fractalNoise(rng.fork('patches'), size, size, { scale: size * 0.4, octaves: 3 });
  const soak = rng.chance(0.6) ? rng.uniform(0.05, 0.25) : 0;
  const shine = rng.chance(0.6) ? rng.uniform(0.05, 0.16) : 0;
  for (let i = 0; i < classMap.length; i++) {
    const patch = patches[i] ?? 0;
    if (classMap[i] === 0) {
      luminance[i] = (luminance[i] ?? 0) + shine * smoothstep(0, 0.5, -patch);
    } else if (classMap[i] === 1) {
      luminance[i] = (thin.luminance[i] ?? 0) + thinLift;
      wetness[i] = thin.wetness[i] ?? 0;
    } else {
      const x = floes.fromX[i] ?? 0;
      const y = floes.fromY[i] ?? 0;
      const floe = (floes.id[i] ?? 0) & 255;
      luminance[i] =
        bilinear(relief.luminance, extent, extent, x, y) +
        (shade[floe] ?? 0) +
        (soaked[floe] ?? 0) +
        snowLift -
        soak * smoothstep(0, 0.5, patch);
      wetness[i] = relief.wetness[Math.round(y) * extent + Math.round(x)] ?? 0;
    }
  }
  return takePicture(
    rng.fork('camera'),
    {
      luminance: moved(luminance, size, shiftX, shiftY),
      wetness: moved(wetness, size, shiftX, shiftY),
    },
    {
      width: size,
      height: size,
      exposure: { mean: rng.uniform(0.36, 0.6), deviation: rng.uniform(0.1, 0.2) },
      cloudChance: 0.6,
    },
  );
}

function moved(field: Float32Array, size: number, byX: number, byY: number): Float32Array {
  if (byX === 0 && byY === 0) return field;
  const out = new Float32Array(field.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      out[row * size + column] = bilinear(field, size, size, column - byX, row - byY);
    }
  }
  return out;
}
