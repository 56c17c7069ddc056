import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
import type { RasterFile } from '../../src/raster-file.js';
import { failure } from '../helpers.js';
import { tiff } from './helpers.js';

describe('windows are cut from the whole', () => {
  for (const name of [
    'rgb.tif',
    'rgb-tiled.tif',
    'planar-tiled.tif',
    'float32-little-deflate-3.tif',
    'bits-1-planes.tif',
    'lerc-two.tif',
    'mask.tif',
    'overviews-alpha.tif',
    'sparse-nodata.tif',
    'jpeg-ycbcr-strips.tif',
  ]) {
    describe(name, () => {
      let file: RasterFile;
      beforeAll(async () => {
        file = await openGeoTiff(tiff(name));
      });
      afterAll(() => file.close());
      it('for any window, band and size', async () => {
        await fc.assert(
          fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat(), async (...n) => {
            const band = file.variables[n[4] % file.variables.length];
            if (!band) throw new Error('no band');
            const variable = n[4] % 2 ? band : (band.overviews[0] ?? band);
            const [height = 0, width = 0] = variable.shape;
            const row = n[0] % height;
            const column = n[1] % width;
            const count = [1 + (n[2] % (height - row)), 1 + (n[3] % (width - column))];
            const { data } = await variable.read();
            const part = await variable.read({ start: [row, column], count });
            const [rows = 0, columns = 0] = count;
            const wanted = Array.from(part.data, (_, i) => {
              const at = (row + Math.floor(i / columns)) * width + column + (i % columns);
              return data[at];
            });
            expect(part.shape).toEqual([rows, columns]);
            expect(Array.from(part.data)).toEqual(wanted);
          }),
          { numRuns: 20 },
        );
      });
    });
  }
  it('and none outside', async () => {
    const file = await openGeoTiff(tiff('rgb.tif'));
    const [band] = file.variables;
    const message = await failure(
      () => band?.readStored({ start: [5, 0], count: [4, 3] }),
      'WrongShape',
    );
    expect(message).toMatch(/inside band1 \[7, 5\].*Received: start \[5, 0\], count \[4, 3\]/);
    await file.close();
  });
});
