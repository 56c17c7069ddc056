import { describe, expect, test } from 'vitest';
import { voronoiCells } from '../src/cells.js';
import { fractalNoise } from '../src/noise.js';
import { createRng } from '../src/rng.js';

describe('fractalNoise', () => {
  test.each([
    { scale: 6, octaves: 1 },
    { scale: 60, octaves: 2 },
    { scale: 20, octaves: 3, aspect: 4, angle: 1 },
  ])('is centred and bounded with %o', (options) => {
    const field = fractalNoise(createRng(1), 128, 96, options);
    expect(field).toHaveLength(128 * 96);
    const mean = field.reduce((a, b) => a + b, 0) / field.length;
    expect(Math.abs(mean)).toBeLessThan(0.12);
    expect(field.every((value) => Math.abs(value) < 1.5)).toBe(true);
  });

  test('is smooth: neighbours differ little at long wavelengths', () => {
    const field = fractalNoise(createRng(2), 64, 64, { scale: 64, octaves: 1 });
    let steepest = 0;
    for (let i = 1; i < 64; i++) {
      steepest = Math.max(steepest, Math.abs((field[i] ?? 0) - (field[i - 1] ?? 0)));
    }
    expect(steepest).toBeLessThan(0.1);
  });

  test('ridged noise has crests at 1', () => {
    const field = fractalNoise(createRng(3), 64, 64, { scale: 20, octaves: 1, kind: 'ridged' });
    const top = field.reduce((a, b) => Math.max(a, b), 0);
    expect(top).toBeLessThanOrEqual(1);
    expect(top).toBeGreaterThan(0.95);
  });
});

describe('voronoiCells', () => {
  test('borders lie where the cell changes', () => {
    const width = 64;
    const cells = voronoiCells(createRng(4), width, 64, { scale: 16, merge: 0.3 });
    for (let i = 1; i < cells.id.length; i++) {
      expect(cells.border[i]).toBeGreaterThanOrEqual(0);
      if (i % width !== 0 && cells.id[i] !== cells.id[i - 1]) {
        expect(Math.min(cells.border[i] ?? 9, cells.border[i - 1] ?? 9)).toBeLessThanOrEqual(1);
      }
    }
  });
});
