/**
 * How concentration lies in a store: bytes of 1/250 where that loses nothing (passive-microwave
 * products are quantised so), float32 elsewhere. CF attributes say it to other readers.
 */
export const STEPS_PER_UNIT = 250;

/** The byte that stands for missing. */
export const MISSING_BYTE = 255;

/** Steps of time per chunk. */
export const CHUNK_STEPS = 32;

/** float32 value of each byte, NaN above 250. */
export function byteValues(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, k) =>
    k <= STEPS_PER_UNIT ? k / STEPS_PER_UNIT : NaN,
  );
}

/** Whether every value is NaN or exactly the float32 nearest to k/250. */
export function isQuantised(sic: Float32Array): boolean {
  const values = byteValues();
  for (let i = 0; i < sic.length; i++) {
    const value = sic[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (values[Math.round(value * STEPS_PER_UNIT)] !== value) return false;
  }
  return true;
}

/** The bytes of a chunk, missing where `sic` ends before `length`. */
export function toBytes(sic: Float32Array, length: number): Uint8Array {
  const out = new Uint8Array(length).fill(MISSING_BYTE);
  for (let i = 0; i < sic.length; i++) {
    const value = sic[i] ?? NaN;
    if (!Number.isNaN(value)) out[i] = Math.round(value * STEPS_PER_UNIT);
  }
  return out;
}
