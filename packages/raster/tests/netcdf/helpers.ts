import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RasterFile, RasterVariable } from '../../src/raster-file.js';
import type { FileVariable, TypedAttribute } from '../../src/netcdf/file-variable.js';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'netcdf');
const SHARED =
  process.env['ARCTIC_REAL_DATA'] ?? join(import.meta.dirname, '../../../../../shared/data');

export const SKIP_NOTE = 'the folder shared/data with the real files is not here';

export function fixture(name: string): string {
  return join(FIXTURES, name);
}

export function realFile(name: string): string | null {
  const path = join(SHARED, name);
  return existsSync(path) ? path : null;
}

/** What netCDF4-python reads; null stands for masked. */
export interface ExpectedVariable {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly (number | null)[];
  readonly sum: number;
  readonly weighted: number;
}

export function expectedFile(name: string): Readonly<Record<string, ExpectedVariable>> {
  return JSON.parse(readFileSync(fixture('expected.json'), 'utf8'))[name];
}

export function expectedTimes(): readonly (readonly [string, string, number, string])[] {
  return JSON.parse(readFileSync(fixture('expected.json'), 'utf8')).times;
}

export function variableOf(file: RasterFile, name: string): RasterVariable {
  const found = file.variables.find((variable) => variable.name === name);
  if (!found) throw new Error(`no variable ${name}`);
  return found;
}

/** Values with null for missing. */
export function listed(data: Float32Array | Float64Array): readonly (number | null)[] {
  return Array.from(data, (value) => (Number.isNaN(value) ? null : value));
}

/** A variable with nothing in it, for what attributes mean. */
export function bareVariable(
  attributes: Readonly<Record<string, TypedAttribute>>,
  parts: Partial<FileVariable> = {},
): FileVariable {
  return {
    group: [],
    name: 'v',
    dims: [],
    type: 'int16',
    attributes: new Map(Object.entries(attributes)),
    fill: null,
    chunkShape: [],
    load: () => Promise.resolve(new Int16Array()),
    ...parts,
  };
}
