import { expect, it } from 'vitest';
import { difference, evenPalette } from '../../page/src/palette.js';

it.each(['ice', 'viridis', 'vik'] as const)('walks through %s in steps that look alike', (name) => {
  const colours = evenPalette(name);
  expect(colours).toHaveLength(256);
  // Over sixteen steps the rounding of colours to whole numbers is small.
  const steps = Array.from({ length: 15 }, (_, i) =>
    difference(colours[16 * i] ?? [0, 0, 0], colours[16 * i + 16] ?? [0, 0, 0]),
  );
  expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.25);
});
