import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImage, writePng, type Image } from '../src/index.js';
import { failure, fixture, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

function noise(width: number, height: number, channels: Image['channels']): Image {
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => (i * 97 + (i >> 3)) % 256,
  );
  return { data, width, height, channels };
}

describe('PNG', () => {
  for (const channels of [1, 3, 4] as const) {
    it(`with ${channels} channels comes back byte for byte`, async () => {
      const image = noise(17, 9, channels);
      const path = join(folder, `sub/${channels}.png`);
      await writePng(path, image);
      expect(await readImage(path)).toEqual(image);
    });
  }
  it('keeps the values of a label map', async () => {
    const image: Image = { data: Uint8Array.of(0, 1, 2, 255), width: 2, height: 2, channels: 1 };
    await writePng(join(folder, 'label.png'), image);
    expect(await readImage(join(folder, 'label.png'))).toEqual(image);
  });
  it('of grey and alpha becomes RGBA', async () => {
    const path = join(folder, 'grey-alpha.png');
    const rgba = Buffer.from([5, 5, 5, 255, 9, 9, 9, 40]);
    const png = sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } })
      .toColourspace('b-w')
      .png();
    writeFileSync(path, await png.toBuffer());
    expect(await readImage(path)).toMatchObject({ channels: 4, data: Uint8Array.from(rgba) });
  });
});

describe('JPEG and GeoTIFF', () => {
  it('JPEG is read, close to the original', async () => {
    const path = join(folder, 'grey.jpg');
    const data = new Uint8Array(16 * 16 * 3).fill(120);
    const jpeg = sharp(data, { raw: { width: 16, height: 16, channels: 3 } }).jpeg({ quality: 95 });
    writeFileSync(path, await jpeg.toBuffer());
    const image = await readImage(path);
    expect(image).toMatchObject({ width: 16, height: 16, channels: 3 });
    expect(image.data.every((value) => Math.abs(value - 120) <= 2)).toBe(true);
  });
  it('GeoTIFF with missing pixels gives RGBA', async () => {
    const image = await readImage(fixture('geotiff/rgba.tif'));
    expect(image).toMatchObject({ width: 5, height: 7, channels: 4 });
    expect(image.data[(6 * 5 + 4) * 4 + 3]).toBe(0);
    expect(image.data[3]).toBe(255);
  });
  it('wide GeoTIFF is no image', async () => {
    const message = await failure(
      () => readImage(fixture('geotiff/uint16-little-deflate-2.tif')),
      'UnsupportedFormat',
    );
    expect(message).toContain('readRaster');
  });
});

describe('bad images', () => {
  it('truncated', async () => {
    const whole = join(folder, 'whole.png');
    await writePng(whole, noise(64, 64, 3));
    const cut = join(folder, 'cut.png');
    const bytes = readFileSync(whole);
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    expect(await failure(() => readImage(cut), 'DamagedFile')).toContain('cut.png');
  });
  it('empty, another format, missing', async () => {
    const path = join(folder, 'x.png');
    writeFileSync(path, '');
    expect(await failure(() => readImage(path), 'DamagedFile')).toContain('an empty file');
    writeFileSync(path, 'GIF89a');
    expect(await failure(() => readImage(path), 'UnsupportedFormat')).toContain('47494638');
    expect(await failure(() => readImage(join(folder, 'y.png')), 'MissingFile')).toContain('y.png');
  });
  it('of the wrong size are not written', async () => {
    const image: Image = { data: new Uint8Array(5), width: 2, height: 2, channels: 1 };
    expect(await failure(() => writePng(join(folder, 'z.png'), image), 'WrongShape')).toContain(
      'Received: 5',
    );
  });
});
