import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyGeometryInto,
  augmentSample,
  createGenerator,
  drawGeometry,
  outputSize,
  type AugmentOptions,
} from '../src/index.js';

/** A picture whose every pixel is its own number, with the same numbers in its mask. */
const numbered = (height: number, width: number) => ({
  height,
  width,
  channels: 1,
  images: [Uint8Array.from({ length: height * width }, (_, i) => i)],
  masks: [Uint8Array.from({ length: height * width }, (_, i) => i)],
});
const still: AugmentOptions = { brightness: 0, contrast: 0, noise: 0 };

describe('applyGeometryInto', () => {
  const turn = (symmetry: number, height: number, width: number): number[] => {
    const geometry = { x: 0, y: 0, height, width, symmetry };
    const source = Int32Array.from({ length: height * width }, (_, i) => i);
    const out = new Int32Array(source.length);
    applyGeometryInto(source, { height, width, channels: 1 }, geometry, out);
    return Array.from(out);
  };

  test('turns anticlockwise, as numpy.rot90', () => {
    // 0 1 2
    // 3 4 5
    expect(turn(0, 2, 3)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(turn(1, 2, 3)).toEqual([2, 5, 1, 4, 0, 3]);
    expect(turn(2, 2, 3)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(turn(3, 2, 3)).toEqual([3, 0, 4, 1, 5, 2]);
    expect(turn(4, 2, 3)).toEqual([2, 1, 0, 5, 4, 3]);
    expect(turn(6, 2, 3)).toEqual([3, 4, 5, 0, 1, 2]);
  });

  test('the eight symmetries of a square are all different', () => {
    const all = new Set(Array.from({ length: 8 }, (_, symmetry) => turn(symmetry, 3, 3).join()));
    expect(all.size).toBe(8);
  });

  test('crops, and keeps the channels of a pixel together', () => {
    const source = Float32Array.from({ length: 3 * 3 * 2 }, (_, i) => i);
    const out = new Float32Array(2 * 2 * 2);
    const geometry = { x: 1, y: 1, height: 2, width: 2, symmetry: 4 };
    applyGeometryInto(source, { height: 3, width: 3, channels: 2 }, geometry, out);
    expect(Array.from(out)).toEqual([10, 11, 8, 9, 16, 17, 14, 15]);
  });

  test('refuses a crop outside the image', () => {
    const geometry = { x: 2, y: 0, height: 2, width: 2, symmetry: 0 };
    const size = { height: 3, width: 3, channels: 1 };
    expect(() => applyGeometryInto(new Uint8Array(9), size, geometry, new Uint8Array(4))).toThrow(
      /crop within it/,
    );
  });
});

describe('augmentSample', () => {
  test('moves image and mask to the same places', () => {
    const options = fc.record({
      geometry: fc.constantFrom('none' as const, 'flips' as const, 'symmetries' as const),
      cropSize: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.nat(), options, (seed, given) => {
        const out = augmentSample(numbered(6, 8), { ...still, ...given }, createGenerator(seed));
        expect(out.images[0]).toEqual(out.masks[0]);
      }),
    );
  });

  test('alters light, never mask values', () => {
    const sample = {
      ...numbered(8, 8),
      masks: [new Uint8Array(64).map((_, i) => (i % 3 ? 255 : 1))],
    };
    const out = augmentSample(
      sample,
      { brightness: 0.5, contrast: 0.5, noise: 0.2 },
      createGenerator(3),
    );
    expect(new Set(out.masks[0])).toEqual(new Set([1, 255]));
    expect(out.images[0]).not.toEqual(sample.images[0]);
  });

  test('leaves its input alone, and the same generator gives the same sample', () => {
    const sample = numbered(8, 8);
    const before = sample.images[0]?.slice();
    const one = augmentSample(sample, {}, createGenerator(5));
    expect(sample.images[0]).toEqual(before);
    expect(augmentSample(sample, {}, createGenerator(5))).toEqual(one);
    expect(augmentSample(sample, {}, createGenerator(6))).not.toEqual(one);
  });

  test('without any change asked for is the identity', () => {
    const sample = numbered(5, 7);
    const out = augmentSample(sample, { ...still, geometry: 'none' }, createGenerator(1));
    expect(out).toEqual(sample);
  });

  test('lights the two dates of a pair apart, or alike when told', () => {
    const grey = new Uint8Array(16).fill(120);
    const pair = { height: 4, width: 4, channels: 1, images: [grey, grey], masks: [] };
    const options = { brightness: 0.3, contrast: 0, noise: 0 };
    const apart = augmentSample(pair, options, createGenerator(2));
    expect(apart.images[0]).not.toEqual(apart.images[1]);
    const alike = augmentSample(pair, { ...options, light: 'same' }, createGenerator(2));
    expect(alike.images[0]).toEqual(alike.images[1]);
  });

  test('adds noise of the standard deviation asked for, around the same mean', () => {
    const size = 200;
    const grey = {
      height: size,
      width: size,
      channels: 1,
      images: [new Uint8Array(size * size).fill(128)],
    };
    const [out = new Uint8Array()] = augmentSample(
      grey,
      { brightness: 0, contrast: 0, noise: 0.04 },
      createGenerator(9),
    ).images;
    const mean = out.reduce((sum, value) => sum + value, 0) / out.length;
    const std = Math.sqrt(out.reduce((sum, value) => sum + (value - mean) ** 2, 0) / out.length);
    expect(Math.abs(mean - 128)).toBeLessThan(0.3);
    expect(Math.abs(std - 0.04 * 255)).toBeLessThan(0.3);
  });

  test('stays in 0..255 at the ends', () => {
    const white = { height: 2, width: 2, channels: 1, images: [Uint8Array.of(255, 255, 0, 0)] };
    const options = { ...still, geometry: 'none', contrast: 1 } as const;
    for (let seed = 0; seed < 20; seed++) {
      const [out] = augmentSample(white, options, createGenerator(seed)).images;
      expect(out?.[0]).toBeGreaterThanOrEqual(127);
      expect(out?.[2]).toBeLessThanOrEqual(128);
    }
  });

  test('draws each of the eight symmetries; oblong images keep their sides', () => {
    const generator = createGenerator(4);
    const drawn = (height: number, width: number) =>
      new Set(
        Array.from({ length: 200 }, () => drawGeometry({ height, width }, {}, generator).symmetry),
      );
    expect(drawn(4, 4).size).toBe(8);
    expect([...drawn(4, 6)].sort()).toEqual([0, 2, 4, 6]);
    const geometry = { x: 0, y: 0, height: 4, width: 6, symmetry: 1 };
    expect(outputSize(geometry)).toEqual({ height: 6, width: 4 });
  });

  test('refuses a crop larger than the image', () => {
    expect(() => augmentSample(numbered(4, 4), { cropSize: 5 }, createGenerator(1))).toThrow(
      /crop of 1..4 pixels. Received: 5/,
    );
  });
});
