import { describe, expect, test } from 'vitest';
import { generateIceScene, isDataSynthError, type IceClass } from '../src/index.js';
import { digest, logisticAccuracy, meansAndDeviations } from './helpers.js';

const CLASSES: readonly IceClass[] = [0, 1, 2];

describe('generateIceScene', () => {
  test('is the same bit for bit for the same seed, and another for another', () => {
    const hash = (seed: number): string => {
      const { image, classMap } = generateIceScene({ seed, size: 96 });
      return digest(image, classMap);
    };
    expect(hash(11)).toBe(hash(11));
    expect(hash(11)).not.toBe(hash(12));
    // Seeds above 32 bits are seeds of their own.
    expect(hash(11)).not.toBe(hash(11 + 2 ** 32));
  });

  test('covers at least 60 % with the class asked for, and maps every pixel', () => {
    for (let seed = 0; seed < 45; seed++) {
      const wanted = CLASSES[seed % 3] ?? 0;
      const scene = generateIceScene({ seed, size: 96, class: wanted });
      const counts = [0, 0, 0];
      for (const value of scene.classMap) counts[value] = (counts[value] ?? 0) + 1;
      expect(counts).toHaveLength(3);
      expect(scene.dominantClass).toBe(wanted);
      expect((counts[wanted] ?? 0) / scene.classMap.length).toBeGreaterThanOrEqual(0.6);
      scene.fractions.forEach((share, k) => {
        expect(share).toBeCloseTo((counts[k] ?? 0) / scene.classMap.length, 10);
      });
    }
  });

  test('draws all three classes when none is asked for', () => {
    const seen = new Set(
      Array.from({ length: 30 }, (_, seed) => generateIceScene({ seed, size: 32 }).dominantClass),
    );
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });

  test('uses the range of the bytes without much clipping', () => {
    for (let seed = 0; seed < 9; seed++) {
      const { image } = generateIceScene({ seed, size: 128 });
      const clipped = image.filter((value) => value === 0 || value === 255).length / image.length;
      expect(clipped).toBeLessThan(0.05);
      const [mean = 0, deviation = 0] = meansAndDeviations(image);
      expect(mean).toBeGreaterThan(0.2);
      expect(mean).toBeLessThan(0.8);
      expect(deviation).toBeGreaterThan(0.03);
    }
  });

  test('does not give its class away by mean and deviation of the channels', () => {
    const scenes = Array.from({ length: 90 }, (_, seed) =>
      generateIceScene({ seed: 500 + seed, size: 96, class: CLASSES[seed % 3] ?? 0 }),
    );
    const x = scenes.map((scene) => meansAndDeviations(scene.image));
    const y = scenes.map((scene) => scene.dominantClass);
    const accuracy = logisticAccuracy(
      { x: x.slice(0, 60), y: y.slice(0, 60) },
      { x: x.slice(60), y: y.slice(60) },
    );
    expect(accuracy).toBeLessThan(0.75);
  });

  test.each([{ seed: -1 }, { seed: 0.5 }, { seed: 1, size: 16 }, { seed: 1, size: Number.NaN }])(
    'refuses %o with a typed error',
    (options) => {
      expect(() => generateIceScene(options)).toThrow(/expected .* Received: /);
      try {
        generateIceScene(options);
      } catch (error) {
        expect(isDataSynthError(error)).toBe(true);
      }
    },
  );
});
