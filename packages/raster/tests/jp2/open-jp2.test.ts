import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRasterError } from '../../src/errors.js';
import { openJp2 } from '../../src/jp2/open-jp2.js';
import { failure, fixture, temporaryFolder } from '../helpers.js';
import { damage, digest, expectedJp2, repeatable } from './helpers.js';

const folder = temporaryFolder();
const expected = expectedJp2();

describe('openJp2', () => {
  it.each(Object.keys(expected))('reads %s as rasterio does', async (name) => {
    const truth = expected[name];
    const file = await openJp2(fixture(`jp2/${name}`));
    expect(file.format).toBe('jp2');
    expect(file.crs).toBe(truth?.crs ?? 'EPSG:32631');
    expect(file.variables.map((variable) => variable.name)).toEqual(
      truth?.bands.map((_, i) => `band${i + 1}`),
    );
    for (const [i, variable] of file.variables.entries()) {
      expect(variable.dtype).toBe(truth?.dtype);
      expect(variable.shape).toEqual(truth?.shape);
      expect(digest(await variable.readStored())).toBe(truth?.bands[i]);
      const { data } = await variable.read();
      const mask = Uint8Array.from(data, (value) => (Number.isNaN(value) ? 0 : 1));
      expect(digest(mask)).toBe(truth?.masks[i]);
      for (const [level, overview] of (truth?.overviews ?? []).entries()) {
        const smaller = variable.overviews[level];
        expect(smaller?.shape).toEqual(overview.shape);
        expect(smaller && digest(await smaller.readStored())).toBe(overview.bands[i]);
      }
    }
    await file.close();
  });

  it.each(Object.keys(expected).filter((name) => name !== 'rotated.jp2' && name !== 'raw.j2k'))(
    'places %s where rasterio does',
    async (name) => {
      const file = await openJp2(fixture(`jp2/${name}`));
      expected[name]?.transform.forEach((number, i) => {
        expect(file.transform?.[i]).toBeCloseTo(number, 9);
      });
      await file.close();
    },
  );

  it('places a bare codestream by its world file and .prj', async () => {
    const file = await openJp2(fixture('jp2/raw.j2k'));
    expect(file.crs).toBe('EPSG:32631');
    expect(file.transform).toEqual([499980, 10, 0, 8000040, 0, -10]);
    await file.close();
    const alone = join(folder, 'alone.j2k');
    copyFileSync(fixture('jp2/raw.j2k'), alone);
    const bare = await openJp2(alone);
    expect([bare.crs, bare.transform]).toEqual([null, null]);
    await bare.close();
  });

  it('gives an image that lies askew control points at its corners', async () => {
    const file = await openJp2(fixture('jp2/rotated.jp2'));
    const placement = file.variables[0]?.placement;
    expect(placement?.transform).toBeNull();
    expect(placement?.controlPoints).toContainEqual({ row: 20, column: 30, x: 500320, y: 7999830 });
    await file.close();
  });

  it('reads windows across tiles, of bands and overviews', async () => {
    const file = await openJp2(fixture('jp2/tiles-u16.jp2'));
    for (const variable of [file.variables[0], file.variables[0]?.overviews[0]]) {
      const whole = await variable?.readStored();
      const width = variable?.shape[1] ?? 0;
      const window = await variable?.readStored({ start: [20, 30], count: [60, 70] });
      expect(window).toHaveLength(60 * 70);
      for (const [y, x] of [
        [0, 0],
        [37, 50],
        [59, 69],
      ] as const) {
        expect(window?.[y * 70 + x]).toBe(whole?.[(20 + y) * width + 30 + x]);
      }
    }
    expect(file.variables[0]?.chunkShape).toEqual([56, 80]);
    expect(file.variables[0]?.overviews[0]?.placement?.transform?.[1]).toBe(20);
    expect(await file.variables[0]?.readStored({ start: [5, 5], count: [0, 3] })).toHaveLength(0);
    await failure(
      () => file.variables[0]?.readStored({ start: [0, 0], count: [171, 1] }),
      'WrongShape',
    );
    await file.close();
  });

  it('says which band is alpha, and lets it mask the others', async () => {
    const file = await openJp2(fixture('jp2/rgba.jp2'));
    expect(file.variables.map(({ attributes }) => attributes['colour_interpretation'])).toEqual([
      undefined,
      undefined,
      undefined,
      'alpha',
    ]);
    const alpha = await file.variables[3]?.readStored();
    const red = (await file.variables[0]?.read())?.data;
    expect(alpha?.includes(0)).toBe(true);
    expect(red?.every((value, i) => Number.isNaN(value) === (alpha?.[i] === 0))).toBe(true);
    await file.close();
  });

  it('reads the tiles that a cut file still has', async () => {
    const cut = join(folder, 'cut.jp2');
    const bytes = readFileSync(fixture('jp2/tiles-u16.jp2'));
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2));
    const file = await openJp2(cut);
    const band = file.variables[0];
    expect((await band?.readStored({ start: [0, 0], count: [10, 10] }))?.[0]).toBeGreaterThan(0);
    expect(await failure(() => band?.readStored(), 'DamagedFile')).toMatch(/tile \d+/);
    await file.close();
  });

  it('refuses what is no JPEG 2000', async () => {
    await failure(() => openJp2(fixture('geotiff/rgb.tif')), 'DamagedFile');
    await failure(() => openJp2(join(folder, 'none.jp2')), 'MissingFile');
    writeFileSync(join(folder, 'empty.jp2'), '');
    await failure(() => openJp2(join(folder, 'empty.jp2')), 'DamagedFile');
  });

  it('refuses a main header that never ends in tiles', async () => {
    const bytes = readFileSync(fixture('jp2/raw.j2k'));
    bytes[bytes.indexOf(Uint8Array.of(0xff, 0x90)) + 1] = 0x93;
    writeFileSync(join(folder, 'endless.j2k'), bytes);
    expect(await failure(() => openJp2(join(folder, 'endless.j2k')), 'DamagedFile')).toContain(
      'SOT',
    );
  });

  it('stops absurd tiles before the decoder believes them', async () => {
    const bytes = readFileSync(fixture('jp2/raw.j2k'));
    // One tile of 60,000 × 60,000.
    for (const [at, size] of [
      [8, 60_000],
      [12, 60_000],
      [24, 60_000],
      [28, 60_000],
    ] as const) {
      bytes.writeUInt32BE(size, at);
    }
    writeFileSync(join(folder, 'absurd.j2k'), bytes);
    const file = await openJp2(join(folder, 'absurd.j2k'));
    const corner = { start: [0, 0], count: [1, 1] };
    expect(await failure(() => file.variables[0]?.read(corner), 'DamagedFile')).toContain('a tile');
    await file.close();
  });

  it('ends damaged copies in a raster or a RasterError', async () => {
    const random = repeatable(11);
    const path = join(folder, 'damaged.jp2');
    for (const name of ['rgba.jp2', 'gml-utm.jp2', 'raw.j2k']) {
      const bytes = readFileSync(fixture(`jp2/${name}`));
      for (let i = 0; i < 25; i++) {
        writeFileSync(path, damage(bytes, random));
        try {
          const file = await openJp2(path);
          try {
            const count = (shape: readonly number[]) => shape.map((n) => Math.min(n, 64));
            for (const { shape, read } of file.variables.slice(0, 8))
              await read({ start: [0, 0], count: count(shape) });
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
