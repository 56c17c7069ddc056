import { axes, legend } from './axes.js';
import { expectSome } from './errors.js';
import { linearScale } from './scale.js';
import { element, label, line, pathThrough, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';
import { INK, SIZE, seriesColor } from './theme.js';

/** One bin of confidence. */
export interface ReliabilityBin {
  /** Edges of the bin, 0..1. */
  readonly low: number;
  readonly high: number;
  /** Predictions in the bin. */
  readonly n: number;
  /** Mean confidence, 0..1; `NaN` where n = 0. */
  readonly confidence: number;
  /** Share that was right, 0..1; `NaN` where n = 0. */
  readonly accuracy: number;
}

/** A reliability table. */
export interface ReliabilityOptions extends Captions {
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error to print, 0..1. @default not printed */
  readonly ece?: number;
}

/**
 * Accuracy against confidence as SVG, with the number of predictions in each bin below.
 *
 * @throws {PlotError} when there is no bin.
 */
export function reliabilityDiagram(options: ReliabilityOptions): Svg {
  const { bins, ece } = options;
  expectSome('bins', bins);
  const top = topOf(options, 22);
  const box = { x: 84, y: top, width: 340, height: 300 };
  const low = { x: 84, y: top + 330, width: 340, height: 74 };
  const x = linearScale([0, 1], [box.x, box.x + box.width]);
  const y = linearScale([0, 1], [box.y + box.height, box.y]);
  const most = Math.max(1, ...bins.map(({ n }) => n));
  const count = linearScale([0, most], [low.y + low.height, low.y], { count: 2 });
  const filled = bins.filter(({ n }) => n > 0);
  const bars = filled.map((bin) => {
    const [left, right] = [x(bin.low) + 1, x(bin.high) - 1];
    const base = low.y + low.height;
    return (
      element('rect', {
        x: left,
        y: y(bin.accuracy),
        width: right - left,
        height: y(0) - y(bin.accuracy),
        fill: '#cfe3f1',
      }) +
      element('rect', {
        x: left,
        y: count(bin.n),
        width: right - left,
        height: base - count(bin.n),
        fill: INK.axis,
      })
    );
  });
  const points = filled.map((bin) => [x(bin.confidence), y(bin.accuracy)] as const);
  const underX = Object.assign((value: number) => x(value), { ticks: [] });
  return figure(
    456,
    low.y + low.height + 82,
    options,
    axes(box, underX, y, { x: '', y: 'accuracy' }),
    axes(low, x, count, { x: 'confidence', y: 'predictions' }),
    ...bars,
    element('line', {
      x1: x(0),
      y1: y(0),
      x2: x(1),
      y2: y(1),
      stroke: INK.quiet,
      'stroke-width': 1.4,
      'stroke-dasharray': '5 4',
    }),
    element('path', {
      d: pathThrough(points),
      fill: 'none',
      stroke: seriesColor(0),
      'stroke-width': 2,
    }),
    ...points.map(([cx, cy]) =>
      element('circle', {
        cx,
        cy,
        r: 4,
        fill: seriesColor(0),
        stroke: INK.paper,
        'stroke-width': 1.2,
      }),
    ),
    line(box.x, box.y + box.height, box.x + box.width, box.y + box.height, INK.axis),
    ece === undefined
      ? ''
      : label(box.x + box.width - 4, box.y + box.height - 12, `ECE ${ece.toFixed(3)}`, {
          anchor: 'end',
          weight: 'bold',
          size: SIZE.label,
        }),
    legend(84, low.y + low.height + 62, 340, [
      { name: 'model', color: seriesColor(0) },
      { name: 'perfectly calibrated', color: INK.quiet, kind: 'dashed' },
    ]).svg,
  );
}
