import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Element } from '../../src/hdf4/element.js';
import { InflateCursor } from '../../src/hdf4/inflate-cursor.js';
import { failure } from '../helpers.js';

const plain = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) >> 7);
const packed = deflateSync(plain);

function element(bytes: Uint8Array): Element {
  return {
    size: bytes.length,
    read: async (at, length) => Uint8Array.from(bytes.subarray(at, at + length)),
  };
}

describe('InflateCursor', () => {
  it('reads ranges forwards, backwards and at once', async () => {
    const cursor = new InflateCursor('x.hdf', element(packed));
    const ranges = [
      [0, 10],
      [10, 100_000],
      [2_000_000, 5],
      [1_000_000, 700_000],
      [2_999_999, 1],
    ] as const;
    for (const [at, length] of ranges) {
      const bytes = await cursor.read(at, length);
      expect(Buffer.compare(bytes, plain.subarray(at, at + length))).toBe(0);
    }
    const all = await Promise.all(ranges.map(([at, length]) => cursor.read(at, length)));
    all.forEach((bytes, i) => expect(bytes.length).toBe(ranges[i]?.[1]));
  });
  it('ends in a typed error where the stream is damaged or ends early', async () => {
    const damaged = Uint8Array.from(packed);
    damaged.fill(0xff, 1000, 2000);
    await failure(
      () => new InflateCursor('x.hdf', element(damaged)).read(0, plain.length),
      'DamagedFile',
    );
    const short = element(packed.subarray(0, 5000));
    await failure(() => new InflateCursor('x.hdf', short).read(0, plain.length), 'DamagedFile');
    const cursor = new InflateCursor('x.hdf', element(packed));
    await failure(() => cursor.read(plain.length - 1, 2), 'DamagedFile');
    expect(await cursor.read(0, 3)).toEqual(plain.slice(0, 3));
  });
});
