import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as zarr from 'zarrita';
import { replaceFolder } from './atomic-file.js';
import { assertCube } from './check-cube.js';
import {
  CHUNK_STEPS,
  isQuantised,
  MISSING_BYTE,
  STEPS_PER_UNIT,
  toBytes,
} from './cube-encoding.js';
import type { SicCube } from './sic-cube.js';
import { writeConsolidatedGroup } from './zarr/write-group.js';
import { FolderStore } from './zarr-store.js';

const compress = promisify(gzip);

/** Chunks compressed side by side; zlib has four threads by default. */
const PARALLEL = 4;

/** How far writing or reading a cube has come. */
export interface CubeProgress {
  /** Time steps done. */
  readonly done: number;
  /** Time steps in all. */
  readonly total: number;
}

export interface WriteCubeOptions {
  /** Called after each chunk. @default nothing */
  readonly onProgress?: (progress: CubeProgress) => void;
}

type Values = Uint8Array | Int32Array | Float32Array | Float64Array;

/**
 * Writes a cube as a Zarr group (format 3, gzip), whole or not at all; an earlier store at `folder`
 * is replaced at the end. zarr-python 3 and xarray open it: `sic`, `time`, `ocean`, `area`, `x`, `y`,
 * and where the cube has them `pole_hole`, `surface`, `missing`, `filled`.
 *
 * `sic` is stored as bytes of 1/250 with CF `scale_factor` where all values are multiples of 1/250,
 * as float32 with NaN otherwise; `readCube` gives the same float32 values back either way.
 *
 * @throws RasterError `WrongShape`, `InvalidValue` (nothing is written then), `WriteFailed`
 */
export async function writeCube(
  folder: string,
  cube: SicCube,
  options: WriteCubeOptions = {},
): Promise<void> {
  assertCube(folder, cube);
  await replaceFolder(folder, async (temporary) => {
    const { grid, attrs, height, width } = cube;
    const root = zarr.root(new FolderStore(temporary));
    await writeSic(root, cube, options);
    if (cube.filled) await writeFilled(root, cube, cube.filled);
    await writeOne(root, 'time', cube.days, ['time'], {
      standard_name: 'time',
      units: 'days since 1970-01-01',
      calendar: 'standard',
    });
    const plane = ['y', 'x'];
    await writeOne(
      root,
      'ocean',
      cube.ocean,
      plane,
      { long_name: '1 where the cell is ocean' },
      width,
    );
    await writeOne(root, 'area', cube.area, plane, { long_name: 'cell area', units: 'km2' }, width);
    if (cube.poleHole) {
      await writeOne(
        root,
        'pole_hole',
        cube.poleHole,
        plane,
        { long_name: '1 under the pole hole' },
        width,
      );
    }
    if (cube.flags) {
      const classes = { flag_values: [0, 1, 2, 3], flag_meanings: 'ocean coast land unused' };
      await writeOne(root, 'surface', cube.flags.surface, plane, classes, width);
      await writeOne(root, 'missing', cube.flags.missing, ['time'], {
        long_name: 'ocean cells without an observation',
      });
    }
    if (grid.transform) {
      const [x0, dx, , y0, , dy] = grid.transform;
      const axis = (count: number, from: number, step: number) =>
        Float64Array.from({ length: count }, (_, i) => from + (i + 0.5) * step);
      await writeOne(root, 'x', axis(width, x0, dx), ['x'], { axis: 'X' });
      await writeOne(root, 'y', axis(height, y0, dy), ['y'], { axis: 'Y' });
    }
    await writeConsolidatedGroup(root.store, {
      ...attrs,
      Conventions: 'CF-1.10',
      units: '1',
      dims: ['time', 'y', 'x'],
      timeUnits: 'days since 1970-01-01',
      crs: grid.crs,
      transform: grid.transform,
      grid: { ...grid, height, width },
    });
  });
}

