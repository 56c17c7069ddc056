import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../fixtures/charts');

/** The path of a fixture of tools/fixtures/charts.py. */
export function chartFixture(name: string): string {
  return join(FOLDER, name);
}

interface ExpectedPolygon {
  readonly rings: readonly (readonly number[])[];
  readonly areaKm2: number;
}

/** What pyshp, geopandas, pyproj and rasterio say of the fixtures. */
export interface ExpectedCharts {
  readonly sigrid: {
    readonly rings: readonly (readonly (readonly number[])[])[];
    readonly records: readonly Readonly<Record<string, string | number | null>>[];
    readonly areaKm2: readonly number[];
  };
  readonly sigridIndex: {
    readonly grid: {
      readonly crs: string;
      readonly transform: readonly [number, number, number, number, number, number];
      readonly height: number;
      readonly width: number;
    };
    readonly rows: readonly string[];
  };
  readonly eggAreaKm2: readonly number[];
  readonly geopackage: readonly ExpectedPolygon[];
}

export const EXPECTED = JSON.parse(
  readFileSync(chartFixture('expected.json'), 'utf8'),
) as ExpectedCharts; // written by the script

/** Rings as plain numbers. */
export function plain(rings: readonly Float64Array[]): number[][] {
  return rings.map((ring) => [...ring]);
}
