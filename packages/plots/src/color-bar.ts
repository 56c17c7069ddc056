import type { Box } from './axes.js';
import { colormap, toHex, type ColormapName, type Rgb } from './colormap.js';
import { linearScale } from './scale.js';
import { element, label, line, textWidth, type Svg } from './svg.js';
import { INK, SIZE } from './theme.js';

/** A vertical colour bar with ticks and a turned label at its right. */
export function colorBar(
  { x, y, width, height }: Box,
  map: ColormapName | ((part: number) => Rgb),
  range: readonly [number, number],
  title: string,
): Svg {
  const color = typeof map === 'string' ? colormap(map) : map;
  const steps = 96;
  const step = height / steps;
  const bands = Array.from({ length: steps }, (_, index) =>
    element('rect', {
      x,
      y: y + index * step,
      width,
      height: step + (index < steps - 1 ? 0.6 : 0), // overlap: no light seams between the bands
      fill: toHex(color(1 - (index + 0.5) / steps)),
    }),
  );
  const scale = linearScale(range, [y + height, y], {
    count: Math.max(2, Math.min(5, height / 32)),
    ends: 'exact',
  });
  const ticks = scale.ticks.map(
    ({ value, label: text }) =>
      line(x + width, scale(value), x + width + 4, scale(value), INK.axis) +
      label(x + width + 8, scale(value) + SIZE.tick * 0.36, text, {
        size: SIZE.tick,
        color: INK.quiet,
      }),
  );
  const widest = Math.max(0, ...scale.ticks.map((tick) => textWidth(tick.label, SIZE.tick)));
  return [
    ...bands,
    element('rect', { x, y, width, height, fill: 'none', stroke: INK.axis, 'stroke-width': 0.75 }),
    ...ticks,
    label(x + width + widest + 26, y + height / 2, title, {
      size: SIZE.tick,
      anchor: 'middle',
      rotate: -90,
    }),
  ].join('');
}
