/** Numbers 0..1 from a seed; the same seed gives the same numbers. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sizes that no file means. */
const ABSURD = [0xffffffff, 0x7fffffff, 0x80000000, 0x10000000, 0x00ffffff, 0];

/** Bytes at the start of a file that hold most of its structure. */
const HEADER = 4096;

/**
 * A damaged copy: cut short, bits turned, bytes overwritten, 32-bit words replaced by absurd sizes,
 * or blocks copied over others; half of the hits fall on the first 4 kB.
 */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  if (random() < 0.2) return bytes.slice(0, below(bytes.length));
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const place = (size: number) =>
    below(Math.max(1, (random() < 0.5 ? Math.min(HEADER, out.length) : out.length) - size));
  const hits = 1 + below(8);
  for (let hit = 0; hit < hits && out.length > 8; hit++) {
    switch (below(4)) {
      case 0: {
        const at = place(1);
        out[at] = (out[at] ?? 0) ^ (1 << below(8));
        break;
      }
      case 1:
        out[place(1)] = random() < 0.5 ? 0 : 255;
        break;
      case 2:
        view.setUint32(place(4), ABSURD[below(ABSURD.length)] ?? 0, random() < 0.5);
        break;
      default: {
        const size = Math.min(1 + below(256), out.length >> 1);
        const from = below(out.length - size);
        out.copyWithin(place(size), from, from + size);
      }
    }
  }
  return out;
}
