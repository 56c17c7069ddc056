import { axes, legend, type LegendItem } from './axes.js';
import { expectSome } from './errors.js';
import { figure, topOf, type Captions } from './figure.js';
import { extent, linearScale, logScale } from './scale.js';
import { element, label, pathThrough, type Svg } from './svg.js';
import { INK, SIZE, seriesColor } from './theme.js';

/** A step of a range test. */
export interface RatePoint {
  /** Above 0. */
  readonly learningRate: number;
  readonly loss: number;
  readonly smoothed: number;
}

/** A range test: the loss while the learning rate grows. */
export interface LearningRateCurveOptions extends Captions {
  /** By rising rate. */
  readonly points: readonly RatePoint[];
  /** Rate to mark. @default none */
  readonly suggestion?: number | null;
  /** Label of the loss axis. @default 'loss' */
  readonly lossLabel?: string;
}

/** Losses above so many times the way from the smallest to the first one are cut off. */
const HEADROOM = 1.6;

/**
 * The loss by learning rate as SVG, single steps behind the smoothed line, the suggested rate marked.
 *
 * @throws {PlotError} when there is no point.
 */
export function learningRateCurve(options: LearningRateCurveOptions): Svg {
  const { points, suggestion = null, lossLabel = 'loss' } = options;
  expectSome('points', points);
  const top = topOf(options, 22);
  const box = { x: 88, y: top, width: 560, height: 300 };
  const bottom = box.y + box.height;
  const x = logScale(extent(points.map(({ learningRate }) => learningRate)), [
    box.x + 4,
    box.x + box.width - 4,
  ]);
  const [low, high] = extent(points.map(({ smoothed }) => smoothed));
  // What a test ends with, a loss that explodes, would flatten everything before it.
  const first = Math.max(...points.slice(0, Math.ceil(points.length / 4)).map((p) => p.smoothed));
  const ceiling = Math.min(high, low + HEADROOM * Math.max(first - low, (high - low) * 0.02));
  const y = linearScale([low, ceiling], [bottom, box.y], { count: 6 });
  const clip = 'learning-rate-panel';
  const [line, dots] = [seriesColor(0), seriesColor(5)];
  const marked = points.find(({ learningRate }) => learningRate === suggestion);
  const items: LegendItem[] = [
    { name: 'smoothed', color: line },
    { name: 'after each step', color: dots, kind: 'box' },
    ...(suggestion === null
      ? []
      : [{ name: 'steepest fall', color: seriesColor(1), kind: 'dashed' as const }]),
  ];
  return figure(
    680,
    bottom + 84,
    options,
    element(
      'clipPath',
      { id: clip },
      element('rect', { x: box.x, y: box.y - 8, width: box.width, height: box.height + 8 }),
    ),
    axes(box, x, y, { x: 'learning rate', y: lossLabel }),
    element(
      'g',
      { 'clip-path': `url(#${clip})` },
      ...points
        .filter(({ loss }) => Number.isFinite(loss))
        .map(({ learningRate, loss }) =>
          element('circle', {
            cx: x(learningRate),
            cy: y(loss),
            r: 2.4,
            fill: dots,
            'fill-opacity': 0.7,
          }),
        ),
      element('path', {
        d: pathThrough(
          points.map(({ learningRate, smoothed }) => [x(learningRate), y(smoothed)] as const),
        ),
        fill: 'none',
        stroke: line,
        'stroke-width': 2.6,
        'stroke-linejoin': 'round',
      }),
    ),
    suggestion === null
      ? ''
      : mark(x(suggestion), marked && y(marked.smoothed), suggestion, box.y, bottom),
    legend(88, bottom + 62, 560, items).svg,
  );
}

/** A dashed rule at the suggested rate with its value. */
function mark(
  at: number,
  height: number | undefined,
  rate: number,
  top: number,
  bottom: number,
): Svg {
  const color = seriesColor(1);
  return (
    element('line', {
      x1: at,
      y1: top,
      x2: at,
      y2: bottom,
      stroke: color,
      'stroke-width': 1.6,
      'stroke-dasharray': '5 3',
    }) +
    (height === undefined
      ? ''
      : element('circle', {
          cx: at,
          cy: height,
          r: 6,
          fill: 'none',
          stroke: color,
          'stroke-width': 1.8,
        })) +
    label(at + 8, top + 14, rate.toExponential(1), {
      size: SIZE.label,
      weight: 'bold',
      color,
      halo: INK.paper,
    })
  );
}
