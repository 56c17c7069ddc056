import { axes, legend } from './axes.js';
import { expectLength, expectSome } from './errors.js';
import { extent, integerScale, linearScale } from './scale.js';
import { element, pathThrough, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';
import { INK, seriesColor } from './theme.js';

/** A score at each lead. */
export interface LeadSeries {
  readonly name: string;
  /** One value for each lead; `NaN` leaves a gap. */
  readonly values: readonly number[];
  /** Ends of the interval at each lead, drawn as a band. */
  readonly interval?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/** Scores of forecasts by lead. */
export interface LeadCurvesOptions extends Captions {
  /** The model first (drawn strongest), then the references. */
  readonly series: readonly LeadSeries[];
  /** Axis label with unit, such as 'RMSE, concentration'. */
  readonly ylabel: string;
  /** Lead times in days. @default 1, 2, 3 … */
  readonly leads?: readonly number[];
  /** Whether the axis begins at zero. @default 'zero' for positive scores, 'data' otherwise */
  readonly baseline?: 'zero' | 'data';
}

/**
 * A score against lead time as SVG, one line for each forecast, intervals as bands.
 *
 * @throws {PlotError} when a series has another number of leads.
 */
export function leadCurves(options: LeadCurvesOptions): Svg {
  const { series } = options;
  expectSome('series', series);
  const leads = options.leads ?? (series[0]?.values ?? []).map((_, index) => index + 1);
  expectSome('leads', leads);
  for (const { name, values, interval } of series) {
    for (const list of [values, interval?.low ?? values, interval?.high ?? values]) {
      expectLength(`series "${name}"`, list.length, leads.length, '[leads]');
    }
  }
  const all = series.flatMap(({ values, interval }) => [
    ...values,
    ...(interval ? [...interval.low, ...interval.high] : []),
  ]);
  const [low, high] = extent(all);
  const zero = (options.baseline ?? (low >= 0 ? 'zero' : 'data')) === 'zero';
  const top = topOf(options, 22);
  const box = { x: 88, y: top, width: 520, height: 300 };
  const x = integerScale(extent(leads), [box.x + 16, box.x + box.width - 16], leads.length);
  const y = linearScale([zero ? Math.min(0, low) : low, high], [box.y + box.height, box.y], {
    count: 6,
  });
  const items = series.map(({ name }, index) => ({ name, color: seriesColor(index) }));
  const keys = legend(88, box.y + box.height + 64, 530, items);
  const at = (values: readonly number[]) =>
    values.map((value, index) => [x(leads[index] ?? NaN), y(value)] as const);
  const bands = series.map(({ interval }, index) =>
    interval === undefined
      ? ''
      : element('path', {
          d: `${pathThrough([...at(interval.low), ...at(interval.high).reverse()])}Z`,
          fill: seriesColor(index),
          'fill-opacity': 0.16,
        }),
  );
  const curves = series.map(({ values }, index) => {
    const [color, strong] = [seriesColor(index), index === 0];
    const marks = at(values).filter(([, cy]) => Number.isFinite(cy));
    return (
      element('path', {
        d: pathThrough(at(values)),
        fill: 'none',
        stroke: color,
        'stroke-width': strong ? 3 : 1.8,
        'stroke-linejoin': 'round',
      }) +
      marks
        .map(([cx, cy]) =>
          element('circle', {
            cx,
            cy,
            r: strong ? 4.6 : 3.4,
            fill: strong ? color : INK.paper,
            stroke: strong ? INK.paper : color,
            'stroke-width': strong ? 1.2 : 1.6,
          }),
        )
        .join('')
    );
  });
  return figure(
    640,
    box.y + box.height + 60 + keys.height,
    options,
    axes(box, x, y, { x: 'lead time, days', y: options.ylabel }),
    ...bands,
    ...curves.reverse(), // the model on top
    keys.svg,
  );
}
