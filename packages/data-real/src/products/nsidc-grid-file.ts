import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Placement, RasterFile, RasterVariable } from '@arctic/raster';
import { DataRealError, reasonOf } from '../errors.js';
import { gridShape } from '../polar-stereographic.js';
import { flatVariable } from './flat-variable.js';

/** Kilometres a side of the polar stereographic grids that NSIDC gives tables for. */
const RESOLUTIONS: Readonly<Record<string, number>> = { '25': 1, '12': 2, '06': 4 };

const TABLES = {
  area: { name: 'cell_area', scale: 1e-3, units: 'km2' },
  lats: { name: 'latitude', scale: 1e-5, units: 'degrees_north' },
  lons: { name: 'longitude', scale: 1e-5, units: 'degrees_east' },
} as const;

const TABLE_NAME = /^ps([ns])(25|12|06)(area|lats|lons)_v\d+\.dat$/i;
const MASK_NAME =
  /(?:^region_?mask_([ns])h_ps(25|12|06)km.*\.bin|^(?:region_([ns])|gsfc_25([ns])|.*[_.](?:25)?([ns]))\.msk)$/i;

/** Whether the name is that of one of NSIDC's grid tables or masks without a header. */
export function isNsidcGridFile(path: string): boolean {
  return TABLE_NAME.test(basename(path)) || MASK_NAME.test(basename(path));
}

/**
 * One of NSIDC's tables of a polar stereographic grid (`psn25area_v3.dat`, `…lats…`, `…lons…`:
 * int32, little-endian) or a region or land mask (NSIDC-0780, `region_n.msk`, `gsfc_25n.msk`: uint8,
 * with or without a header of 300 bytes), as a file of one variable [H,W].
 *
 * @throws DataRealError `MissingInput`, `DamagedFile` (size), `UnsupportedFormat` (name)
 */
export async function openNsidcGridFile(path: string): Promise<RasterFile> {
  const table = TABLE_NAME.exec(basename(path));
  const mask = MASK_NAME.exec(basename(path));
  if (!table && !mask)
    throw new DataRealError(
      'UnsupportedFormat',
      `${path}: expected a name such as psn25area_v3.dat or RegionMask_NH_ps25km_304x448_2021.bin. Received: ${basename(path)}. Give the file its original name.`,
    );
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DataRealError(
      'MissingInput',
      `${path}: expected a readable file. Received: ${reasonOf(cause)}. Check the path.`,
      { cause },
    );
  });
  const letter = (
    table?.[1] ??
    mask?.[1] ??
    mask?.[3] ??
    mask?.[4] ??
    mask?.[5] ??
    'n'
  ).toLowerCase();
  const { placement, shape } = gridOf(letter, table?.[2] ?? mask?.[2] ?? '25');
  const cells = (shape[0] ?? 0) * (shape[1] ?? 0);
  const common = { path, dims: ['y', 'x'], shape, placement };
  let variable: RasterVariable;
  if (table) {
    assertSize(path, bytes.length, [4 * cells]);
    const { name, scale, units } = TABLES[(table[3] ?? '').toLowerCase() as keyof typeof TABLES]; // by the pattern
    const data = new Int32Array(cells);
    for (let i = 0; i < cells; i++) data[i] = bytes.readInt32LE(4 * i);
    const decoding = { scale, offset: 0, missing: [], validMin: -Infinity, validMax: Infinity };
    variable = flatVariable(data, { ...common, name, dtype: 'int32', units, decoding });
  } else {
    assertSize(path, bytes.length, [cells, cells + 300]);
    const data = new Uint8Array(bytes.subarray(bytes.length - cells));
    variable = flatVariable(data, { ...common, name: 'region', dtype: 'uint8', units: null });
  }
  return {
    path,
    format: 'flat-binary',
    crs: placement.crs,
    transform: placement.transform,
    times: [],
    variables: [variable],
    attributes: {},
    close: () => Promise.resolve(),
  };
}

function gridOf(letter: string, resolution: string) {
  const base = gridShape(letter === 's' ? 'south' : 'north');
  const finer = RESOLUTIONS[resolution] ?? 1;
  const [x0, dx, , y0, , dy] = base.transform;
  const placement: Placement = {
    rowAxis: 0,
    columnAxis: 1,
    rowsFromSouth: false,
    columnsFromEast: false,
    crs: base.crs,
    transform: [x0, dx / finer, 0, y0, 0, dy / finer],
  };
  return { placement, shape: [base.height * finer, base.width * finer] };
}

function assertSize(path: string, received: number, expected: readonly number[]): void {
  if (expected.includes(received)) return;
  throw new DataRealError(
    'DamagedFile',
    `${path}: expected ${expected.join(' or ')} bytes for the grid that the name says. Received: ${received}. Download the file again.`,
  );
}
