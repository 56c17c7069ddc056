/** A seeded stream of random numbers. */
export interface Rng {
  /** The next 32 random bits as an unsigned integer. */
  bits(): number;
  /** A number in [0, 1). */
  next(): number;
  /** A number in [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number in [0, bound). */
  int(bound: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** A standard normal number. */
  normal(): number;
  /** An independent stream that depends on the seed and the name only, not on draws made so far. */
  fork(name: string): Rng;
}

/**
 * Creates the generator of a seed (sfc32, 128 bits of state).
 *
 * Forks are named so that a new draw in one place never changes what another place gets.
 */
export function createRng(seed: number): Rng {
  return rngOf(Math.trunc(seed) >>> 0, Math.floor(seed / 4294967296) >>> 0);
}

/** A whole number in [0, 2^32) that depends on `seed` and `index` only: the seed of one sample. */
export function sampleSeed(seed: number, name: string, index: number): number {
  return createRng(seed).fork(`${name}/${index}`).bits();
}

function rngOf(low: number, high: number): Rng {
  let a = low ^ 0x9e3779b9;
  let b = high ^ 0x243f6a88;
  let c = 0xb7e15162 ^ Math.imul(low, 0x85ebca6b);
  let counter = 1;

  const bits = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) bits();

  const next = (): number => bits() / 4294967296;
  return {
    bits,
    next,
    uniform: (from, to) => from + (to - from) * next(),
    int: (bound) => Math.floor(next() * bound),
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => rngOf(hash(name, low), hash(name, high ^ 0x5bd1e995)),
  };
}

/** 32-bit FNV-1a of the name, started from `seed` and stirred so that near seeds part. */
function hash(name: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
