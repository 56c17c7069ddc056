import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StoredArray } from '../../src/raster-file.js';
import { fixture } from '../helpers.js';

/** What rasterio reads from a fixture: SHA-256 of the little-endian bytes of each band. */
export interface ExpectedJp2 {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly crs: string | null;
  readonly transform: readonly number[];
  readonly bands: readonly string[];
  readonly corner: readonly number[];
  readonly masks: readonly string[];
  readonly overviews: readonly {
    readonly shape: readonly number[];
    readonly bands: readonly string[];
  }[];
}

export function expectedJp2(): Readonly<Record<string, ExpectedJp2>> {
  return JSON.parse(readFileSync(fixture('jp2/expected.json'), 'utf8'));
}

export function digest(values: StoredArray): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

/** A generator of numbers in [0, 1) that gives the same ones every time. */
export function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A damaged copy: cut off, bits turned over, or numbers made absurd. */
export function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const kind = random();
  const at = () => Math.floor(random() * copy.length);
  if (kind < 0.3) return copy.subarray(0, at());
  for (let i = 0; i < 4; i++) {
    const place = at();
    if (kind < 0.7) copy[place] = (copy[place] ?? 0) ^ (1 << Math.floor(random() * 8));
    else copy.fill(random() < 0.5 ? 255 : 0, place, place + 4);
  }
  return copy;
}
