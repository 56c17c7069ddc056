import { voronoiCells } from '../cells.js';
import { fractalNoise } from '../noise.js';
import type { Rng } from '../rng.js';

/** Ground round the picture on which floes are laid out too, so that they can drift in and out. */
export const MARGIN = 48;

/** A floe in its place of origin, in pixels of the wide ground. */
export interface Floe {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Greatest distance from its edge to its inside. */
  readonly depth: number;
}

/** Floes as they lie before anything moves, on a square ground of `extent` pixels. */
interface FloeField {
  readonly extent: number;
  /** Number of the floe, int32 [extent,extent]. */
  readonly id: Int32Array;
  /** Distance inwards from the edge of the floe, negative in the gaps, float32 [extent,extent]. */
  readonly inside: Float32Array;
  readonly floes: readonly Floe[];
}

/** Where a floe is on one date. */
export interface FloePose {
  readonly floe: Floe;
  /** Shift from its place of origin, pixels. */
  readonly dx: number;
  readonly dy: number;
  /** Turn about its middle, radians. */
  readonly turn: number;
  /** Pixels melted off its edge. */
  readonly melted: number;
}

/** Floes as the picture shows them on one date, all [size,size]. */
export interface FloeLayout {
  /** Number of the floe, −1 where there is none. */
  readonly id: Int32Array;
  /** Where on the wide ground the ice now seen came from. */
  readonly fromX: Float32Array;
  readonly fromY: Float32Array;
}

/** Returns irregular floes of mixed sizes with gaps between them. */
export function makeFloes(rng: Rng, size: number): FloeField {
  const extent = size + 2 * MARGIN;
  const bend = rng.uniform(4, 9);
  const warpOf = (name: string): Float32Array =>
    fractalNoise(rng.fork(name), extent, extent, { scale: 44, octaves: 3 }).map((v) => v * bend);
  const { id, border } = voronoiCells(rng.fork('cells'), extent, extent, {
    scale: rng.uniform(40, 76),
    jitter: 1,
    merge: 0.35,
    warp: { x: warpOf('warp x'), y: warpOf('warp y') },
  });
  const gap = rng.uniform(2, 5);
  for (let i = 0; i < border.length; i++) border[i] = (border[i] ?? 0) - gap;
  return { extent, id, inside: border, floes: listFloes(id, border, extent) };
}

/** Measures every floe that shows on the ground, in the order in which it is met. */
function listFloes(id: Int32Array, inside: Float32Array, extent: number): Floe[] {
  interface Draft {
    id: number;
    x: number;
    y: number;
    left: number;
    right: number;
    top: number;
    bottom: number;
    depth: number;
    count: number;
  }
  const found = new Map<number, Draft>();
  let floe: Draft | undefined;
  for (let y = 0; y < extent; y++) {
    for (let x = 0; x < extent; x++) {
      const i = y * extent + x;
      const distance = inside[i] ?? 0;
      if (distance <= 0) continue;
      const name = id[i] ?? 0;
      if (floe?.id !== name) {
        floe = found.get(name);
        if (floe === undefined) {
          floe = { id: name, x: 0, y: 0, left: x, right: x, top: y, bottom: y, depth: 0, count: 0 };
          found.set(name, floe);
        }
      }
      floe.x += x;
      floe.y += y;
      if (x < floe.left) floe.left = x;
      if (x > floe.right) floe.right = x;
      floe.bottom = y;
      if (distance > floe.depth) floe.depth = distance;
      floe.count++;
    }
  }
  return [...found.values()].map(({ count, ...rest }) => ({
    ...rest,
    x: rest.x / count,
    y: rest.y / count,
  }));
}

/** Returns which floe covers each pixel of the picture; where two meet, the one farther inside wins. */
export function layFloes(field: FloeField, poses: readonly FloePose[], size: number): FloeLayout {
  const id = new Int32Array(size * size).fill(-1);
  const fromX = new Float32Array(size * size);
  const fromY = new Float32Array(size * size);
  const deepest = new Float32Array(size * size);
  for (const { floe, dx, dy, turn, melted } of poses) {
    if (melted >= floe.depth) continue;
    const cos = Math.cos(turn);
    const sin = Math.sin(turn);
    const swing = Math.abs(turn) * Math.max(floe.right - floe.left, floe.bottom - floe.top);
    const reach = Math.ceil(turn === 0 ? 1 : 0.75 * swing + 2);
    const offX = dx - MARGIN;
    const offY = dy - MARGIN;
    const top = Math.max(0, Math.floor(floe.top + offY) - reach);
    const bottom = Math.min(size - 1, Math.ceil(floe.bottom + offY) + reach);
    const left = Math.max(0, Math.floor(floe.left + offX) - reach);
    const right = Math.min(size - 1, Math.ceil(floe.right + offX) + reach);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const u = column - offX - floe.x;
        const v = row - offY - floe.y;
        const x = floe.x + cos * u + sin * v;
        const y = floe.y - sin * u + cos * v;
        const nearX = Math.round(x);
        const nearY = Math.round(y);
        if (nearX < 0 || nearY < 0 || nearX >= field.extent || nearY >= field.extent) continue;
        const source = nearY * field.extent + nearX;
        if (field.id[source] !== floe.id) continue;
        const distance = (field.inside[source] ?? 0) - melted;
        const i = row * size + column;
        if (distance <= (deepest[i] ?? 0)) continue;
        deepest[i] = distance;
        id[i] = floe.id;
        fromX[i] = x;
        fromY[i] = y;
      }
    }
  }
  return { id, fromX, fromY };
}
