import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRasterError } from '../../src/errors.js';
import { openPicture } from '../../src/picture/open-picture.js';
import { failure, fixture, temporaryFolder } from '../helpers.js';
import { damage, digest, repeatable } from '../jp2/helpers.js';

const folder = temporaryFolder();
const expected: Readonly<
  Record<
    string,
    {
      readonly shape: readonly number[];
      readonly dtype: string;
      readonly bands: readonly string[];
      readonly valid: readonly number[];
      readonly crs: string | null;
      readonly transform: readonly number[] | null;
    }
  >
> = JSON.parse(readFileSync(fixture('picture/expected.json'), 'utf8'));

describe('openPicture', () => {
  it.each(Object.keys(expected))('reads %s to the last bit', async (name) => {
    const truth = expected[name];
    const file = await openPicture(fixture(`picture/${name}`));
    expect(file.format).toBe(name.endsWith('png') ? 'png' : 'jpeg');
    expect([file.crs, file.transform]).toEqual([truth?.crs, truth?.transform]);
    expect([file.variables.length, ...(file.variables[0]?.shape ?? [])]).toEqual(truth?.shape);
    for (const [i, variable] of file.variables.entries()) {
      expect(variable.dtype).toBe(truth?.dtype);
      const stored = await variable.readStored();
      expect(digest(stored)).toBe(truth?.bands[i]);
      const window = await variable.readStored({ start: [2, 3], count: [4, 5] });
      expect(window[6]).toBe(stored[3 * (variable.shape[1] ?? 0) + 4]);
      if (name === 'palette.png') continue; // one band there
      const { data } = await variable.read();
      expect(data.filter((value) => !Number.isNaN(value))).toHaveLength(truth?.valid[i] ?? -1);
    }
    await file.close();
  });

  it('says which band is which', async () => {
    const file = await openPicture(fixture('picture/rgba-16.png'));
    expect(file.variables.map(({ attributes }) => attributes['colour_interpretation'])).toEqual([
      'red',
      'green',
      'blue',
      'alpha',
    ]);
    await file.close();
  });

  it('refuses cut pictures, bombs and other kinds', async () => {
    for (const name of ['rgb-8.png', 'colour.jpg', 'grey.jpg', 'rgba-16.png']) {
      const bytes = readFileSync(fixture(`picture/${name}`));
      const path = join(folder, name);
      writeFileSync(path, bytes.subarray(0, bytes.length * 0.7));
      const file = await openPicture(path);
      expect(await failure(() => file.variables[0]?.readStored(), 'DamagedFile')).toContain(name);
      await file.close();
    }
    const bomb = readFileSync(fixture('picture/rgb-8.png'));
    bomb.writeUInt32BE(200_000, 16);
    bomb.writeUInt32BE(200_000, 20);
    writeFileSync(join(folder, 'bomb.png'), bomb);
    expect(await failure(() => openPicture(join(folder, 'bomb.png')), 'DamagedFile')).toContain(
      'unpacked',
    );
    await failure(() => openPicture(fixture('picture/cmyk.jpg')), 'UnsupportedFormat');
    await failure(() => openPicture(fixture('geotiff/rgb.tif')), 'UnsupportedFormat');
    await failure(() => openPicture(join(folder, 'none.png')), 'MissingFile');
    writeFileSync(join(folder, 'rgb-8.wld'), 'no numbers');
    expect(await failure(() => openPicture(join(folder, 'rgb-8.png')), 'DamagedFile')).toContain(
      'world file',
    );
  });

  it('ends damaged copies in a raster or a RasterError', async () => {
    const random = repeatable(5);
    for (const name of ['rgba-8.png', 'grey-4.png', 'colour.jpg', 'palette.png']) {
      const bytes = readFileSync(fixture(`picture/${name}`));
      const path = join(folder, `damaged-${name}`);
      for (let i = 0; i < 25; i++) {
        writeFileSync(path, damage(bytes, random));
        try {
          const file = await openPicture(path);
          try {
            for (const variable of file.variables) await variable.read();
          } finally {
            await file.close();
          }
        } catch (error) {
          expect(isRasterError(error), String(error)).toBe(true);
        }
      }
    }
  });
});
