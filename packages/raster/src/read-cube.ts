import { stat } from 'node:fs/promises';
import * as zarr from 'zarrita';
import { dayNumber, isoDate } from './dates.js';
import { RasterError, reasonOf } from './errors.js';
import type { Transform } from './raster.js';
import type { GridInfo, SicAttributes, SicCube } from './sic-cube.js';
import type { CubeProgress } from './write-cube.js';
import { hasArray, readPlane, readSteps, readVector, type ZarrGroup } from './zarr-arrays.js';
import { FolderStore } from './zarr-store.js';

export interface ReadCubeOptions {
  /** First day, ISO date, inclusive. @default the first in the store */
  readonly from?: string;
  /** Last day, ISO date, inclusive. @default the last in the store */
  readonly to?: string;
  /** Called after each chunk. @default nothing */
  readonly onProgress?: (progress: CubeProgress) => void;
}

/** Attributes that `writeCube` adds and that the cube holds elsewhere. */
const STRUCTURAL = ['Conventions', 'units', 'dims', 'timeUnits', 'crs', 'transform', 'grid'];

/**
 * The cube in a Zarr folder (format 2 or 3), as `writeCube` or a Python program wrote it: arrays
 * `sic` [T,H,W] (float, or integers with CF `scale_factor`, `add_offset` and `_FillValue`), `time`
 * [T] in days, `ocean` [H,W] and `area` [H,W]. Only the chunks of the days asked for are read.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`, `WrongShape`, `InvalidValue`
 */
export async function readCube(folder: string, options: ReadCubeOptions = {}): Promise<SicCube> {
  const from = options.from === undefined ? -Infinity : dayNumber(options.from);
  const to = options.to === undefined ? Infinity : dayNumber(options.to);
  const group = await openGroup(folder);

  const allDays = Int32Array.from(await readVector(group, 'time'));
  const first = allDays.findIndex((day) => day >= from);
  const end = allDays.findLastIndex((day) => day <= to) + 1;
  if (first < 0 || end <= first) {
    throw new RasterError(
      'InvalidValue',
      `${folder}: expected days within ${isoDate(allDays[0] ?? 0)} to ${isoDate(allDays.at(-1) ?? 0)}. Received: from ${options.from ?? 'the start'} to ${options.to ?? 'the end'}. Ask for days in the store.`,
    );
  }
  const { data: sic, shape } = await readSteps(group, 'sic', first, end, options.onProgress);
  const [steps = 0, height = 0, width = 0] = shape;
  if (steps !== allDays.length) {
    throw new RasterError(
      'WrongShape',
      `${folder}: expected sic with ${allDays.length} steps, as time has. Received: ${steps}. Make the store again.`,
    );
  }
  const attrs: Record<string, unknown> = { ...group.attrs };
  const grid = gridOf(attrs);
  for (const name of STRUCTURAL) Reflect.deleteProperty(attrs, name);
  const plane = [height, width] as const;
  const ocean = await readPlane(group, 'ocean', plane);
  const area = await readPlane(group, 'area', plane);
  if (!ocean || !area) {
    throw new RasterError(
      'UnsupportedFormat',
      `${folder}: expected arrays sic, time, ocean and area. Received: no ${ocean ? 'area' : 'ocean'}. Write the store with writeCube, or add the array.`,
    );
  }
  const poleHole = await readPlane(group, 'pole_hole', plane);
  const surface = await readPlane(group, 'surface', plane);
  const missing = surface && Int32Array.from(await readVector(group, 'missing'));
  const filled = (await hasArray(group, 'filled'))
    ? (await readSteps(group, 'filled', first, end)).data
    : undefined;
  return {
    sic,
    days: allDays.slice(first, end),
    ocean: Uint8Array.from(ocean),
    area: Float32Array.from(area),
    ...(poleHole && { poleHole: Uint8Array.from(poleHole) }),
    ...(surface &&
      missing && {
        flags: { surface: Uint8Array.from(surface), missing: missing.slice(first, end) },
      }),
    ...(filled && { filled: Uint8Array.from(filled) }),
    height,
    width,
    grid,
    attrs: sicAttributes(attrs),
  };
}

async function openGroup(folder: string): Promise<ZarrGroup> {
  const entry = await stat(folder).catch(() => undefined);
  if (!entry?.isDirectory()) {
    throw new RasterError(
      'MissingFile',
      `${folder}: expected a Zarr folder. Received: ${entry ? 'a file' : 'nothing there'}. Check the path.`,
    );
  }
  try {
    const { attrs } = await zarr.open(new FolderStore(folder), { kind: 'group' });
    return { folder, location: zarr.root(new FolderStore(folder)), attrs };
  } catch (cause) {
    throw new RasterError(
      'UnsupportedFormat',
      `${folder}: expected a Zarr group. Received: ${reasonOf(cause)}. Name the folder that holds zarr.json or .zgroup.`,
      { cause },
    );
  }
}

function gridOf(attrs: Readonly<Record<string, unknown>>): GridInfo {
  const grid = attrs['grid'];
  const name =
    typeof grid === 'object' && grid !== null && 'name' in grid && typeof grid.name === 'string'
      ? grid.name
      : 'unnamed';
  const crs = typeof attrs['crs'] === 'string' ? attrs['crs'] : null;
  return { name, crs, transform: isTransform(attrs['transform']) ? attrs['transform'] : null };
}

function isTransform(value: unknown): value is Transform {
  return Array.isArray(value) && value.length === 6 && value.every(Number.isFinite);
}

function sicAttributes(attrs: Readonly<Record<string, unknown>>): SicAttributes {
  const { source, synthetic } = attrs;
  return {
    ...attrs,
    source: typeof source === 'string' ? source : 'unknown',
    synthetic: synthetic === true,
  };
}
