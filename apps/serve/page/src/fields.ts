import type { SafetensorsFile } from '@arctic/nn';
import type { Api } from './api.js';
import type { Grid, Hemisphere, Model } from './shapes.js';

/** The box of all cells of a grid. */
const WHOLE = { min_lon: -180, min_lat: -90, max_lon: 180, max_lat: 90 } as const;

interface OnGrid {
  readonly grid: Grid;
  readonly synthetic: boolean;
  readonly attribution: readonly string[];
  /** [N] 1 = ocean. */
  readonly mask: ArrayLike<number>;
}

/** A forecast on the whole grid; values are concentration 0..1, NaN where there is no forecast. */
export interface ForecastFields extends OnGrid {
  readonly issued: string;
  /** The day of each lead, ISO. */
  readonly times: readonly string[];
  readonly model: Model;
  /** [L,N] */
  readonly sic: Float32Array;
  readonly interval: {
    readonly level: number;
    readonly lower: Float32Array;
    readonly upper: Float32Array;
  } | null;
  /** [L,N] damped anomaly persistence. */
  readonly reference: Float32Array;
}

/** A day's observation on the whole grid. */
export interface ObservedFields extends OnGrid {
  readonly observed: string;
  readonly source: string;
  /** [N] */
  readonly sic: Float32Array;
  /** [N] 0 observed, 1 filled from an earlier day, 2 missing, 3 land. */
  readonly status: ArrayLike<number>;
}

export async function fetchForecast(
  api: Api,
  hemisphere: Hemisphere,
  date: string,
  signal: AbortSignal,
): Promise<ForecastFields> {
  const query = { ...WHOLE, hemisphere, date, format: 'safetensors' };
  const file = await api.arrays('predictions/7day', query, signal);
  const level = said<number | null>(file, 'intervalLevel');
  return {
    ...onGrid(file),
    issued: said(file, 'issued'),
    times: said(file, 'times'),
    model: said(file, 'model'),
    sic: floats(file, 'sic'),
    interval:
      level === null ? null : { level, lower: floats(file, 'lower'), upper: floats(file, 'upper') },
    reference: floats(file, 'reference'),
  };
}

export async function fetchObservation(
  api: Api,
  hemisphere: Hemisphere,
  date: string,
  signal: AbortSignal,
): Promise<ObservedFields> {
  const query = { ...WHOLE, hemisphere, date, format: 'safetensors' };
  const file = await api.arrays('observations', query, signal);
  return {
    ...onGrid(file),
    observed: said(file, 'observed'),
    source: said(file, 'source'),
    sic: floats(file, 'sic'),
    status: floats(file, 'status'),
  };
}

function onGrid(file: SafetensorsFile): OnGrid {
  return {
    grid: said(file, 'grid'),
    synthetic: said(file, 'synthetic'),
    attribution: said(file, 'attribution'),
    mask: tensor(file, 'mask'),
  };
}

/** T is what the API's schema says of the JSON answer's field of this name. */
function said<T>({ metadata }: SafetensorsFile, name: string): T {
  return JSON.parse(metadata[name] ?? 'null') as T;
}

function tensor({ tensors }: SafetensorsFile, name: string): Float32Array | Int32Array {
  const found = tensors.get(name);
  if (!found) throw new Error(`Expected the array ${name} in the answer. Received: none`);
  return found.data;
}

function floats(file: SafetensorsFile, name: string): Float32Array {
  const data = tensor(file, name);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
