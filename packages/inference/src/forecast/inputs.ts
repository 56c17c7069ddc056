import { climatologyOn, dampedAnomalyPersistence, type Climatology } from '@arctic/metrics';
import type { ForecastSeries } from './series.js';

/** What the network sees of each day of history: concentration, anomaly and the mask of active cells. */
export const PAST_CHANNELS = ['concentration', 'anomaly', 'active'] as const;
/** What it knows of each target day: reference forecast, climatology, mask, and the day of the year as a point on a circle. */
export const FUTURE_CHANNELS = [
  'reference',
  'climatology',
  'active',
  'dayOfYearSin',
  'dayOfYearCos',
] as const;

/** Anomalies are small: this brings them to the range of the other channels. */
const ANOMALY_SCALE = 4;

/** A rectangle of the grid. */
export interface Crop {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
  /**
   * How the rectangle is turned, for augmentation: bit 1 swaps rows and columns (squares only), bit 2 reverses the
   * rows, bit 4 the columns. @default 0
   */
  readonly symmetry?: number;
}

/** Model inputs and targets of B cases, row-major. */
export interface ForecastArrays {
  readonly crop: { readonly height: number; readonly width: number };
  /** [B,Tin,h,w,3] */
  readonly past: Float32Array;
  /** [B,Tout,h,w,5] */
  readonly future: Float32Array;
  /** [B,Tout,h,w] damped anomaly persistence, 0..1, 0 outside the active cells. */
  readonly reference: Float32Array;
  /** [B,Tout,h,w] observed concentration, 0 where there is none. */
  readonly target: Float32Array;
  /** [B,Tout,h,w] 1 where the target was observed in an active cell. */
  readonly weights: Float32Array;
}

/** Days of history and of forecast. */
export interface Steps {
  readonly inputSteps: number;
  readonly outputSteps: number;
}

/** What of a series the inputs are made from. */
export interface SeriesFields extends Pick<
  ForecastSeries,
  'sic' | 'observed' | 'days' | 'height' | 'width' | 'active' | 'damping'
> {
  /** The climatology, or its field [N] of a day (since 1970-01-01). */
  readonly climatology: Climatology | ((day: number) => Float32Array);
}

/** Bytes of climatological fields that a builder keeps. */
const SEASONAL_BYTES = 64e6;

/** Builds the inputs of a series; keeps the climatological fields of the days it has seen last. */
export function createInputBuilder(series: SeriesFields, { inputSteps, outputSteps }: Steps) {
  const { sic, observed, days, width: gridWidth, active, damping, climatology } = series;
  const cells = series.height * gridWidth;
  const seasonal = new Map<number, Float32Array>();
  const climatologyOf = (day: number): Float32Array => {
    const known = seasonal.get(day);
    if (known) return known;
    const field =
      typeof climatology === 'function' ? climatology(day) : climatologyOn(climatology, day);
    if ((seasonal.size + 1) * field.byteLength > SEASONAL_BYTES) seasonal.clear();
    seasonal.set(day, field);
    return field;
  };
  const dayOf = (index: number) => (days[0] ?? 0) + index;

  /**
   * The damped anomaly persistence of lead 1…L issued on day `issue` (an index), each [N], 0 outside the active cells.
   */
  function reference(issue: number, lead: number): Float32Array {
    const field = dampedAnomalyPersistence({
      newest: sic.subarray(issue * cells, (issue + 1) * cells),
      climatologyNow: climatologyOf(dayOf(issue)),
      climatologyThen: climatologyOf(dayOf(issue + lead)),
      alpha: damping.alpha.subarray((lead - 1) * cells, lead * cells),
    });
    for (let i = 0; i < cells; i++) if (!active[i] || Number.isNaN(field[i])) field[i] = 0;
    return field;
  }

  function fillCase(
    arrays: ForecastArrays,
    position: number,
    issue: number,
    { row, column, height, width, symmetry = 0 }: Crop,
  ): void {
    const area = height * width;
    const past = arrays.past.subarray(
      position * inputSteps * area * 3,
      (position + 1) * inputSteps * area * 3,
    );
    const outputs = position * outputSteps * area;
    const places = placement(height, width, symmetry);
    const each = (visit: (cell: number, local: number) => void) => {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          visit((row + y) * gridWidth + column + x, places[y * width + x] as number);
        }
      }
    };
    for (let step = 0; step < inputSteps; step++) {
      const index = issue - inputSteps + 1 + step;
      const normal = climatologyOf(dayOf(index));
      each((cell, local) => {
        if (!active[cell]) return;
        const value = sic[index * cells + cell] as number;
        const at = (step * area + local) * 3;
        past[at] = finite(2 * value - 1);
        past[at + 1] = finite(ANOMALY_SCALE * (value - (normal[cell] as number)));
        past[at + 2] = 1;
      });
    }
    for (let lead = 1; lead <= outputSteps; lead++) {
      const index = issue + lead;
      const forecast = reference(issue, lead);
      const normal = climatologyOf(dayOf(index));
      const angle = (2 * Math.PI * dayOf(index)) / 365.2425;
      const sine = Math.sin(angle);
      const cosine = Math.cos(angle);
      const start = outputs + (lead - 1) * area;
      const known = index < days.length;
      each((cell, local) => {
        if (!active[cell]) return;
        const guess = forecast[cell] as number;
        arrays.reference[start + local] = guess;
        const at = (start + local) * 5;
        arrays.future[at] = 2 * guess - 1;
        arrays.future[at + 1] = finite(2 * (normal[cell] as number) - 1);
        arrays.future[at + 2] = 1;
        arrays.future[at + 3] = sine;
        arrays.future[at + 4] = cosine;
        if (known && observed[index * cells + cell]) {
          arrays.target[start + local] = sic[index * cells + cell] as number;
          arrays.weights[start + local] = 1;
        }
      });
    }
  }

  /** The arrays of cases issued at these indices of the series, each with a crop of the same size. */
  function build(
    cases: readonly { readonly issue: number; readonly crop: Crop }[],
  ): ForecastArrays {
    const { height, width } = cases[0]?.crop ?? { height: 0, width: 0 };
    const area = cases.length * height * width;
    const arrays: ForecastArrays = {
      crop: { height, width },
      past: new Float32Array(area * inputSteps * 3),
      future: new Float32Array(area * outputSteps * 5),
      reference: new Float32Array(area * outputSteps),
      target: new Float32Array(area * outputSteps),
      weights: new Float32Array(area * outputSteps),
    };
    cases.forEach(({ issue, crop }, position) => {
      fillCase(arrays, position, issue, crop);
    });
    return arrays;
  }

  return { build, reference };
}

/** The arrays with the weights of each lead multiplied by its factor. */
export function weighLeads(arrays: ForecastArrays, leadWeights: readonly number[]): ForecastArrays {
  const area = arrays.crop.height * arrays.crop.width;
  const weights = arrays.weights.map(
    (w, i) => w * (leadWeights[Math.floor(i / area) % leadWeights.length] as number), // one for each lead
  );
  return { ...arrays, weights };
}

function finite(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** Where each cell of a rectangle goes under a symmetry, row-major. */
function placement(height: number, width: number, symmetry: number): Int32Array {
  const places = new Int32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [a, b] = symmetry & 1 ? [x, y] : [y, x];
      const rowTo = symmetry & 2 ? height - 1 - a : a;
      const columnTo = symmetry & 4 ? width - 1 - b : b;
      places[y * width + x] = rowTo * width + columnTo;
    }
  }
  return places;
}
