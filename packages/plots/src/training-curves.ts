import { axes, legend, type Box, type LegendItem } from './axes.js';
import { expectSome } from './errors.js';
import { extent, integerScale, linearScale, logScale, type Scale } from './scale.js';
import { element, label, pathThrough, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';
import { INK, SIZE, seriesColor } from './theme.js';

/** One epoch's numbers under the names of `metrics.csv`; `NaN` where there is none. */
export type CurveRow = Readonly<Record<string, number>>;

/** A metric with a panel of its own. */
export interface CurveMetric {
  /** Name in the rows, such as `val_accuracy`. */
  readonly key: string;
  /** Axis label with unit. */
  readonly label: string;
}

/** A run's history. */
export interface TrainingCurvesOptions extends Captions {
  /** One row for each epoch, with `epoch`, `train_loss`, and where there are `val_loss`, `learning_rate`. */
  readonly rows: readonly CurveRow[];
  /** Further panels. @default none */
  readonly metrics?: readonly CurveMetric[];
  /** Epoch to mark. @default the one of the lowest `val_loss`, or `train_loss` without one */
  readonly bestEpoch?: number;
  /** Label of the loss axis. @default 'loss' */
  readonly lossLabel?: string;
}

interface Panel {
  readonly title: string;
  readonly yLabel: string;
  readonly curves: readonly { readonly key: string; readonly color: string }[];
}

const [PANEL_WIDTH, PANEL_HEIGHT] = [372, 236];

/**
 * Losses, metrics and learning rate by epoch, side by side, as SVG; the best epoch marked.
 *
 * @throws {PlotError} when there is no row.
 */
export function trainingCurves(options: TrainingCurvesOptions): Svg {
  const { rows, metrics = [], lossLabel = 'loss' } = options;
  expectSome('rows', rows);
  const has = (key: string) => rows.some((row) => Number.isFinite(row[key]));
  const monitored = has('val_loss') ? 'val_loss' : 'train_loss';
  const best = options.bestEpoch ?? epochOfLeast(rows, monitored);
  const losses = [
    { key: 'train_loss', color: seriesColor(0) },
    { key: 'val_loss', color: seriesColor(1) },
  ].filter(({ key }) => has(key));
  const panels: Panel[] = [
    { title: 'Loss', yLabel: lossLabel, curves: losses },
    ...metrics
      .filter(({ key }) => has(key))
      .map(({ key, label: yLabel }) => ({
        title: capital(yLabel),
        yLabel,
        curves: [{ key, color: seriesColor(2) }],
      })),
    ...(has('learning_rate')
      ? [
          {
            title: 'Learning rate',
            yLabel: 'learning rate',
            curves: [{ key: 'learning_rate', color: seriesColor(6) }],
          },
        ]
      : []),
  ];
  const top = topOf(options, 42);
  const [width, height] = [panels.length * PANEL_WIDTH + 12, top + PANEL_HEIGHT + 80];
  const items: LegendItem[] = [
    ...losses.map(({ key, color }) => ({
      name: key === 'train_loss' ? 'training' : 'validation',
      color,
    })),
    ...(best === undefined
      ? []
      : [{ name: `best epoch (${best})`, color: INK.quiet, kind: 'dashed' as const }]),
  ];
  return figure(
    width,
    height,
    options,
    ...panels.map((panel, index) => {
      const left = index * PANEL_WIDTH + 84;
      return drawPanel(panel, rows, best, {
        x: left,
        y: top,
        width: PANEL_WIDTH - 100,
        height: PANEL_HEIGHT,
      });
    }),
    legend(84, top + PANEL_HEIGHT + 60, width - 100, items).svg,
  );
}

function drawPanel(
  panel: Panel,
  rows: readonly CurveRow[],
  best: number | undefined,
  box: Box,
): Svg {
  const { curves, title, yLabel } = panel;
  const bottom = box.y + box.height;
  const x = integerScale(
    extent(rows.map((row) => row['epoch'] ?? NaN)),
    [box.x + 6, box.x + box.width - 6],
    6,
  );
  const values = curves.flatMap(({ key }) => rows.map((row) => row[key] ?? NaN));
  const y = valueScale(values, [bottom, box.y]);
  const drawn = curves.map(({ key, color }) => {
    const points = rows.map((row) => [x(row['epoch'] ?? NaN), y(row[key] ?? NaN)] as const);
    const dots = rows.length > 25 ? [] : points.filter(([, py]) => Number.isFinite(py));
    return (
      element('path', {
        d: pathThrough(points),
        fill: 'none',
        stroke: color,
        'stroke-width': 2,
        'stroke-linejoin': 'round',
        'stroke-linecap': 'round',
      }) + dots.map(([cx, cy]) => element('circle', { cx, cy, r: 2.6, fill: color })).join('')
    );
  });
  const marked = rows.find((row) => row['epoch'] === best);
  const [rule, point] =
    best === undefined || marked === undefined
      ? ['', '']
      : [
          element('line', {
            x1: x(best),
            y1: box.y,
            x2: x(best),
            y2: bottom,
            stroke: INK.quiet,
            'stroke-width': 1.2,
            'stroke-dasharray': '4 3',
          }),
          bestPoint(curves.at(-1), marked, x, y, box),
        ];
  return axes(box, x, y, { x: 'epoch', y: yLabel, title }) + rule + drawn.join('') + point;
}

/** A ring round the best value, with the number beside it. */
function bestPoint(
  curve: { readonly key: string; readonly color: string } | undefined,
  row: CurveRow,
  x: Scale,
  y: Scale,
  box: Box,
): Svg {
  const value = row[curve?.key ?? ''] ?? NaN;
  if (curve === undefined || curve.key === 'learning_rate' || !Number.isFinite(value)) return '';
  const [cx, cy] = [x(row['epoch'] ?? NaN), y(value)];
  const right = cx < box.x + box.width * 0.75;
  const above = cy > box.y + 24;
  return (
    element('circle', { cx, cy, r: 6, fill: 'none', stroke: curve.color, 'stroke-width': 1.8 }) +
    label(cx + (right ? 9 : -9), cy + (above ? -9 : 18), shortNumber(value), {
      size: SIZE.tick,
      weight: 'bold',
      color: curve.color,
      halo: INK.paper,
      anchor: right ? 'start' : 'end',
    })
  );
}

/** Logarithmic where positive values span more than a factor of 20. */
function valueScale(values: readonly number[], range: readonly [number, number]): Scale {
  const [low, high] = extent(values);
  return low > 0 && high / low > 20
    ? logScale([low, high], range)
    : linearScale([low, high], range);
}

function epochOfLeast(rows: readonly CurveRow[], key: string): number | undefined {
  const scored = rows.filter((row) => Number.isFinite(row[key]));
  const least = Math.min(...scored.map((row) => row[key] ?? Infinity));
  return scored.find((row) => row[key] === least)?.['epoch'];
}

function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e4)) return value.toExponential(2);
  return String(Number(value.toPrecision(3)));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
