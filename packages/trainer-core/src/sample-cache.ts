import { check, positive } from './check.js';

/** What to keep and how much of it. */
export interface SampleCacheOptions<T> {
  /** Most memory that kept samples take, in MB of 10⁶ bytes. */
  readonly limitMb: number;
  /** Reads and decodes a sample. */
  load(index: number): T | Promise<T>;
  /** Bytes of a sample. @default those of its arrays, texts and numbers, at any depth */
  sizeOf?(sample: T): number;
}

/** Decoded samples in memory. */
export interface SampleCache<T> {
  /** The sample, loaded if it is not kept. Whoever gets it must not change it. */
  get(index: number): Promise<T>;
  /** Samples kept. */
  readonly count: number;
  /** Bytes that they take. */
  readonly bytes: number;
  /** Forgets all. */
  clear(): void;
}

/**
 * Keeps decoded samples up to a limit. What came first stays: an epoch sees every sample once, so the
 * sample used longest ago, which other caches throw away, is as likely to be wanted next as any, and
 * a limit of a third of the data saves a third of the loading.
 *
 * @throws OptionsError when the limit is no number above 0.
 * @example
 * const cache = sampleCache({ limitMb: 500, load: (i) => decode(files[i]) });
 * const sample = await cache.get(3);
 */
export function sampleCache<T>({
  limitMb,
  load,
  sizeOf = bytesOf,
}: SampleCacheOptions<T>): SampleCache<T> {
  check('limitMb', limitMb, positive);
  const limit = limitMb * 1e6;
  let kept = new Map<number, T>();
  let loading = new Map<number, Promise<T>>();
  let bytes = 0;

  const loadAndKeep = async (index: number): Promise<T> => {
    const then = kept;
    const sample = await load(index);
    const size = sizeOf(sample);
    // Not if all was forgotten meanwhile.
    if (kept === then && bytes + size <= limit) {
      kept.set(index, sample);
      bytes += size;
    }
    return sample;
  };
  return {
    async get(index) {
      const known = kept.get(index) ?? loading.get(index);
      if (known !== undefined) return known;
      const then = loading;
      const sample = loadAndKeep(index).finally(() => then.delete(index));
      loading.set(index, sample);
      return sample;
    },
    get count() {
      return kept.size;
    },
    get bytes() {
      return bytes;
    },
    clear() {
      kept = new Map();
      loading = new Map();
      bytes = 0;
    },
  };
}

/** What an object costs beside its values, roughly. */
const OBJECT_BYTES = 16;

/** Bytes of the arrays, texts and numbers in a value, each object counted once. */
function bytesOf(value: unknown, seen = new Set<object>()): number {
  if (typeof value === 'string') return OBJECT_BYTES + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (seen.has(value)) return 0;
  seen.add(value);
  if (
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof SharedArrayBuffer
  )
    return OBJECT_BYTES + value.byteLength;
  const parts: unknown[] = value instanceof Map ? [...value.values()] : Object.values(value);
  return parts.reduce<number>((sum, part) => sum + bytesOf(part, seen), OBJECT_BYTES);
}
