import type { Rng } from './rng.js';

const TABLE_BITS = 6;
const TABLE_SIZE = 1 << TABLE_BITS;
const TABLE_MASK = TABLE_SIZE - 1;
const WRAP = TABLE_SIZE * TABLE_SIZE - 1;

/** One octave of gradient noise. */
interface Octave {
  /** From {@link gradientTable}. */
  readonly gradients: Float32Array;
  /** Where in the lattice the top left pixel lies. */
  readonly xStart: number;
  readonly yStart: number;
  readonly amplitude: number;
  /** Folded so that zero crossings become crests of height 1. */
  readonly ridged: boolean;
}

/** Lattice steps per pixel. */
interface LatticeSteps {
  readonly xByColumn: number;
  readonly xByRow: number;
  readonly yByColumn: number;
  readonly yByRow: number;
}

/** Returns unit gradients of a 64 × 64 lattice that repeats: x and y interleaved. */
export function gradientTable(rng: Rng): Float32Array {
  const table = new Float32Array(TABLE_SIZE * TABLE_SIZE * 2);
  for (let i = 0; i < table.length; i += 2) {
    // A point of the diamond brought to unit length is as good as an angle here and needs no sine.
    const bits = rng.bits();
    const x = (bits & 0xffff) / 32768 - 1;
    const y = (1 - Math.abs(x)) * (bits & 0x10000 ? 1 : -1);
    const norm = 1 / Math.sqrt(x * x + y * y);
    table[i] = x * norm;
    table[i + 1] = y * norm;
  }
  return table;
}

/** Adds an octave whose lattice is turned or stretched against the pixels, [H,W]. */
export function addTurnedOctave(
  out: Float32Array,
  width: number,
  height: number,
  octave: Octave,
  steps: LatticeSteps,
): void {
  const { gradients, amplitude, ridged } = octave;
  const { xByColumn, yByColumn } = steps;
  for (let row = 0; row < height; row++) {
    let x = octave.xStart + steps.xByRow * row;
    let y = octave.yStart + steps.yByRow * row;
    const end = (row + 1) * width;
    for (let i = row * width; i < end; i++) {
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      const fx = x - x0;
      const fy = y - y0;
      const left = x0 & TABLE_MASK;
      const right = (left + 1) & TABLE_MASK;
      const top = (y0 & TABLE_MASK) << TABLE_BITS;
      const bottom = (top + TABLE_SIZE) & WRAP;
      const a = (top + left) << 1;
      const b = (top + right) << 1;
      const c = (bottom + left) << 1;
      const d = (bottom + right) << 1;
      const na = (gradients[a] ?? 0) * fx + (gradients[a + 1] ?? 0) * fy;
      const nb = (gradients[b] ?? 0) * (fx - 1) + (gradients[b + 1] ?? 0) * fy;
      const nc = (gradients[c] ?? 0) * fx + (gradients[c + 1] ?? 0) * (fy - 1);
      const nd = (gradients[d] ?? 0) * (fx - 1) + (gradients[d + 1] ?? 0) * (fy - 1);
      const u = fade(fx);
      const upper = na + (nb - na) * u;
      const noise = upper + (nc + (nd - nc) * u - upper) * fade(fy);
      const value = ridged ? 1 - Math.abs(noise) * 1.8 : noise;
      out[i] = (out[i] ?? 0) + value * amplitude;
      x += xByColumn;
      y += yByColumn;
    }
  }
}

/**
 * Adds an octave whose lattice lies along the pixels, [H,W]; `frequency` in lattice steps per pixel.
 *
 * Same noise as {@link addTurnedOctave}, some four times faster: along a row the two gradients of a
 * lattice column blend into one straight line.
 */
export function addAlignedOctave(
  out: Float32Array,
  width: number,
  height: number,
  octave: Octave,
  frequency: number,
): void {
  const { gradients, amplitude, ridged } = octave;
  for (let row = 0; row < height; row++) {
    const y = octave.yStart + frequency * row;
    const y0 = Math.floor(y);
    const fy = y - y0;
    const v = fade(fy);
    const top = (y0 & TABLE_MASK) << TABLE_BITS;
    const bottom = (top + TABLE_SIZE) & WRAP;
    let cell = Number.NaN;
    let startLeft = 0;
    let riseLeft = 0;
    let startRight = 0;
    let riseRight = 0;
    for (let column = 0; column < width; column++) {
      const x = octave.xStart + frequency * column;
      const x0 = Math.floor(x);
      if (x0 !== cell) {
        cell = x0;
        const left = x0 & TABLE_MASK;
        const right = (left + 1) & TABLE_MASK;
        const a = (top + left) << 1;
        const b = (top + right) << 1;
        const c = (bottom + left) << 1;
        const d = (bottom + right) << 1;
        riseLeft = (gradients[a] ?? 0) * (1 - v) + (gradients[c] ?? 0) * v;
        startLeft = (gradients[a + 1] ?? 0) * fy * (1 - v) + (gradients[c + 1] ?? 0) * (fy - 1) * v;
        riseRight = (gradients[b] ?? 0) * (1 - v) + (gradients[d] ?? 0) * v;
        startRight =
          (gradients[b + 1] ?? 0) * fy * (1 - v) + (gradients[d + 1] ?? 0) * (fy - 1) * v;
      }
      const fx = x - x0;
      const l = startLeft + riseLeft * fx;
      const noise = l + (startRight + riseRight * (fx - 1) - l) * fade(fx);
      const value = ridged ? 1 - Math.abs(noise) * 1.8 : noise;
      const i = row * width + column;
      out[i] = (out[i] ?? 0) + value * amplitude;
    }
  }
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}
