import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RasterVariable } from '../../src/raster-file.js';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'geotiff');

/** Real files are kept outside the repo; tests that need them skip with a word where they are not. */
const REAL = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'data');
export const SKIP_NOTE = 'the folder with real files is not there';

export function realFile(name: string): string | undefined {
  const path = join(REAL, name);
  return existsSync(path) ? path : undefined;
}

export function tiff(name: string): string {
  return join(FIXTURES, name);
}

/** What rasterio reads from one size of a file. */
export interface ExpectedLevel {
  readonly shape: readonly [number, number];
  readonly transform: readonly number[] | null;
  /** Per band: a digest of the values as float64, or the values of lossy ones. */
  readonly bands: readonly (string | readonly number[])[];
  /** Per band: a digest of 1 for valid and 0, empty where all are valid. */
  readonly masks: readonly string[];
}

export interface ExpectedTiff extends ExpectedLevel {
  readonly dtype: readonly string[];
  readonly crs: string | null;
  /** Row, column, x, y. */
  readonly controlPoints: readonly (readonly [number, number, number, number])[];
  readonly nodata: string | null;
  readonly names: readonly (string | null)[];
  readonly units: readonly (string | null)[];
  readonly scales: readonly number[];
  readonly offsets: readonly number[];
  /** How far values may differ. */
  readonly lossy: number;
  readonly palette?: readonly (readonly number[])[];
  readonly overviews: readonly ExpectedLevel[];
}

export function expectedTiffs(): Readonly<Record<string, ExpectedTiff>> {
  return JSON.parse(readFileSync(tiff('expected.json'), 'utf8'));
}

/** First digits of the SHA-256 of values as little-endian float64, every NaN the same. */
export function digestOf(values: ArrayLike<number>): string {
  return digest(new Uint8Array(Float64Array.from(values).buffer));
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** 1 where a variable has a value. */
export async function validOf(variable: RasterVariable): Promise<Uint8Array> {
  const { data } = await variable.read();
  return Uint8Array.from(data, (value) => (Number.isNaN(value) ? 0 : 1));
}
