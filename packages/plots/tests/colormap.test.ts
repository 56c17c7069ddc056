import { expect, it } from 'vitest';
import { colormap, inkOn, LAND, MISSING, toHex, type ColormapName } from '../src/colormap.js';

const brightness = ([r, g, b]: readonly [number, number, number]) =>
  0.299 * r + 0.587 * g + 0.114 * b;

it.each<ColormapName>(['ice', 'viridis', 'cividis'])('%s only grows brighter', (name) => {
  const color = colormap(name);
  const steps = Array.from({ length: 101 }, (_, i) => brightness(color(i / 100)));
  steps.slice(1).forEach((value, i) => expect(value).toBeGreaterThanOrEqual((steps[i] ?? 0) - 1.5));
});

it('vik is brightest in the middle, blue below and brown above', () => {
  const color = colormap('vik');
  const [low, middle, high] = [color(0.2), color(0.5), color(0.8)];
  expect(brightness(middle)).toBeGreaterThan(235);
  expect(low[2]).toBeGreaterThan(low[0]);
  expect(high[0]).toBeGreaterThan(high[2]);
});

it('stays at its ends outside 0..1', () => {
  const color = colormap('viridis');
  expect([toHex(color(-3)), toHex(color(7))]).toEqual(['#440154', '#fde725']);
});

it('holds neither the colour of land nor that of missing cells', () => {
  for (const name of ['ice', 'viridis', 'vik'] as const) {
    const color = colormap(name);
    for (let i = 0; i <= 200; i++) {
      for (const other of [LAND, MISSING]) {
        const distance = color(i / 200).reduce(
          (sum, c, k) => sum + Math.abs(c - (other[k] ?? 0)),
          0,
        );
        expect(distance).toBeGreaterThan(24);
      }
    }
  }
});

it('chooses readable ink', () => {
  expect([inkOn([255, 255, 255]), inkOn([10, 20, 60])]).toEqual(['#16222e', '#ffffff']);
});
