import { messageOf, type Api } from './api.js';
import { byId, make } from './dom.js';
import { leadChart } from './lead-chart.js';
import type { Verification } from './shapes.js';
import type { Page } from './state.js';

type Lead = Verification['totals'][number];
type ScoreName = 'rmse' | 'mae' | 'iiee' | 'binaryAccuracy';

const SCORES: Readonly<
  Record<
    ScoreName,
    {
      readonly label: string;
      readonly unit: string;
      readonly digits: number;
      readonly scale: number;
    }
  >
> = {
  rmse: { label: 'RMSE', unit: 'percentage points', digits: 2, scale: 100 },
  mae: { label: 'Mean absolute error', unit: 'percentage points', digits: 2, scale: 100 },
  iiee: { label: 'Ice-edge error', unit: 'thousand km²', digits: 0, scale: 1e-3 },
  binaryAccuracy: { label: 'Binary accuracy', unit: '%', digits: 2, scale: 1 },
};
const NAMES = [
  ['model', 'forecaster'],
  ['dampedAnomalyPersistence', 'damped anomaly persistence'],
  ['persistence', 'persistence'],
  ['climatology', 'climatology'],
] as const;

/** Scores of the forecasts that were issued, beside what is easily had. @returns reads them anew */
export function startScorePanel(page: Page, api: Api): () => Promise<void> {
  const target = byId('scores', HTMLDivElement);
  const score = byId('score', HTMLSelectElement);
  const scored = byId('scored', HTMLSelectElement);
  let read: Verification | null = null;
  score.append(
    ...Object.entries(SCORES).map(([value, { label }]) => make('option', { value }, label)),
  );

  const show = () => {
    if (!read) return;
    const one = read.forecasts.find(({ issued }) => issued === scored.value);
    const leads = one?.leads ?? read.totals;
    if (leads.length === 0) {
      target.replaceChildren(
        make(
          'p',
          { class: 'hint' },
          'Nothing is verified yet: forecasts are scored when the days that they speak of are observed.',
        ),
      );
      return;
    }
    const name = score.value as ScoreName; // of the options above
    target.replaceChildren(...figureOf(leads, name, one ? 1 : read.forecasts.length));
  };
  score.addEventListener('change', show);
  scored.addEventListener('change', show);

  return async () => {
    const { domain } = page.now;
    if (!domain) {
      target.replaceChildren(make('p', { class: 'hint' }, 'There are no data of this pole yet.'));
      return;
    }
    target.replaceChildren(make('p', { class: 'hint' }, 'Reading the scores …'));
    try {
      read = await api.json<Verification>('verification', { hemisphere: domain.hemisphere });
      scored.replaceChildren(
        make('option', { value: '' }, `all ${read.forecasts.length}`),
        ...[...read.forecasts]
          .reverse()
          .map(({ issued }) => make('option', { value: issued }, `issued ${issued}`)),
      );
      show();
    } catch (error) {
      target.replaceChildren(make('p', { class: 'wrong', role: 'alert' }, messageOf(error)));
    }
  };
}

function figureOf(leads: readonly Lead[], name: ScoreName, count: number): readonly Node[] {
  const { label: title, unit, digits, scale } = SCORES[name];
  const label = `${title}, ${unit}`;
  const valueOf = (lead: Lead, of: (typeof NAMES)[number][0]) => {
    const value = lead[of][name];
    return value === null ? NaN : value * scale;
  };
  const series = NAMES.map(([of, title]) => ({
    title,
    values: leads.map((lead) => valueOf(lead, of)),
  }));
  const table = make(
    'table',
    {},
    make(
      'caption',
      {},
      `${label}, by lead, over ${count} ${count === 1 ? 'forecast' : 'forecasts'}`,
    ),
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        make('th', { scope: 'col' }, 'day'),
        ...NAMES.map(([, title]) => make('th', { scope: 'col' }, title)),
        make('th', { scope: 'col' }, 'cells'),
      ),
    ),
    make(
      'tbody',
      {},
      ...leads.map((lead, i) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, String(lead.lead)),
          ...series.map(({ values }) => make('td', {}, text(values[i], digits))),
          make('td', {}, lead.model.n.toLocaleString('en')),
        ),
      ),
    ),
  );
  const chart = leadChart({
    label,
    digits,
    leads: leads.map(({ lead }) => lead),
    series,
    fromZero: name !== 'binaryAccuracy',
  });
  return [
    chart,
    make(
      'details',
      {},
      make('summary', {}, 'As a table'),
      make(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of scores' },
        table,
      ),
    ),
  ];
}

function text(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
}
