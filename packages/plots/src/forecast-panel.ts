import { legend } from './axes.js';
import { colorBar } from './color-bar.js';
import { expectLength, PlotError } from './errors.js';
import { EDGE_COLOR, fieldKeys, mapTile, type FieldStyle } from './grid-map.js';
import { label, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';
import { INK, SIZE } from './theme.js';

/** A forecast beside the truth. Fields are concentration, 0..1, rows from the north, `NaN` where missing. */
export interface ForecastPanelOptions extends Captions {
  /** Day of the last input, as `YYYY-MM-DD`. */
  readonly issueDate: string;
  /** Newest observation the forecast had, `[H,W]`. */
  readonly lastInput: Float32Array;
  /** What came, `[T,H,W]`. */
  readonly truth: Float32Array;
  /** The forecast, `[T,H,W]`. */
  readonly forecast: Float32Array;
  /** The reference forecast, `[T,H,W]`. */
  readonly reference: Float32Array;
  /** Name of the reference. @default 'reference' */
  readonly referenceName?: string;
  /** `[H,W]`, 1 = sea, 0 = land. @default all sea */
  readonly mask?: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  /** Leads to show, in days, each one row. @default those of 1, 3 and 7 that there are */
  readonly leads?: readonly number[];
  /** Concentration whose contour in the truth is drawn; `null` for none. @default 0.15 */
  readonly edge?: number | null;
  /** Difference of the last colours of the error map. @default 0.5 */
  readonly errorRange?: number;
  /** Words under the forecast and the reference of each row, such as their RMSE. @default none */
  readonly notes?: readonly { readonly forecast: string; readonly reference: string }[];
}

const GAP = 12;

/**
 * Last input, truth, forecast, reference and error (forecast − truth) as maps, one row for each lead, as SVG.
 *
 * @throws {PlotError} when a field does not fit the grid or a lead is not in the forecast.
 */
export function forecastPanel(options: ForecastPanelOptions): Svg {
  const { width: W, height: H, lastInput, truth, forecast, reference, mask, notes } = options;
  const { edge = 0.15, errorRange = 0.5, referenceName = 'reference' } = options;
  const cells = W * H;
  expectLength('lastInput', lastInput.length, cells, `[${H},${W}]`);
  const steps = Math.round(forecast.length / cells);
  const stack = { truth, forecast, reference };
  for (const [name, values] of Object.entries(stack)) {
    expectLength(name, values.length, steps * cells, `[${steps},${H},${W}]`);
  }
  const leads = options.leads ?? [1, 3, 7].filter((lead) => lead <= steps);
  for (const lead of leads) {
    if (Number.isInteger(lead) && lead >= 1 && lead <= steps) continue;
    throw new PlotError(`leads must be whole days from 1 to ${steps}. Received: ${lead}.`);
  }

  const aspect = Math.min(2.2, Math.max(0.45, W / H));
  const tile = { width: 190 * Math.sqrt(aspect), height: (190 * Math.sqrt(aspect) * H) / W };
  const note = notes === undefined ? 0 : 18;
  const [left, top] = [108, topOf(options, 40)];
  const columnAt = (column: number) => left + column * (tile.width + GAP);
  const rowAt = (row: number) => top + row * (tile.height + GAP + note);

  const titles = ['last input', 'truth', 'forecast', referenceName, 'forecast − truth'];
  const heads = titles.map((text, column) =>
    label(columnAt(column) + tile.width / 2, top - 10, text, {
      size: SIZE.panel,
      weight: 'bold',
      anchor: 'middle',
      color: INK.title,
    }),
  );
  const rows = leads.map((lead, row) => {
    const of = (field: Float32Array) => field.subarray((lead - 1) * cells, lead * cells);
    const error = Float32Array.from(of(forecast), (value, i) => value - (of(truth)[i] ?? NaN));
    const style: FieldStyle = { colormap: 'vik', range: [-errorRange, errorRange] };
    const line = edge === null ? undefined : { values: of(truth), level: edge };
    const before = edge === null ? undefined : { level: edge };
    const tiles = [
      { values: lastInput, line: before },
      { values: of(truth), line },
      { values: of(forecast), line },
      { values: of(reference), line },
      { values: error, line, style },
    ];
    const y = rowAt(row);
    const words = notes?.[row];
    return [
      label(left - 16, y + tile.height / 2, `+${lead} day${lead === 1 ? '' : 's'}`, {
        size: SIZE.panel,
        weight: 'bold',
        anchor: 'end',
        color: INK.title,
      }),
      label(left - 16, y + tile.height / 2 + 17, dayAfter(options.issueDate, lead), {
        size: SIZE.small,
        anchor: 'end',
        color: INK.quiet,
      }),
      ...tiles.map(({ values, line: contour, style: colors }, column) =>
        mapTile(
          { values, width: W, height: H, ...(mask ? { mask } : {}) },
          { x: columnAt(column), y, ...tile },
          colors,
          contour,
        ),
      ),
      ...(words === undefined ? [] : [words.forecast, words.reference]).map((text, index) =>
        label(columnAt(2 + index) + tile.width / 2, y + tile.height + 15, text, {
          size: SIZE.small,
          anchor: 'middle',
          color: INK.quiet,
        }),
      ),
    ].join('');
  });

  const bottom = rowAt(leads.length) - GAP;
  const barHeight = Math.min(bottom - top - note, 230);
  const [first, second] = [columnAt(5) + 6, columnAt(5) + 88];
  const keys = legend(left, bottom + 26, columnAt(5) - left, [
    ...(edge === null
      ? []
      : [{ name: `observed ice edge (${Math.round(edge * 100)} %)`, color: EDGE_COLOR }]),
    ...fieldKeys([lastInput, truth], mask),
  ]);
  return figure(
    second + 80,
    bottom + 22 + keys.height,
    { ...options, title: `${options.title}, issued ${options.issueDate}` },
    ...heads,
    ...rows,
    colorBar({ x: first, y: top, width: 12, height: barHeight }, 'ice', [0, 1], 'concentration'),
    colorBar(
      { x: second, y: top, width: 12, height: barHeight },
      'vik',
      [-errorRange, errorRange],
      'forecast − truth',
    ),
    keys.svg,
  );
}

/** The date `days` after another. */
function dayAfter(date: string, days: number): string {
  const start = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(start)) {
    throw new PlotError(`issueDate must be a date YYYY-MM-DD. Received: ${date}.`);
  }
  return new Date(start + days * 86_400_000).toISOString().slice(0, 10);
}
