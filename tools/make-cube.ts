import { type ForecastSeries, prepareSeries, statisticsFromDaily } from '@arctic/inference';
import { dayNumber, type SicCube } from '@arctic/raster';

/** What a made-up cube looks like. */
export interface CubeOptions {
  readonly from: string;
  readonly days: number;
  readonly height?: number;
  readonly width?: number;
  readonly source?: string;
}

/** A seasonal cycle that differs from cell to cell and year to year; the first column is land. */
export function makeCube(options: CubeOptions): SicCube {
  const { from, days: count, height = 8, width = 8, source = 'made-up' } = options;
  const first = dayNumber(from);
  const cells = height * width;
  const sic = new Float32Array(count * cells);
  for (let t = 0; t < count; t++) {
    for (let i = 0; i < cells; i++) {
      const season = Math.cos((2 * Math.PI * (first + t - 60)) / 365.25 + (i % 5) / 5);
      const weather =
        0.15 * Math.sin((first + t) / 9 + i) + 0.05 * Math.sin((first + t) * 1.7 + i * i);
      sic[t * cells + i] = i % width === 0 ? NaN : clip(0.5 + 0.45 * season + weather);
    }
  }
  return {
    sic,
    days: Int32Array.from({ length: count }, (_, t) => first + t),
    ocean: Uint8Array.from({ length: cells }, (_, i) => (i % width === 0 ? 0 : 1)),
    area: new Float32Array(cells).fill(625),
    height,
    width,
    grid: { name: `made-up-${height}x${width}`, crs: null, transform: null },
    attrs: { source, synthetic: source === 'made-up' },
  };
}

/** The same, ready for a forecaster: statistics and damping from the first `trainingDays`. */
export function makeSeries(
  cube: SicCube,
  { trainingDays, leads = 2 }: { readonly trainingDays: number; readonly leads?: number },
): ForecastSeries {
  const from = cube.days[0] ?? 0;
  const to = from + trainingDays - 1;
  return prepareSeries(cube, statisticsFromDaily(cube, from, to), { leads, from, to });
}

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}
