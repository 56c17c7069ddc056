import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRasterError } from '../../src/errors.js';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
import { failure, temporaryFolder } from '../helpers.js';
import { tiff } from './helpers.js';

const folder = temporaryFolder();

describe('bad files', () => {
  it('truncated: damaged, with sizes', async () => {
    expect(await failure(() => openGeoTiff(tiff('truncated.tif')), 'DamagedFile')).toMatch(
      /expected at least \d+ bytes\. Received: \d+/,
    );
  });
  it('no TIFF at all, and empty', async () => {
    const path = join(folder, 'text.tif');
    writeFileSync(path, 'not a picture, but long enough to have a header');
    expect(await failure(() => openGeoTiff(path), 'UnsupportedFormat')).toContain('6e6f7420');
    truncateSync(path, 0);
    expect(await failure(() => openGeoTiff(path), 'DamagedFile')).toContain('text.tif');
  });
  it('missing, or a folder', async () => {
    expect(await failure(() => openGeoTiff(join(folder, 'none.tif')), 'MissingFile')).toContain(
      'none.tif',
    );
    expect(await failure(() => openGeoTiff(folder), 'MissingFile')).toContain('a folder');
  });
  it('a chain of images that never ends', async () => {
    const bytes = readFileSync(tiff('rgb.tif'));
    const table = bytes.readUInt32LE(4);
    bytes.writeUInt32LE(table, table + 2 + 12 * bytes.readUInt16LE(table));
    const path = join(folder, 'cycle.tif');
    writeFileSync(path, bytes);
    expect(await failure(() => openGeoTiff(path), 'DamagedFile')).toContain('a chain of images');
  });
  it('a compression that is not read', async () => {
    const path = patched('uint8-nodata.tif', 259, 34_712);
    const file = await openGeoTiff(path);
    const message = await failure(() => file.variables[0]?.readStored(), 'UnsupportedFormat');
    await file.close();
    expect(message).toMatch(/Received: compression 34712.*gdal_translate/);
  });
  it('complex numbers', async () => {
    const path = patched('int16-little-none-1.tif', 339, 5);
    expect(await failure(() => openGeoTiff(path), 'UnsupportedFormat')).toContain('complex');
  });
  it('sizes that the bytes cannot fill', async () => {
    const wide = patched('uint8-nodata.tif', 256, 60_000);
    expect(await failure(() => openGeoTiff(wide), 'DamagedFile')).toMatch(/blocks of|strips/);
    const high = patched('rgb.tif', 257, 60_000);
    expect(await failure(() => openGeoTiff(high), 'DamagedFile')).toMatch(/blocks|strips/);
  });
});

describe('mutated copies end in a raster or a RasterError', () => {
  const kinds = [
    'rgb-tiled.tif',
    'float32-big-deflate-3.tif',
    'uint16-big-lzw-2.tif',
    'jpeg-ycbcr.tif',
    'jpeg-four.tif',
    'lerc-two.tif',
    'zstd-int.tif',
    'webp-alpha.tif',
    'mask.tif',
    'lonlat-bigtiff.tif',
    'crs-esri.tif',
    'metadata.tif',
  ];
  for (const name of kinds) {
    it(name, async () => {
      const whole = readFileSync(tiff(name));
      const next = generator(whole.length);
      for (let copy = 0; copy < 25; copy++) {
        const path = join(folder, `mutated-${name}`);
        writeFileSync(path, mutated(whole, copy, next));
        try {
          const file = await openGeoTiff(path);
          try {
            for (const band of file.variables) await band.read();
          } finally {
            await file.close();
          }
        } catch (error) {
          if (!isRasterError(error)) throw error;
        }
      }
    });
  }
});

/** Cut off, bits flipped, or an absurd number among the tags. */
function mutated(whole: Buffer, copy: number, next: () => number): Buffer {
  if (copy % 3 === 0) return whole.subarray(0, next() % whole.length);
  const bytes = Buffer.from(whole);
  if (copy % 3 === 1) {
    for (let i = 0; i < 4; i++) {
      const at = next() % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (next() % 8));
    }
  } else {
    const absurd = [0xffff_ffff, 0x7fff_ffff, 1 << 24, 0][next() % 4] ?? 0;
    bytes.writeUInt32LE(absurd, next() % Math.min(400, bytes.length - 4));
  }
  return bytes;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}

/** A copy with the first value of a SHORT tag of its first image changed. */
function patched(name: string, tag: number, value: number): string {
  const bytes = readFileSync(tiff(name));
  const table = bytes.readUInt32LE(4);
  for (let i = 0; i < bytes.readUInt16LE(table); i++) {
    const at = table + 2 + 12 * i;
    if (bytes.readUInt16LE(at) !== tag) continue;
    const inline = bytes.readUInt32LE(at + 4) <= 2;
    if (inline) {
      bytes.writeUInt16LE(value, at + 8);
      bytes.writeUInt16LE(value, at + 10);
    } else {
      const outside = bytes.readUInt32LE(at + 8);
      for (let n = 0; n < bytes.readUInt32LE(at + 4); n++) {
        bytes.writeUInt16LE(value, outside + 2 * n);
      }
    }
  }
  const path = join(folder, `${tag}-${name}`);
  writeFileSync(path, bytes);
  return path;
}
