import { readFile } from 'node:fs/promises';
import { isoDate, makeVariable, type RasterFile } from '@arctic/raster';
import { DataRealError, reasonOf } from '../errors.js';

/** One row of a table of the Sea Ice Index. */
export interface ExtentRow {
  /** ISO date; of a month its first day. */
  readonly date: string;
  /** Sum of the cells of at least 15 % ice, million km²; NaN where missing. */
  readonly extent: number;
  /** Daily tables: extent of the cells without data, million km²; monthly ones: ice area. NaN where missing or absent. */
  readonly missing: number;
  readonly area: number;
}

/** The number that stands for missing. */
const MISSING = -9999;

/**
 * A table of extents of the Sea Ice Index (G02135): daily (`N_seaice_extent_daily_v3.0.csv`, whose
 * last column is a quoted list of files) or one month through the years (`N_09_extent_v3.0.csv`).
 *
 * @throws DataRealError `MissingInput`, `UnsupportedFormat` for another table, `DamagedFile` naming
 * the line.
 */
export async function readSeaIceIndexCsv(path: string): Promise<readonly ExtentRow[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DataRealError(
      'MissingInput',
      `${path}: expected a readable table. Received: ${reasonOf(cause)}. Check the path.`,
      { cause },
    );
  });
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const column = (...names: readonly string[]) => header.findIndex((name) => names.includes(name));
  const [year, month, day] = [column('year'), column('mo', 'month'), column('day')];
  const [extent, missing, area] = [column('extent'), column('missing'), column('area')];
  if (year < 0 || month < 0 || extent < 0) {
    throw new DataRealError(
      'UnsupportedFormat',
      `${path}: expected the columns year, month and extent. Received: ${header.join(', ').slice(0, 200)}. Give a table of the Sea Ice Index.`,
    );
  }
  const rows: ExtentRow[] = [];
  for (const [i, line] of lines.entries()) {
    const cells = line.split(',').map((cell) => cell.trim());
    // The header, the row of units, and blank lines.
    if (i === 0 || !/^\d/.test(cells[year] ?? '')) continue;
    const number = (at: number) => {
      const value = at < 0 ? NaN : Number(cells[at]);
      return value === MISSING ? NaN : value;
    };
    const ms = Date.UTC(number(year), number(month) - 1, day < 0 ? 1 : number(day));
    if (Number.isNaN(ms) || Number.isNaN(Number(cells[extent] ?? NaN))) {
      throw new DataRealError(
        'DamagedFile',
        `${path}: expected a date and an extent in line ${i + 1}. Received: ${line.slice(0, 80)}. Download the file again.`,
      );
    }
    rows.push({
      date: isoDate(ms / 86_400_000),
      extent: number(extent),
      missing: number(missing),
      area: number(area),
    });
  }
  return rows;
}

/** Whether the name is that of one of its tables. */
export function isSeaIceIndexTable(path: string): boolean {
  return /(^|[/\\])[NS]_.*extent.*\.csv$/i.test(path);
}

/** A table as a file of columns over time: `extent`, and `missing` or `area`. @throws as above */
export async function openSeaIceIndexTable(path: string): Promise<RasterFile> {
  const rows = await readSeaIceIndexCsv(path);
  const times = rows.map(({ date }) => `${date}T00:00:00Z`);
  const columns = (['extent', 'missing', 'area'] as const).filter((name) =>
    rows.some((row) => !Number.isNaN(row[name])),
  );
  return {
    path,
    format: 'flat-binary',
    crs: null,
    transform: null,
    times,
    variables: columns.map((name) =>
      makeVariable({
        path,
        name,
        dims: ['time'],
        shape: [rows.length],
        dtype: 'float64',
        units: '1e6 km2',
        timeAxis: 0,
        times,
        load: ({ start: [first = 0], count: [count = 0] }) =>
          Promise.resolve(Float64Array.from(rows.slice(first, first + count), (row) => row[name])),
      }),
    ),
    attributes: {},
    close: () => Promise.resolve(),
  };
}
