import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packZstd } from '../../src/geotiff/zstd.js';
import { unfilter } from '../../src/netcdf/h5/filters.js';
import { failure } from '../helpers.js';

const DEFLATE = { id: 1, parameters: [4] };
const SHUFFLE = { id: 2, parameters: [4] };
const LZF = { id: 32000, parameters: [] };
const LZ4 = { id: 32004, parameters: [] };
const ZSTD = { id: 32015, parameters: [3] };

const target = (bytes: number) => ({ path: 'a.nc', bytes, elementSize: 4 });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('filters of HDF5', () => {
  it('are undone last first, but for those left out', async () => {
    const shuffled = Buffer.from('aeimbfjncgkodhlp');
    const plain = 'abcdefghijklmnop';
    const packed = deflateSync(shuffled);
    expect(text(await unfilter(packed, [SHUFFLE, DEFLATE], 0, target(16)))).toBe(plain);
    expect(text(await unfilter(shuffled, [SHUFFLE, DEFLATE], 0b10, target(16)))).toBe(plain);
    expect(text(await unfilter(packed, [SHUFFLE, DEFLATE], 0b01, target(16)))).toBe(text(shuffled));
  });

  it('unpack zstd, LZF and LZ4', async () => {
    const zstd = await packZstd(Buffer.from('ice ice ice'), 3);
    expect(text(await unfilter(zstd, [ZSTD], 0, target(11)))).toBe('ice ice ice');
    // Four literals, then seven bytes from four before.
    const lzf = Buffer.from([3, ...Buffer.from('ice '), (5 << 5) | 0, 3]);
    expect(text(await unfilter(lzf, [LZF], 0, target(11)))).toBe('ice ice ice');
    const block = [0x43, ...Buffer.from('ice '), 4, 0, 0x50, ...Buffer.from('water')];
    const head = [0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0, block.length];
    const lz4 = Buffer.from([...head, ...block]);
    expect(text(await unfilter(lz4, [LZ4], 0, target(16)))).toBe('ice ice ice' + 'water');
  });

  it('end in typed errors on damage, too much and unknown filters', async () => {
    const bomb = deflateSync(Buffer.alloc(1 << 20));
    for (const [bytes, filter] of [
      [bomb, DEFLATE],
      [Buffer.from('nothing'), DEFLATE],
      [Buffer.from([31]), LZF],
      [Buffer.from([0x20, 9]), LZF],
      [Buffer.from([1, 2]), LZ4],
      [Buffer.from('nothing'), ZSTD],
      [Buffer.from([1, 2]), { id: 3, parameters: [] }],
      [Buffer.from([1, 2]), { id: 4, parameters: [] }],
    ] as const) {
      await failure(() => unfilter(bytes, [filter], 0, target(16)), 'DamagedFile');
    }
    await failure(() => unfilter(Buffer.from('short'), [], 0, target(16)), 'DamagedFile');
    const message = await failure(
      () => unfilter(bomb, [{ id: 32013, parameters: [] }], 0, target(16)),
      'UnsupportedFormat',
    );
    expect(message).toContain('filter 32013');
  });
});
