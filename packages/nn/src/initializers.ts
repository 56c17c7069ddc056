import { sizeOf } from './named-array.js';
import type { Rng } from './rng.js';

/** First values of a parameter; `shape` is the shape on file: [out, in, kh, kw], [out, in] or [n]. */
export type Initializer = (shape: readonly number[], rng: Rng) => Float32Array;

/** All zero. */
export const zeros: Initializer = (shape) => new Float32Array(sizeOf(shape));

/** All one. */
export const ones: Initializer = (shape) => new Float32Array(sizeOf(shape)).fill(1);

/** All `value`. */
export function constant(value: number): Initializer {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** Uniform in [−bound, bound). */
export function uniform(bound: number): Initializer {
  return (shape, rng) =>
    Float32Array.from({ length: sizeOf(shape) }, () => (2 * rng.next() - 1) * bound);
}

/** Normal with mean 0. */
export function normal(standardDeviation: number): Initializer {
  return (shape, rng) =>
    Float32Array.from({ length: sizeOf(shape) }, () => rng.normal() * standardDeviation);
}

/**
 * Normal with variance 2 / fan-out: what torchvision's ResNets start from.
 *
 * @see He et al., Delving deep into rectifiers, 2015
 */
export const kaimingNormalFanOut: Initializer = (shape, rng) =>
  normal(Math.sqrt(2 / fans(shape).fanOut))(shape, rng);

/** Normal with variance 2 / fan-in. */
export const kaimingNormalFanIn: Initializer = (shape, rng) =>
  normal(Math.sqrt(2 / fans(shape).fanIn))(shape, rng);

/** Uniform with bound 1 / √fan-in: torch's default for convolutions and linear layers. */
export const kaimingUniform: Initializer = (shape, rng) =>
  uniform(1 / Math.sqrt(fans(shape).fanIn))(shape, rng);

/**
 * Uniform with bound √(6 / (fan-in + fan-out)).
 *
 * @see Glorot and Bengio, Understanding the difficulty of training deep feedforward networks, 2010
 */
export const xavierUniform: Initializer = (shape, rng) => {
  const { fanIn, fanOut } = fans(shape);
  return uniform(Math.sqrt(6 / (fanIn + fanOut)))(shape, rng);
};

/** Values that feed one output, and outputs that one value feeds, counted as torch counts them. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const field = sizeOf(shape.slice(2));
  const fanOut = (shape[0] ?? 1) * field;
  return { fanIn: (shape[1] ?? shape[0] ?? 1) * field, fanOut };
}
