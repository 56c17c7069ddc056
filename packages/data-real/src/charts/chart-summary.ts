import { polygonAreaKm2 } from '@arctic/raster';
import type { CodeName, IceChart } from './ice-chart.js';

/** What a chart holds, in numbers. */
export interface ChartSummary {
  readonly path: string;
  readonly crs: string | null;
  /** Polygons of the chart. */
  readonly polygons: number;
  /** Polygons by code, for every code column; '' where a polygon has none. */
  readonly codes: Readonly<Partial<Record<CodeName, Readonly<Record<string, number>>>>>;
  /** True area in km² by total concentration (CT); empty where the CRS is unknown. */
  readonly areaKm2: Readonly<Record<string, number>>;
}

/**
 * Counts and true areas of a chart by its codes, as stored.
 *
 * @throws RasterError `UnsupportedFormat` for a projection that is not understood.
 */
export function chartSummary(chart: IceChart): ChartSummary {
  const codes: Partial<Record<CodeName, Record<string, number>>> = {};
  for (const name of chart.codeNames) {
    const counts = new Map<string, number>();
    for (const { codes: own } of chart.polygons) {
      const code = own[name] ?? '';
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    codes[name] = Object.fromEntries(counts);
  }
  const areas = new Map<string, number>();
  if (chart.crs !== null) {
    for (const { rings, codes: own } of chart.polygons) {
      const code = own.CT ?? '';
      areas.set(code, (areas.get(code) ?? 0) + polygonAreaKm2(rings, chart.crs));
    }
  }
  return {
    path: chart.path,
    crs: chart.crs,
    polygons: chart.polygons.length,
    codes,
    areaKm2: Object.fromEntries(areas),
  };
}
