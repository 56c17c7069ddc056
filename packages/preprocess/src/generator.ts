/** A stream of random numbers; `@arctic/nn`'s generator is one. */
export interface Generator {
  /** The next number, uniform in [0, 1). */
  next(): number;
}

/** A seeded generator (mulberry32): the same seed gives the same stream on every machine. */
export function createGenerator(seed: number): Generator {
  let state = seed >>> 0;
  return {
    next(): number {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}

/** A shuffled copy (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], generator: Generator): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(generator.next() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T]; // both inside the array
  }
  return out;
}
