import type { ColormapName } from '@arctic/plots/colormap';
import type { State } from './state.js';

export type LayerName = 'observed' | 'forecast' | 'change' | 'error' | 'uncertainty';

/** What a cell holds where it holds no value. */
export const CELL = { value: 0, land: 1, missing: 2, notForecast: 3 } as const;

/** A field that is drawn. */
export interface Shown {
  /** [N] in the layer's unit. */
  readonly values: Float32Array;
  /** [N] one of CELL. */
  readonly cells: Uint8Array;
}

export interface Layer {
  readonly name: LayerName;
  readonly label: string;
  readonly hint: string;
  /** Over the legend; the unit is part of it. */
  readonly title: string;
  readonly palette: ColormapName;
  readonly range: readonly [low: number, high: number];
  /** Values of the legend's ticks. */
  readonly ticks: readonly number[];
  /** A value as text, with its unit. */
  readonly text: (value: number) => string;
  /** Whether the day slider changes it. */
  readonly byDay: boolean;
  /** The field, or why there is none. */
  readonly of: (state: State) => Shown | string;
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const points = (value: number) => {
  const text = (100 * value).toFixed(1);
  return `${Number(text) > 0 ? '+' : ''}${text.replace('-', '−')} points`;
};

const CONCENTRATION = {
  palette: 'ice',
  range: [0, 1],
  ticks: [0, 0.15, 0.4, 0.6, 0.8, 1],
  text: percent,
} as const;
const DIFFERENCE = {
  palette: 'vik',
  range: [-0.5, 0.5],
  ticks: [-0.5, -0.25, 0, 0.25, 0.5],
  text: points,
} as const;

export const LAYERS: readonly Layer[] = [
  {
    name: 'observed',
    label: 'Observed',
    hint: 'on the issue day',
    title: 'Observed concentration, %',
    ...CONCENTRATION,
    byDay: false,
    of({ observed }) {
      if (!observed) return 'No observation yet.';
      const { sic, status } = observed;
      const cells = Uint8Array.from(status, (what) =>
        what === 3 ? CELL.land : what === 2 ? CELL.missing : CELL.value,
      );
      return { values: sic, cells };
    },
  },
  {
    name: 'forecast',
    label: 'Forecast',
    hint: 'one to seven days ahead',
    title: 'Forecast concentration, %',
    ...CONCENTRATION,
    byDay: true,
    of: (state) => withForecast(state, (values) => values),
  },
  {
    name: 'change',
    label: 'Change',
    hint: 'forecast minus the issue day',
    title: 'Change since issue day, % points',
    ...DIFFERENCE,
    byDay: true,
    of: (state) =>
      withForecast(state, (values) =>
        state.observed ? minus(values, state.observed.sic) : 'No observation yet.',
      ),
  },
  {
    name: 'error',
    label: 'Error',
    hint: 'forecast minus what came',
    title: 'Forecast − observed, % points',
    ...DIFFERENCE,
    byDay: true,
    of: (state) =>
      withForecast(state, (values, lead) => {
        const { truth, forecast } = state;
        const day = forecast?.times[lead - 1];
        return truth && truth.observed === day
          ? minus(
              values,
              truth.sic.map((v, i) => (truth.status[i] === 0 ? v : NaN)),
            )
          : `${day ?? 'The day'} is not observed yet.`;
      }),
  },
  {
    name: 'uncertainty',
    label: 'Uncertainty',
    hint: 'width of the interval',
    title: 'Width of the interval, % points',
    palette: 'viridis',
    range: [0, 0.6],
    ticks: [0, 0.2, 0.4, 0.6],
    text: (value) => `${(100 * value).toFixed(1)} points`,
    byDay: true,
    of: (state) =>
      withForecast(state, (_, lead) => {
        const interval = state.forecast?.interval;
        return interval
          ? minus(stepOf(interval.upper, state, lead), stepOf(interval.lower, state, lead))
          : 'This forecaster gives no interval.';
      }),
  },
];

export function layerOf(name: LayerName): Layer {
  return LAYERS.find((one) => one.name === name) as Layer; // one of each name
}

/** The field of a lead, [N], out of [L,N]. */
export function stepOf(fields: Float32Array, { forecast }: State, lead: number): Float32Array {
  const cells = forecast ? forecast.grid.width * forecast.grid.height : 0;
  return fields.subarray((lead - 1) * cells, lead * cells);
}

/** The forecast concentration that is shown, of the page's own making where there is one. */
export function forecastOf(state: State, lead = state.lead): Float32Array | null {
  return state.forecast ? stepOf(state.own ?? state.forecast.sic, state, lead) : null;
}

function withForecast(
  state: State,
  make: (values: Float32Array, lead: number) => Float32Array | string,
): Shown | string {
  const values = forecastOf(state);
  if (!values || !state.forecast) return 'No forecast for this day yet.';
  const made = make(values, state.lead);
  if (typeof made === 'string') return made;
  const { mask } = state.forecast;
  const cells = Uint8Array.from(made, (value, i) => {
    if (!mask[i]) return CELL.land;
    if (!Number.isNaN(value)) return CELL.value;
    return Number.isNaN(values[i]) ? CELL.notForecast : CELL.missing;
  });
  return { values: made, cells };
}

function minus(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value - (b[i] ?? NaN));
}
