import { expect, it } from 'vitest';
import { colormap, LAND, MISSING } from '../src/colormap.js';
import { classOverlay } from '../src/index.js';
import { fieldImage } from '../src/field-image.js';

it('colours cells by value, missing cells grey, land dark, north first', () => {
  const { data } = fieldImage(
    { values: Float32Array.of(0, 1, NaN, 0.5), width: 2, height: 2, mask: [1, 1, 1, 0] },
    'ice',
    [0, 1],
  );
  const color = colormap('ice');
  expect([...data]).toEqual([...color(0), ...color(1), ...MISSING, ...LAND]);
});

it('tints classes and leaves unknown pixels', () => {
  const rgb = { data: new Uint8Array(6).fill(100), width: 2, height: 1 };
  const { data } = classOverlay(rgb, Uint8Array.of(1, 255), {
    colors: ['#000000', '#ff0000'],
    opacity: 0.5,
  });
  expect([...data]).toEqual([178, 50, 50, 100, 100, 100]);
});
