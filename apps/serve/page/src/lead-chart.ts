import { draw, make } from './dom.js';

/** Lines of scores by lead. */
export interface LeadChart {
  readonly label: string;
  readonly digits: number;
  readonly leads: readonly number[];
  /** The forecaster first; NaN leaves a gap. */
  readonly series: readonly { readonly title: string; readonly values: readonly number[] }[];
  readonly fromZero: boolean;
}

const SIZE = { width: 360, height: 230, left: 44, right: 12, top: 10, bottom: 34 } as const;
const DASHES = ['', '7 3', '2 3', '8 3 2 3'] as const;

/** A chart as SVG with a legend; its colours come from the style sheet, so that it follows the theme. */
export function leadChart({ label, digits, leads, series, fromZero }: LeadChart): HTMLElement {
  const { width, height, left, right, top, bottom } = SIZE;
  const all = series.flatMap(({ values }) => values).filter(Number.isFinite);
  const ticks = ticksOf(fromZero ? 0 : Math.min(...all), Math.max(...all));
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const x = (i: number) =>
    left + 10 + (i / Math.max(1, leads.length - 1)) * (width - left - right - 20);
  const y = (value: number) =>
    height - bottom - ((value - low) / (high - low)) * (height - top - bottom);
  const svg = draw('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `${label} by lead: ${series
      .map(({ title, values }) => `${title} ${ends(values, digits)}`)
      .join('; ')}`,
  });
  for (const tick of ticks)
    svg.append(
      draw('line', { class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      draw(
        'text',
        { class: 'tick', x: left - 6, y: y(tick) + 4, 'text-anchor': 'end' },
        short(tick),
      ),
    );
  leads.forEach((lead, i) =>
    svg.append(
      draw(
        'text',
        { class: 'tick', x: x(i), y: height - bottom + 16, 'text-anchor': 'middle' },
        String(lead),
      ),
    ),
  );
  svg.append(
    draw(
      'text',
      { class: 'tick', x: (left + width - right) / 2, y: height - 3, 'text-anchor': 'middle' },
      'days ahead',
    ),
  );
  for (const [k, { title, values }] of [...series.entries()].reverse()) {
    const points = values.map((value, i) => [x(i), y(value), value] as const);
    const known = points.filter(([, at]) => Number.isFinite(at));
    svg.append(
      draw('path', {
        class: `line s${k}`,
        'stroke-dasharray': DASHES[k] ?? '',
        d: known
          .map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`)
          .join(''),
      }),
      ...known.map(([cx, cy, value]) =>
        draw(
          'circle',
          { class: `dot s${k}`, cx, cy, r: k === 0 ? 4 : 2.8 },
          draw('title', {}, `${title}: ${value.toFixed(digits)}`),
        ),
      ),
    );
  }
  const legend = make('ul', { class: 'keys', 'aria-hidden': 'true' });
  for (const [k, { title, values }] of series.entries())
    legend.append(
      make(
        'li',
        {},
        draw(
          'svg',
          { viewBox: '0 0 26 8', class: 'key' },
          draw('line', {
            class: `line s${k}`,
            x1: 1,
            x2: 25,
            y1: 4,
            y2: 4,
            'stroke-dasharray': DASHES[k] ?? '',
          }),
        ),
        make('span', {}, title),
        make('b', {}, ends(values, digits)),
      ),
    );
  return make('figure', { class: 'chart' }, make('figcaption', {}, label), svg, legend);
}

/** The first and the last value. */
function ends(values: readonly number[], digits: number): string {
  const known = values.filter(Number.isFinite);
  const [first, last] = [known[0], known.at(-1)];
  return first === undefined || last === undefined
    ? 'none'
    : `${first.toFixed(digits)} to ${last.toFixed(digits)}`;
}

/** Round numbers from below the lowest value to above the highest. */
function ticksOf(low: number, high: number): readonly number[] {
  const span = high - low || Math.abs(high) || 1;
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? raw;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
