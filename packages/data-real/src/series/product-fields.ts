import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  coordinateTransform,
  dayOf,
  decodeStored,
  readStoredPlane,
  type Placement,
  type RasterFile,
  type RasterVariable,
  type StoredArray,
} from '@arctic/raster';
import { DataRealError } from '../errors.js';
import { gridShape, type Hemisphere } from '../polar-stereographic.js';
import { openProduct } from '../products/open-product.js';
import { cellsOfCodes, cellsOfFlags } from './cell-meaning.js';
import type { ConcentrationProduct } from './concentration-products.js';
import { CELL, type FieldGrid, type FieldKind, type SicField } from './sic-field.js';

/** The files of a product at a path: the file itself, or those of a folder and below, by name. */
export async function productFiles(
  input: string,
  product: ConcentrationProduct,
): Promise<readonly string[]> {
  const entry = await stat(input).catch(() => null);
  if (!entry) return [];
  if (!entry.isDirectory()) return product.file.test(basename(input)) ? [input] : [];
  const names = await readdir(input, { recursive: true });
  return names
    .filter((name) => product.file.test(basename(name)))
    .sort()
    .map((name) => join(input, name));
}

/**
 * The steps of a NetCDF or GeoTIFF file as fields: headers are read here, values when a field is
 * decoded (the file is opened again then, so that a folder of thousands keeps no handles).
 *
 * @throws RasterError, DataRealError `UnsupportedFormat` (no such variable, no grid, no time)
 */
export async function productFields(
  path: string,
  product: ConcentrationProduct,
): Promise<readonly SicField[]> {
  const file = await openProduct(path);
  try {
    const [variable] = variablesOf(file, product);
    // Some days without an observation come as files that hold their axes alone.
    if (!variable) return [];
    const { placement } = variable;
    if (!placement?.crs || !placement.transform) throw unfit(path, 'a grid with a CRS', 'none');
    const grid = gridOf(variable, placement);
    const kind: FieldKind = /monthly|_\d{6}_|_\d{6}\.|_\d{6}-/i.test(
      `${variable.name} ${basename(path)}`,
    )
      ? 'monthly'
      : 'daily';
    const hemisphere = hemisphereOf(placement.crs, grid);
    const days = variable.times.map((time) => dayOf(time));
    if (days.length === 0 || days.includes(null)) throw unfit(path, 'a time', 'none');
    return days.map((day, step) => ({
      path,
      source: product.source,
      kind,
      hemisphere,
      day: kind === 'monthly' ? firstOfMonth(day ?? 0) : Math.floor(day ?? 0),
      sensor: sensorOf(variable.name, basename(path)),
      version: /[_-]f?(v\d+(?:[.r]\d+)*)/i.exec(basename(path))?.[1]?.toLowerCase() ?? 'unknown',
      observed: null,
      grid,
      decodeInto: (sic, cells) => decodeStep(path, product, step, sic, cells),
    }));
  } finally {
    await file.close();
  }
}

/**
 * The variables of a product, the newest satellite first (N07 of Nimbus is older than all F of
 * DMSP); none where the file has no variable with rows and columns at all.
 */
function variablesOf(file: RasterFile, product: ConcentrationProduct): readonly RasterVariable[] {
  const rank = ({ name }: RasterVariable) => `${name.startsWith('N') ? 0 : 1}${name}`;
  const found = file.variables
    .filter(({ name }) => product.variable.test(name))
    .sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
  const fields = file.variables.filter(({ shape }) => shape.length >= 2);
  if (found.length > 0 || fields.length === 0) return found;
  const names = fields.map(({ name }) => name).join(', ');
  throw unfit(file.path, `a variable ${product.variable.source}`, names);
}

/** A step of the first variable that has a value in it, else of the last. */
async function observedStep(path: string, variables: readonly RasterVariable[], step: number) {
  for (const [i, variable] of variables.entries()) {
    const stored = await planeAt(path, variable, step);
    const values = decodeStored(stored, variable.dtype, variable.decoding);
    const observed = values.some((value) => !Number.isNaN(value));
    if (observed || i === variables.length - 1) return { variable, stored, values };
  }
  throw unfit(path, 'a concentration', 'none');
}

