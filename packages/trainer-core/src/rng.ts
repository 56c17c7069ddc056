/** The four 32-bit words that a generator will continue from. */
export type RngState = readonly [number, number, number, number];

/** A seeded stream of random numbers that can be forked by name, saved and restored. */
export interface Rng {
  /** The next number, uniform in [0, 1). */
  next(): number;
  /** The next number from the standard normal distribution. */
  normal(): number;
  /**
   * An independent stream for `name`. It depends on the seed and the names on the way to it, not
   * on how many numbers were drawn before, so code that draws more does not disturb its neighbours.
   */
  fork(name: string): Rng;
  /** What the stream began with: `rngOf(key)` begins the same stream, in a worker thread for example. */
  readonly key: string;
  /** Where the stream stands. */
  readonly state: RngState;
  /** Continues from a saved state. */
  setState(state: RngState): void;
}

/**
 * A seeded generator (sfc32).
 *
 * @param seed Any finite number; the same seed gives the same stream on every machine.
 * @example
 * const rng = createRng(7).fork('augment');
 * const flip = rng.next() < 0.5;
 */
export function createRng(seed: number): Rng {
  return rngOf(String(seed));
}

/**
 * The stream that another one's `key` names, from its beginning.
 *
 * @example
 * const { key } = createRng(7).fork('augment');
 * rngOf(key).next(); // what createRng(7).fork('augment').next() gives
 */
export function rngOf(key: string): Rng {
  let [a, b, c, d] = hashWords(key);
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  // The first outputs of sfc32 still resemble the seed words.
  for (let i = 0; i < 12; i++) next();
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    // A length before the name: fork('a').fork('b') must differ from fork('a/b').
    fork: (name) => rngOf(`${key}/${name.length}:${name}`),
    key,
    get state(): RngState {
      return [a, b, c, d];
    },
    setState: (state) => {
      [a, b, c, d] = state;
    },
  };
}

/** 128 bits that depend on every character of `text` (the cyrb128 mixing function). */
function hashWords(text: string): [number, number, number, number] {
  let h1 = 1779033703;
  let h2 = 3144134277;
  let h3 = 1013904242;
  let h4 = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  h1 ^= h2 ^ h3 ^ h4;
  return [h1 | 0, (h2 ^ h1) | 0, (h3 ^ h1) | 0, (h4 ^ h1) | 0];
}
