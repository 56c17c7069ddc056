import { NnError } from './errors.js';

/** Where a generator stands in its stream: four 32-bit words, safe to write as JSON. */
export type RngState = readonly [number, number, number, number];

/** A seeded source of random numbers. */
export interface Rng {
  /** A number in [0, 1), with 32 bits. */
  next(): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** An own stream for `name`. It depends on seed and name only, not on what was drawn before. */
  fork(name: string): Rng;
  /** Where the stream stands; give it to {@link Rng.setState} to go on from here. */
  readonly state: RngState;
  setState(state: RngState): void;
}

/**
 * A generator of the xoshiro128** family, the same numbers on every machine.
 *
 * @param seed a whole number
 * @throws NnError (`config`) when `seed` is not a safe integer.
 * @see Blackman and Vigna, Scrambled linear pseudorandom number generators, 2021
 */
export function createRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed)) {
    throw new NnError('config', `Expected a whole number as seed. Received: ${seed}.`);
  }
  return streamOf(spread(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0));
}

function streamOf(key: RngState): Rng {
  let [a, b, c, d] = key;
  const next = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result / 2 ** 32;
  };
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => streamOf(forkKey(key, name)),
    get state(): RngState {
      return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
    },
    setState: (state) => {
      [a, b, c, d] = state;
    },
  };
}

function forkKey(key: RngState, name: string): RngState {
  let low = key[0] ^ key[2];
  let high = key[1] ^ key[3];
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    low = Math.imul(low ^ code, 0x9e3779b1);
    high = Math.imul(high ^ (low >>> 15) ^ code, 0x85ebca77);
    low ^= high >>> 13;
  }
  return spread(low >>> 0, high >>> 0);
}

/** Four well-mixed words from two, never all zero (splitmix32). */
function spread(low: number, high: number): RngState {
  let counter = (low ^ Math.imul(high, 0x27d4eb2f)) >>> 0;
  const word = (salt: number): number => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let z = counter ^ salt;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  return [word(0), word(high), word(low), word(0) | 1];
}