async function decodeStep(
  path: string,
  product: ConcentrationProduct,
  step: number,
  sic: Float32Array,
  cells: Uint8Array,
): Promise<void> {
  const file = await openProduct(path);
  try {
    const { variable, stored, values } = await observedStep(path, variablesOf(file, product), step);
    const status = file.variables.find((candidate) => candidate.name === product.status);
    const flags = status ? await planeAt(path, status, step) : null;
    const known = product.codes ? cellsOfCodes(product.codes) : cellsOfFlags(variable.attributes);
    const ofFlag = (status && cellsOfFlags(status.attributes)) ?? (() => 0);
    const toFraction = /^\s*(%|percent)/i.test(variable.units ?? '') ? 0.01 : 1;
    for (let i = 0; i < sic.length; i++) {
      const value = (values[i] ?? NaN) * toFraction;
      const surface = (flags ? ofFlag(flags[i] ?? 0) : 0) & ~CELL.missing;
      const solid = surface & (CELL.land | CELL.coast | CELL.unused);
      const hole = surface & CELL.poleHole;
      if (!Number.isNaN(value) && !solid) {
        // Retrievals may lie a little outside of 0..1; a fraction of area cannot.
        sic[i] = Math.min(1, Math.max(0, value));
        cells[i] = CELL.ocean;
        continue;
      }
      sic[i] = NaN;
      // Where surfaces have codes, a cell without one is ocean that was not observed. Without any
      // word it is outside the product, unless it has a value another day.
      const unseen = flags || known ? CELL.ocean | CELL.missing : 0;
      cells[i] = solid || known?.(stored[i] ?? NaN) || hole || unseen;
    }
  } finally {
    await file.close();
  }
}

function planeAt(path: string, variable: RasterVariable, step: number): Promise<StoredArray> {
  const time = variable.timeAxis === null ? undefined : variable.dims[variable.timeAxis];
  return readStoredPlane(path, variable, time === undefined ? {} : { at: { [time]: step } });
}

function gridOf({ shape }: RasterVariable, placement: Placement): FieldGrid {
  const height = shape[placement.rowAxis] ?? 0;
  const width = shape[placement.columnAxis] ?? 0;
  const { crs, transform } = placement;
  for (const hemisphere of ['north', 'south'] as const) {
    const known = gridShape(hemisphere);
    if (
      known.crs === crs &&
      known.height === height &&
      known.width === width &&
      known.transform.every((value, i) => value === transform?.[i])
    )
      return { name: known.name, crs, transform, height, width };
  }
  const pixel = Math.abs(transform?.[1] ?? 0);
  const name = `${(crs ?? '').replace(/\W+/g, '').toLowerCase().slice(0, 20)}-${pixel}`;
  return { name, crs, transform, height, width };
}

function hemisphereOf(crs: string, { transform, height, width }: FieldGrid): Hemisphere {
  const [x0 = 0, dx = 0, , y0 = 0, , dy = 0] = transform ?? [];
  const toLonLat = coordinateTransform(crs, 'EPSG:4326');
  const [, latitude] = toLonLat(x0 + (width / 2) * dx, y0 + (height / 2) * dy);
  return latitude < 0 ? 'south' : 'north';
}

function sensorOf(variable: string, name: string): string {
  return (
    /(?:^|_)([nf]\d\d|am2|amsr2?e?|ssmi[s]?)(?:_|\.)/i
      .exec(`${variable}_${name}`)?.[1]
      ?.toLowerCase() ?? 'multi'
  );
}

function firstOfMonth(day: number): number {
  const date = new Date(day * 86_400_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 86_400_000;
}

function unfit(path: string, expected: string, received: string): DataRealError {
  return new DataRealError(
    'UnsupportedFormat',
    `${path}: expected ${expected}. Received: ${received}. Give a file of the source under its original name.`,
  );
}
