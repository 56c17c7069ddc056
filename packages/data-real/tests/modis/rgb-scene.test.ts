import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isDataRealError } from '../../src/errors.js';
import { openRgbScene } from '../../src/rgb-scene.js';

const FIXTURES = join(import.meta.dirname, '../../../raster/tests/fixtures');

describe('openRgbScene', () => {
  it.each(['rgb.tif', 'rgba.tif', 'rgb-tiled.tif'])('masks black and alpha of %s', async (name) => {
    const scene = await openRgbScene(join(FIXTURES, name));
    expect(scene.array.shape[2]).toBe(3);
    let black = 0;
    scene.mask.forEach((valid, i) => {
      const [r, g, b] = scene.array.data.subarray(3 * i, 3 * i + 3);
      if (r === 0 && g === 0 && b === 0) {
        black += 1;
        expect(valid).toBe(0);
      }
    });
    expect(black).toBeGreaterThan(0);
    expect(scene.mask.includes(1)).toBe(true);
  });
  it('refuses other images', async () => {
    const refused = async () => {
      try {
        await openRgbScene(join(FIXTURES, 'int16-planar.tif'));
      } catch (error) {
        return isDataRealError(error, 'UnsupportedFormat');
      }
      return false;
    };
    expect(await refused()).toBe(true);
  });
});
