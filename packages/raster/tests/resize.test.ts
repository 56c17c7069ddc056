import { describe, expect, it } from 'vitest';
import { resizeImage, type Image } from '../src/index.js';
import { failure } from './helpers.js';

function grey(width: number, ...data: number[]): Image {
  return { data: Uint8Array.from(data), width, height: data.length / width, channels: 1 };
}

function values(image: Image): number[] {
  return Array.from(image.data);
}

describe('resizeImage', () => {
  it('area: averages exactly, over parts of pixels too', () => {
    expect(values(resizeImage(grey(2, 0, 10, 20, 30), 1, 1, 'area'))).toEqual([15]);
    // 3 → 2: weights 2/3 and 1/3.
    expect(values(resizeImage(grey(3, 0, 90, 30), 2, 1, 'area'))).toEqual([30, 50]);
    expect(values(resizeImage(grey(2, 10, 20), 4, 1, 'area'))).toEqual([10, 10, 20, 20]);
  });
  it('area: keeps the mean of any image', () => {
    const data = Uint8Array.from({ length: 60 * 42 * 3 }, (_, i) => (i * 31 + (i % 7) * 11) % 256);
    const small = resizeImage({ data, width: 60, height: 42, channels: 3 }, 13, 17, 'area');
    const mean = (a: Uint8Array) => a.reduce((sum, value) => sum + value, 0) / a.length;
    expect(Math.abs(mean(small.data) - mean(data))).toBeLessThan(0.5);
  });
  it('nearest: takes the pixel under the centre', () => {
    expect(values(resizeImage(grey(4, 1, 2, 3, 4), 2, 1, 'nearest'))).toEqual([2, 4]);
    expect(values(resizeImage(grey(2, 7, 9), 4, 1, 'nearest'))).toEqual([7, 7, 9, 9]);
  });
  it('bilinear: half-pixel centres, edges held', () => {
    expect(values(resizeImage(grey(2, 0, 100), 4, 1, 'bilinear'))).toEqual([0, 25, 75, 100]);
    expect(values(resizeImage(grey(1, 40), 3, 2, 'bilinear'))).toEqual([40, 40, 40, 40, 40, 40]);
  });
  it('same size: the same image, every method', () => {
    const image = grey(3, 1, 2, 3, 4, 5, 6);
    for (const method of ['area', 'nearest', 'bilinear'] as const) {
      expect(resizeImage(image, 3, 2, method)).toEqual(image);
    }
  });
  it('refuses a size that is none', async () => {
    expect(await failure(() => resizeImage(grey(1, 1), 0, 2, 'area'), 'WrongShape')).toContain(
      '0×2',
    );
  });
});
