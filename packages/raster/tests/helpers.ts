import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { isRasterError, type RasterErrorTag, type SicCube } from '../src/index.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');

export function fixture(name: string): string {
  return join(FIXTURES, name);
}

export interface ExpectedCube {
  readonly shape: readonly [number, number, number];
  readonly days: readonly number[];
  readonly sic: readonly (number | null)[];
  readonly area: readonly number[];
  readonly ocean: readonly number[];
}

/** What zarr-python wrote into the cubes among the fixtures. */
export function expectedCube(): ExpectedCube {
  return JSON.parse(readFileSync(fixture('expected.json'), 'utf8')).cube;
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'arctic-raster-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The message of the RasterError that `action` must end in. */
export async function failure(action: () => unknown, tag: RasterErrorTag): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (isRasterError(error, tag)) return error.message;
    throw error;
  }
  throw new Error(`expected a RasterError ${tag}`);
}

/** A cube of [steps, 5, 4] with one land cell and one missing observation. */
export function smallCube(steps: number, value: (i: number) => number): SicCube {
  const plane = 20;
  const sic = Float32Array.from({ length: steps * plane }, (_, i) => value(i));
  for (let t = 0; t < steps; t++) sic[t * plane + 3] = NaN;
  sic[7] = NaN;
  const ocean = new Uint8Array(plane).fill(1);
  ocean[3] = 0;
  return {
    sic,
    days: Int32Array.from({ length: steps }, (_, t) => 17000 + t),
    ocean,
    area: new Float32Array(plane).fill(625),
    height: 5,
    width: 4,
    grid: { name: 'tiny', crs: 'EPSG:3411', transform: [-3850000, 25000, 0, 5850000, 0, -25000] },
    attrs: { source: 'test', synthetic: true, seed: 7, note: { nested: ['yes'] } },
  };
}
