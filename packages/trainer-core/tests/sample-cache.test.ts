import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OptionsError } from '../src/index.js';
import { sampleCache } from '../src/worker.js';

/** A cache of samples of 1000 bytes, and which were loaded. */
function countingCache(limitMb: number) {
  const loaded: number[] = [];
  const cache = sampleCache({
    limitMb,
    load: (index) => {
      loaded.push(index);
      return { pixels: new Uint8Array(1000).fill(index) };
    },
    sizeOf: ({ pixels }) => pixels.length,
  });
  return { cache, loaded };
}

describe('sampleCache', () => {
  it('loads a sample once', async () => {
    const { cache, loaded } = countingCache(1);
    const [a, b] = await Promise.all([cache.get(3), cache.get(3)]);
    expect(a).toBe(b);
    expect(await cache.get(3)).toBe(a);
    expect(loaded).toEqual([3]);
    expect(cache).toMatchObject({ count: 1, bytes: 1000 });
  });

  it('keeps what came first, up to the limit', async () => {
    const { cache, loaded } = countingCache(0.003);
    for (let pass = 0; pass < 2; pass++) for (let i = 0; i < 5; i++) await cache.get(i);
    expect(cache).toMatchObject({ count: 3, bytes: 3000 });
    expect(loaded).toEqual([0, 1, 2, 3, 4, 3, 4]);
  });

  it('gives the same samples whatever the limit, and stays within it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(9), { maxLength: 30 }),
        fc.integer({ min: 1, max: 12_000 }),
        async (indices, limit) => {
          const { cache } = countingCache(limit / 1e6);
          const samples = await Promise.all(indices.map((i) => cache.get(i)));
          expect(samples.map(({ pixels }) => pixels[0])).toEqual(indices);
          expect(cache.bytes).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('tries again after a failure', async () => {
    let tries = 0;
    const cache = sampleCache({
      limitMb: 1,
      load: (index) => {
        if (++tries === 1) throw new Error('busy');
        return index;
      },
    });
    await expect(cache.get(1)).rejects.toThrow('busy');
    expect(await cache.get(1)).toBe(1);
  });

  it('forgets all, and what is under way then is not kept', async () => {
    const { cache, loaded } = countingCache(1);
    await cache.get(0);
    const underWay = cache.get(1);
    cache.clear();
    await underWay;
    expect(cache).toMatchObject({ count: 0, bytes: 0 });
    await Promise.all([cache.get(0), cache.get(1)]);
    expect(loaded).toEqual([0, 1, 0, 1]);
  });

  it('measures arrays, texts and records at any depth', async () => {
    const pixels = new Float32Array(100);
    const samples = [
      pixels,
      { pixels, again: pixels },
      [new Uint8Array(50), { label: 'ice', score: 1 }],
      new Map([['a', new ArrayBuffer(7)]]),
      null,
    ];
    const cache = sampleCache({ limitMb: 1, load: (i) => samples[i] });
    const bytes = [];
    for (let i = 0, before = 0; i < samples.length; i++, before = cache.bytes) {
      await cache.get(i);
      bytes.push(cache.bytes - before);
    }
    expect(bytes).toEqual([416, 432, 66 + 16 + 16 + 22 + 8, 39, 8]);
  });

  it('expects a limit', () => {
    expect(() => countingCache(0)).toThrow(OptionsError);
  });
});
