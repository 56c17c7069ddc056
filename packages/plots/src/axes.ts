import type { Scale } from './scale.js';
import { element, label, line, textWidth, type Svg } from './svg.js';
import { INK, SIZE } from './theme.js';

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The grid, ticks and labels of a panel. */
export function axes(
  box: Box,
  x: Scale,
  y: Scale,
  labels: { readonly x: string; readonly y: string; readonly title?: string },
): Svg {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const widest = Math.max(0, ...y.ticks.map((tick) => textWidth(tick.label, SIZE.tick)));
  return [
    ...y.ticks.map(({ value, label: text }) => {
      const at = y(value);
      return (
        line(box.x, at, right, at, INK.grid) +
        label(box.x - 7, at + SIZE.tick * 0.36, text, {
          size: SIZE.tick,
          anchor: 'end',
          color: INK.quiet,
        })
      );
    }),
    ...x.ticks.map(({ value, label: text }) => {
      const at = x(value);
      return (
        line(at, bottom, at, bottom + 4, INK.axis) +
        label(at, bottom + 17, text, { size: SIZE.tick, anchor: 'middle', color: INK.quiet })
      );
    }),
    line(box.x, bottom, right, bottom, INK.axis),
    label(box.x + box.width / 2, bottom + 36, labels.x, { anchor: 'middle' }),
    label(box.x - widest - 17, box.y + box.height / 2, labels.y, { anchor: 'middle', rotate: -90 }),
    labels.title === undefined
      ? ''
      : label(box.x, box.y - 12, labels.title, {
          size: SIZE.panel,
          weight: 'bold',
          color: INK.title,
        }),
  ].join('');
}

/** One entry of a legend. */
export interface LegendItem {
  readonly name: string;
  readonly color: string;
  readonly kind?: 'line' | 'dashed' | 'box';
}

/** A legend in one row (or more, where `width` asks for it) from x, y; each row takes 20 pixels. */
export function legend(
  x: number,
  y: number,
  width: number,
  items: readonly LegendItem[],
): { readonly svg: Svg; readonly height: number } {
  let [left, row] = [0, 0];
  const entries = items.map(({ name, color, kind = 'line' }) => {
    const mark = kind === 'box' ? 18 : 25;
    const taken = mark + textWidth(name, SIZE.tick) + 20;
    if (left > 0 && left + taken - 20 > width) [left, row] = [0, row + 1];
    const [px, py] = [x + left, y + row * 20];
    left += taken;
    const drawn =
      kind === 'box'
        ? element('rect', {
            x: px,
            y: py - 10,
            width: 12,
            height: 12,
            fill: color,
            stroke: INK.axis,
            'stroke-width': 0.75,
          })
        : element('line', {
            x1: px,
            y1: py - 4,
            x2: px + 20,
            y2: py - 4,
            stroke: color,
            'stroke-width': 2.2,
            'stroke-dasharray': kind === 'dashed' ? '5 3' : undefined,
          });
    return drawn + label(px + mark, py, name, { size: SIZE.tick });
  });
  return { svg: entries.join(''), height: (row + 1) * 20 };
}
