import { axes, legend, type Box, type LegendItem } from './axes.js';
import { expectSome } from './errors.js';
import { figure, topOf, type Captions } from './figure.js';
import { extent, integerScale, linearScale, logScale, type Scale } from './scale.js';
import { element, pathThrough, textWidth, type Svg } from './svg.js';
import { INK, SIZE, seriesColor } from './theme.js';

/** A trial of a search. */
export interface SearchTrial {
  /** Values by the name of the setting. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its score; null where it failed. */
  readonly score: number | null;
  /** Scores on the way, by epochs (or whatever the budget counts). */
  readonly curve: readonly { readonly budget: number; readonly score: number }[];
}

/** What a search for hyper-parameters found. */
export interface SearchOverviewOptions extends Captions {
  /** The best first. */
  readonly trials: readonly SearchTrial[];
  /** Name of the score with its unit. */
  readonly scoreLabel: string;
  /** Label of what budgets count. @default 'epoch' */
  readonly budgetLabel?: string;
}

const [PANEL_WIDTH, PANEL_HEIGHT, COLUMNS] = [300, 210, 3];
const [GAP_X, GAP_Y] = [92, 92];

/**
 * The scores of all trials by epoch and by each setting, as SVG; the best trial marked, logarithmic
 * axes where values span more than a factor of 20.
 *
 * @throws {PlotError} when no trial has a score.
 */
export function searchOverview(options: SearchOverviewOptions): Svg {
  const { trials, scoreLabel, budgetLabel = 'epoch' } = options;
  const scored = trials.filter(({ score }) => score !== null && Number.isFinite(score));
  expectSome('trials with a score', scored);
  const names = [...new Set(scored.flatMap(({ settings }) => Object.keys(settings)))].filter(
    (name) => new Set(scored.map(({ settings }) => JSON.stringify(settings[name]))).size > 1,
  );
  const top = topOf(options, 30);
  const boxes = Array.from({ length: names.length + 1 }, (_, i): Box => ({
    x: 88 + (i % COLUMNS) * (PANEL_WIDTH + GAP_X),
    y: top + Math.floor(i / COLUMNS) * (PANEL_HEIGHT + GAP_Y),
    width: PANEL_WIDTH,
    height: PANEL_HEIGHT,
  }));
  const columns = Math.min(COLUMNS, boxes.length);
  const bottom = (boxes.at(-1)?.y ?? top) + PANEL_HEIGHT;
  const width = 88 + columns * PANEL_WIDTH + (columns - 1) * GAP_X + 24;
  const [curves, ...panels] = boxes;
  const failed = trials.length - scored.length;
  const items: LegendItem[] = [
    { name: 'best trial', color: seriesColor(1) },
    {
      name: `${scored.length - 1} other trials${failed === 0 ? '' : `, ${failed} failed`}`,
      color: seriesColor(0),
    },
  ];
  return figure(
    width,
    bottom + 86,
    options,
    curves === undefined ? '' : drawCurves(scored, curves, budgetLabel, scoreLabel),
    ...names.map((name, i) => drawSetting(scored, name, panels[i] as Box, scoreLabel)), // one each
    legend(88, bottom + 64, width - 112, items).svg,
  );
}

function drawCurves(
  trials: readonly SearchTrial[],
  box: Box,
  budgetLabel: string,
  scoreLabel: string,
): Svg {
  const points = trials.flatMap(({ curve }) => curve);
  const x = integerScale(extent(points.map(({ budget }) => budget)), inside(box), 6);
  const y = scoreScale(
    points.map(({ score }) => score),
    box,
  );
  const lines = trials.map(({ curve }, i) => {
    const way = curve.map(({ budget, score }) => [x(budget), y(score)] as const);
    const color = i === 0 ? seriesColor(1) : seriesColor(0);
    const last = way.filter(([, at]) => Number.isFinite(at)).at(-1);
    return (
      element('path', {
        d: pathThrough(way),
        fill: 'none',
        stroke: color,
        'stroke-width': i === 0 ? 2.8 : 1.4,
        'stroke-opacity': i === 0 ? 1 : 0.45,
        'stroke-linejoin': 'round',
      }) + (last === undefined ? '' : dot(last[0], last[1], i === 0))
    );
  });
  const title = `By ${budgetLabel}`;
  return axes(box, x, y, { x: budgetLabel, y: scoreLabel, title }) + lines.reverse().join('');
}

function drawSetting(
  trials: readonly SearchTrial[],
  name: string,
  box: Box,
  scoreLabel: string,
): Svg {
  const values = trials.map(({ settings }) => settings[name]);
  const { scale, place } = settingScale(values, inside(box));
  const y = scoreScale(
    trials.map(({ score }) => score ?? NaN),
    box,
  );
  const dots = trials.map(({ score }, i) => dot(place(values[i]), y(score ?? NaN), i === 0));
  return (
    axes(box, scale, y, { x: name, y: scoreLabel, title: `By ${name}` }) + dots.reverse().join('')
  );
}

/** Numbers on a line, anything else as categories side by side. */
function settingScale(
  values: readonly unknown[],
  range: readonly [number, number],
): { readonly scale: Scale; readonly place: (value: unknown) => number } {
  if (values.every((value) => typeof value === 'number')) {
    const ends = extent(values);
    const scale =
      ends[0] > 0 && ends[1] / ends[0] > 20 ? logScale(ends, range) : linearScale(ends, range);
    return { scale, place: (value) => scale(value as number) };
  }
  const text = (value: unknown) =>
    typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const categories = [...new Set(values.map(text))].sort();
  const step = (range[1] - range[0]) / categories.length;
  const at = (index: number) => range[0] + (index + 0.5) * step;
  const scale: Scale = Object.assign(at, {
    ticks: categories.map((category, value) => ({ value, label: shortened(category, step - 6) })),
  });
  return { scale, place: (value) => at(categories.indexOf(text(value))) };
}

function shortened(text: string, width: number): string {
  if (textWidth(text, SIZE.tick) <= width) return text;
  let short = text;
  while (short.length > 1 && textWidth(`${short}…`, SIZE.tick) > width) short = short.slice(0, -1);
  return `${short}…`;
}

/** Logarithmic where positive values span more than a factor of 20. */
function scoreScale(values: readonly number[], { y, height }: Box): Scale {
  const [low, high] = extent(values);
  const range = [y + height, y] as const;
  return low > 0 && high / low > 20
    ? logScale([low, high], range)
    : linearScale([low, high], range);
}

function inside({ x, width }: Box): [number, number] {
  return [x + 10, x + width - 10];
}

function dot(cx: number, cy: number, best: boolean): Svg {
  return element('circle', {
    cx,
    cy,
    r: best ? 5.4 : 3.6,
    fill: best ? seriesColor(1) : seriesColor(0),
    'fill-opacity': best ? 1 : 0.7,
    stroke: INK.paper,
    'stroke-width': 1,
  });
}
