import { clamp } from '../fields.js';
import type { Storm } from './storms.js';
import type { SeaWorld } from './world.js';

/** Ice drift of one day in cells per day, [H,W] each: `x` along columns, `y` along rows. */
export interface Drift {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Fastest drift, cells per day; keeps a day's step within reach of the interpolation. */
const TOP_SPEED = 2.5;

/** Works out the day's drift into `out` from mean current, slowly changing winds and storms. */
export function driftInto(
  out: Drift,
  stream: Float32Array,
  world: SeaWorld,
  winds: Float32Array,
  storms: readonly Storm[],
): void {
  const { height, width, gyre, openness } = world;
  for (let i = 0; i < stream.length; i++) stream[i] = (gyre[i] ?? 0) + (winds[i] ?? 0);
  for (const storm of storms) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const q = squaredReach(storm, column, row);
        if (q > 9) continue;
        const i = row * width + column;
        stream[i] = (stream[i] ?? 0) + storm.strength * storm.radius * Math.exp(-0.5 * q);
      }
    }
  }
  // Tapered to the coast, the stream function lets nothing flow through it.
  for (let i = 0; i < stream.length; i++) stream[i] = (stream[i] ?? 0) * (openness[i] ?? 0);
  for (let row = 0; row < height; row++) {
    const up = Math.max(row - 1, 0);
    const down = Math.min(row + 1, height - 1);
    for (let column = 0; column < width; column++) {
      const left = Math.max(column - 1, 0);
      const right = Math.min(column + 1, width - 1);
      const i = row * width + column;
      const dy = (stream[down * width + column] ?? 0) - (stream[up * width + column] ?? 0);
      const dx = (stream[row * width + right] ?? 0) - (stream[row * width + left] ?? 0);
      out.x[i] = clamp(dy / (down - up), -TOP_SPEED, TOP_SPEED);
      out.y[i] = clamp(-dx / (right - left), -TOP_SPEED, TOP_SPEED);
    }
  }
}

/** Carries `field` along the drift for one day into `out` (semi-Lagrangian, cubic, kept within 0..1). */
export function carryInto(
  out: Float32Array,
  field: Float32Array,
  drift: Drift,
  height: number,
  width: number,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const x = clamp(column - (drift.x[i] ?? 0), 0, width - 1);
      const y = clamp(row - (drift.y[i] ?? 0), 0, height - 1);
      const left = Math.floor(x);
      const top = Math.floor(y);
      const fx = x - left;
      const fy = y - top;
      let value = 0;
      for (let k = -1; k <= 2; k++) {
        const at = clamp(top + k, 0, height - 1) * width;
        const line = cubic(
          field[at + Math.max(left - 1, 0)] ?? 0,
          field[at + left] ?? 0,
          field[at + Math.min(left + 1, width - 1)] ?? 0,
          field[at + Math.min(left + 2, width - 1)] ?? 0,
          fx,
        );
        value += line * cubicWeight(k, fy);
      }
      out[i] = clamp(value, 0, 1);
    }
  }
}

/** Squared distance from the centre of a storm in units of its radius. */
export function squaredReach(storm: Storm, column: number, row: number): number {
  const dx = column - storm.x;
  const dy = row - storm.y;
  return (dx * dx + dy * dy) / (storm.radius * storm.radius);
}

/** Catmull–Rom interpolation between `b` and `c`. */
function cubic(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

function cubicWeight(k: number, t: number): number {
  if (k === -1) return 0.5 * t * (-1 + t * (2 - t));
  if (k === 0) return 1 + 0.5 * t * t * (3 * t - 5);
  if (k === 1) return 0.5 * t * (1 + t * (4 - 3 * t));
  return 0.5 * t * t * (t - 1);
}