async function writeSic(
  root: zarr.Location<FolderStore>,
  cube: SicCube,
  options: WriteCubeOptions,
): Promise<void> {
  const { height, width } = cube;
  const total = cube.days.length;
  const plane = height * width;
  const steps = Math.min(CHUNK_STEPS, total);
  const bytes = isQuantised(cube.sic);
  await zarr.create(root.resolve('sic'), {
    shape: [total, height, width],
    chunkShape: [steps, height, width],
    dtype: bytes ? 'uint8' : 'float32',
    codecs: codecsFor(bytes ? 1 : 4),
    fillValue: bytes ? MISSING_BYTE : NaN,
    dimensionNames: ['time', 'y', 'x'],
    attributes: {
      standard_name: 'sea_ice_area_fraction',
      units: '1',
      _ARRAY_DIMENSIONS: ['time', 'y', 'x'],
      ...(bytes && { scale_factor: 1 / STEPS_PER_UNIT, add_offset: 0, _FillValue: MISSING_BYTE }),
    },
  });
  let done = 0;
  const writeChunk = async (index: number) => {
    const first = index * steps;
    const part = cube.sic.subarray(first * plane, (first + steps) * plane);
    const chunk = bytes ? toBytes(part, steps * plane) : padded(part, steps * plane);
    await root.store.set(`/sic/c/${index}/0/0`, await compressed(chunk));
    done += Math.min(steps, total - first);
    options.onProgress?.({ done, total });
  };
  const count = Math.ceil(total / steps);
  for (let next = 0; next < count; next += PARALLEL) {
    const batch = Math.min(PARALLEL, count - next);
    await Promise.all(Array.from({ length: batch }, (_, k) => writeChunk(next + k)));
  }
}

/** What was filled, in the same chunks as the values. */
async function writeFilled(
  root: zarr.Location<FolderStore>,
  { days, height, width }: SicCube,
  filled: Uint8Array,
): Promise<void> {
  const plane = height * width;
  const steps = Math.min(CHUNK_STEPS, days.length);
  await zarr.create(root.resolve('filled'), {
    shape: [days.length, height, width],
    chunkShape: [steps, height, width],
    dtype: 'uint8',
    codecs: codecsFor(1),
    fillValue: 0,
    dimensionNames: ['time', 'y', 'x'],
    attributes: {
      _ARRAY_DIMENSIONS: ['time', 'y', 'x'],
      flag_values: [0, 1, 2],
      flag_meanings: 'observed_or_missing filled_in_time filled_under_pole_hole',
    },
  });
  for (let first = 0; first < days.length; first += steps) {
    const chunk = new Uint8Array(steps * plane);
    chunk.set(filled.subarray(first * plane, (first + steps) * plane));
    await root.store.set(`/filled/c/${first / steps}/0/0`, await compressed(chunk));
  }
}

/** An array in one chunk: a vector, or with `width` a plane. */
async function writeOne(
  root: zarr.Location<FolderStore>,
  name: string,
  data: Values,
  dimensions: readonly string[],
  attributes: Record<string, unknown>,
  width?: number,
): Promise<void> {
  const shape = width === undefined ? [data.length] : [data.length / width, width];
  await zarr.create(root.resolve(name), {
    shape,
    chunkShape: shape,
    dtype:
      data instanceof Uint8Array
        ? 'uint8'
        : data instanceof Int32Array
          ? 'int32'
          : data instanceof Float32Array
            ? 'float32'
            : 'float64',
    codecs: codecsFor(data.BYTES_PER_ELEMENT),
    fillValue: 0,
    dimensionNames: [...dimensions],
    attributes: { ...attributes, _ARRAY_DIMENSIONS: dimensions },
  });
  await root.store.set(`/${name}/c/${shape.map(() => 0).join('/')}`, await compressed(data));
}

function codecsFor(size: number) {
  return [
    { name: 'bytes', configuration: size > 1 ? { endian: 'little' } : {} },
    // Ice fields are mostly flat: level 1 is within a few percent of level 9, at several times its speed.
    { name: 'gzip', configuration: { level: 1 } },
  ];
}

async function compressed(data: Values): Promise<Uint8Array> {
  return compress(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), { level: 1 });
}

function padded(part: Float32Array, length: number): Float32Array {
  if (part.length === length) return part;
  const out = new Float32Array(length).fill(NaN);
  out.set(part);
  return out;
}
