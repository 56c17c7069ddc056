import { cellAreas, isoDate, type SicCube } from '@arctic/raster';
import { sourceEntry, type SourceName } from '../catalogue.js';
import { DataRealError } from '../errors.js';
import { gridShape, polarStereographicGrid, type Hemisphere } from '../polar-stereographic.js';
import type { SicSeries } from './read-series.js';
import { CELL, type FieldGrid, type FieldKind } from './sic-field.js';

/** Values of `flags.surface`. */
const SURFACE = { ocean: 0, coast: 1, land: 2, unused: 3 } as const;

/**
 * A series as one cube on a regular axis of days or months: dates without a file between the first
 * and the last become steps of NaN, listed in `attrs.insertedDates`.
 *
 * @throws DataRealError `InvalidOption` where the cube would not fit into memory.
 */
export async function cubeOf(
  source: SourceName,
  series: SicSeries,
  onField: (done: number) => void = () => undefined,
): Promise<SicCube> {
  const { fields, kind, hemisphere, duplicates } = series;
  const [first] = fields;
  if (!first)
    throw new DataRealError('NoData', 'Expected a series of one step at least. Received: none.');
  const { name, crs, transform, height, width } = first.grid;
  const plane = height * width;
  const days = regularDays(kind, first.day, fields.at(-1)?.day ?? 0);
  const fieldOf = new Map(fields.map((field) => [field.day, field]));
  const sic = allocate(days.length, plane);
  const been = new Uint8Array(plane);
  const cells = new Uint8Array(plane);
  let done = 0;
  for (const [t, day] of days.entries()) {
    const field = fieldOf.get(day);
    const out = sic.subarray(t * plane, (t + 1) * plane);
    if (field) {
      await field.decodeInto(out, cells);
      for (let i = 0; i < plane; i++) been[i] = (been[i] ?? 0) | (cells[i] ?? 0);
      onField(++done);
    } else out.fill(NaN);
  }
  // Land before coast: a cell that was ever land stays so where another version calls it coast.
  const surface = been.map((bits) => {
    if (bits & CELL.land) return SURFACE.land;
    if (bits & CELL.coast) return SURFACE.coast;
    return bits & (CELL.ocean | CELL.poleHole) ? SURFACE.ocean : SURFACE.unused;
  });
  const ocean = surface.map((cell) => (cell === SURFACE.ocean ? 1 : 0));
  const poleHole = been.map((bits, i) => (bits & CELL.poleHole && ocean[i] ? 1 : 0));
  const missing = Int32Array.from(days, (_, t) =>
    countMissing(sic.subarray(t * plane, (t + 1) * plane), ocean, poleHole),
  );
  const { title, citation, licence, link } = sourceEntry(source);
  return {
    sic,
    days,
    ocean,
    area: Float32Array.from(areasOf(first.grid, hemisphere)),
    poleHole,
    flags: { surface, missing },
    height,
    width,
    grid: { name, crs, transform },
    attrs: {
      source,
      synthetic: false,
      title,
      citation,
      licence,
      link,
      kind,
      hemisphere,
      sensors: [...new Set(fields.map(({ sensor }) => sensor))].sort(),
      versions: [...new Set(fields.map(({ version }) => version))].sort(),
      files: fields.length,
      insertedDates: Array.from(days)
        .filter((day) => !fieldOf.has(day))
        .map(isoDate),
      duplicates,
    },
  };
}

/** True areas in km²: NSIDC's 25 km grids by their own ellipsoid, others by their projection. */
function areasOf(grid: FieldGrid, hemisphere: Hemisphere): Float64Array {
  if (grid.name === gridShape(hemisphere).name) return polarStereographicGrid(hemisphere).area;
  const { crs, transform, height, width } = grid;
  return crs === null || transform === null
    ? new Float64Array(height * width)
    : cellAreas({ crs, transform, height, width });
}

/** Ocean cells without a value; under the pole hole none is expected. */
function countMissing(sic: Float32Array, ocean: Uint8Array, poleHole: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < sic.length; i++)
    if (ocean[i] && !poleHole[i] && Number.isNaN(sic[i])) count += 1;
  return count;
}

/** All days, or the first days of all months, from first to last. */
function regularDays(kind: FieldKind, first: number, last: number): Int32Array {
  if (kind === 'daily') return Int32Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const date = new Date(isoDate(first));
  const days: number[] = [];
  for (let month = date.getUTCMonth(); ; month++) {
    const day = Date.UTC(date.getUTCFullYear(), month, 1) / 86_400_000;
    if (day > last) return Int32Array.from(days);
    days.push(day);
  }
}

function allocate(steps: number, plane: number): Float32Array {
  try {
    return new Float32Array(steps * plane);
  } catch (cause) {
    throw new DataRealError(
      'InvalidOption',
      `Expected a series that fits into memory. Received: ${steps} steps of ${plane} cells, ${Math.ceil((steps * plane * 4) / 2 ** 30)} GiB. Take a part of it with from and to.`,
      { cause },
    );
  }
}
