import type { ClassifierData, SiameseData } from '@arctic/preprocess';

/** Images and their classes, as the model sees them. */
export type LabelledImages = Omit<ClassifierData, 'ids'>;

/** Image pairs and what changed between them. */
export type LabelledPairs = Omit<SiameseData, 'ids'>;

/** One of N arrays of equal length that lie end to end. */
export function item(data: Uint8Array, index: number, count: number): Uint8Array {
  const length = data.length / count;
  return data.subarray(index * length, (index + 1) * length);
}

/** Arrays end to end. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Positions 0…count−1 in runs of at most `size`. */
export function batches(count: number, size: number): number[][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, b) =>
    Array.from({ length: Math.min(size, count - b * size) }, (_, i) => b * size + i),
  );
}

/** Change maps as 0 and 1. @param mask uint8, above 0 where something changed. */
export function binary(mask: Uint8Array): Uint8Array {
  return mask.map((v) => (v > 0 ? 1 : 0));
}
