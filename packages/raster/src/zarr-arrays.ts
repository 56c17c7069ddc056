import * as zarr from 'zarrita';
import { dayNumber } from './dates.js';
import { RasterError, reasonOf } from './errors.js';
import type { CubeProgress } from './write-cube.js';
import type { FolderStore } from './zarr-store.js';

/** An open Zarr group with the folder's name for messages. */
export interface ZarrGroup {
  readonly folder: string;
  readonly location: zarr.Location<FolderStore>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

type NumberArray = zarr.Array<zarr.NumberDataType | zarr.BigintDataType, FolderStore>;

/**
 * Steps [first, end) of a [T,H,W] array as float32, CF scale and offset applied, fill values NaN;
 * and the shape of the whole array.
 */
export async function readSteps(
  group: ZarrGroup,
  name: string,
  first: number,
  end: number,
  onProgress?: (progress: CubeProgress) => void,
): Promise<{ readonly data: Float32Array; readonly shape: readonly number[] }> {
  const array = await openArray(group, name);
  if (!array || array.shape.length !== 3) {
    throw unreadable(
      group,
      `an array ${name} with three axes [T,H,W]`,
      array ? `[${array.shape.join(', ')}]` : 'none',
    );
  }
  const [steps = 1, rows = 1, columns = 1] = array.chunks;
  const [total = 0, height = 0, width = 0] = array.shape;
  const last = Math.min(end, total);
  const data = new Float32Array(Math.max(0, last - first) * height * width);
  const decode = decoder(array, await formatTwoFill(group, name, array));
  for (let ct = Math.floor(first / steps); ct * steps < last; ct++) {
    const t0 = Math.max(first, ct * steps);
    const t1 = Math.min(last, (ct + 1) * steps);
    for (let cy = 0; cy * rows < height; cy++) {
      for (let cx = 0; cx * columns < width; cx++) {
        const chunk = await readChunk(group, name, array, [ct, cy, cx]);
        const x0 = cx * columns;
        const count = Math.min(columns, width - x0);
        // Whole rows side by side in file and memory are copied in one go.
        const rowsAtOnce = columns === width ? Math.min(rows, height - cy * rows) : 1;
        for (let t = t0; t < t1; t++) {
          for (let y = cy * rows; y < Math.min(height, (cy + 1) * rows); y += rowsAtOnce) {
            const source = ((t - ct * steps) * rows + (y - cy * rows)) * columns;
            decode(
              chunk,
              source,
              count * rowsAtOnce,
              data,
              ((t - first) * height + y) * width + x0,
            );
          }
        }
      }
    }
    onProgress?.({ done: t1 - first, total: last - first });
  }
  return { data, shape: array.shape };
}

/** The values of a one-axis array; those of `time` in days since 1970-01-01. */
export async function readVector(group: ZarrGroup, name: string): Promise<Float64Array> {
  const array = await openArray(group, name);
  if (!array || array.shape.length !== 1) {
    throw unreadable(
      group,
      `an array ${name} with one axis`,
      array ? `[${array.shape.join(', ')}]` : 'none',
    );
  }
  const values = await readAll(group, name, array);
  const units = array.attrs['units'];
  const since = /^days since (\d{4}-\d{2}-\d{2})/.exec(typeof units === 'string' ? units : '');
  if (name === 'time' && typeof units === 'string' && !since) {
    throw unreadable(group, 'time in "days since YYYY-MM-DD"', JSON.stringify(units));
  }
  const epoch = since?.[1] === undefined ? 0 : dayNumber(since[1]);
  return epoch === 0 ? values : values.map((value) => value + epoch);
}

/** The values of an [H,W] array, or undefined where the group has none of that name. */
export async function readPlane(
  group: ZarrGroup,
  name: string,
  shape: readonly [number, number],
): Promise<Float64Array | undefined> {
  const array = await openArray(group, name);
  if (!array) return undefined;
  if (array.shape.length !== 2 || array.shape.some((size, axis) => size !== shape[axis])) {
    throw new RasterError(
      'WrongShape',
      `${group.folder}: expected ${name} of shape [${shape.join(', ')}], as sic has. Received: [${array.shape.join(', ')}]. Make the store again.`,
    );
  }
  return readAll(group, name, array);
}

/** Whether the group holds an array of that name. */
export async function hasArray(group: ZarrGroup, name: string): Promise<boolean> {
  return (await openArray(group, name)) !== undefined;
}

async function openArray(group: ZarrGroup, name: string): Promise<NumberArray | undefined> {
  try {
    const array = await zarr.open(group.location.resolve(name), { kind: 'array' });
    if (!array.is('number') && !array.is('bigint')) throw new Error(`dtype ${array.dtype}`);
    return array;
  } catch (cause) {
    if (zarr.isZarritaError(cause, 'NotFoundError')) return undefined;
    throw unreadable(group, `an array ${name} of numbers`, reasonOf(cause), cause);
  }
}

async function readAll(group: ZarrGroup, name: string, array: NumberArray): Promise<Float64Array> {
  try {
    return Float64Array.from((await zarr.get(array)).data, Number);
  } catch (cause) {
    throw damaged(group, name, cause);
  }
}

type ChunkData = zarr.Chunk<zarr.NumberDataType | zarr.BigintDataType>['data'];

async function readChunk(
  group: ZarrGroup,
  name: string,
  array: NumberArray,
  at: number[],
): Promise<ChunkData> {
  try {
    const chunk = await array.getChunk(at);
    const expected = array.chunks.reduce((product, size) => product * size, 1);
    if (chunk.data.length !== expected)
      throw new Error(`${chunk.data.length} values of ${expected}`);
    return chunk.data;
  } catch (cause) {
    throw damaged(group, `${name}, chunk ${at.join('/')}`, cause);
  }
}

type Decode = (from: ChunkData, at: number, count: number, out: Float32Array, to: number) => void;

/** In format 2, xarray keeps `_FillValue` only as the array's fill value. */
async function formatTwoFill(
  group: ZarrGroup,
  name: string,
  array: NumberArray,
): Promise<number | undefined> {
  const metadata = await group.location.store.get(`/${name}/.zarray`);
  return metadata && array.fillValue !== null ? Number(array.fillValue) : undefined;
}

function decoder(array: NumberArray, formatTwoFillValue: number | undefined): Decode {
  const { attrs } = array;
  const scale = attrs['scale_factor'] === undefined ? 1 : Number(attrs['scale_factor']);
  const offset = attrs['add_offset'] === undefined ? 0 : Number(attrs['add_offset']);
  // A fill of 0 is the default of writers that know no missing values, and a valid concentration.
  const fills = [
    attrs['_FillValue'],
    attrs['missing_value'],
    formatTwoFillValue || undefined,
  ].filter((value) => typeof value === 'number' && !Number.isNaN(value));
  const value = (raw: number) => (fills.includes(raw) ? NaN : raw * scale + offset);
  const table = Float32Array.from({ length: 256 }, (_, raw) => value(raw));
  const plain = scale === 1 && offset === 0 && fills.length === 0;
  return (from, at, count, out, to) => {
    if (from instanceof Float32Array && plain) {
      out.set(from.subarray(at, at + count), to);
    } else if (from instanceof Uint8Array) {
      for (let i = 0; i < count; i++) out[to + i] = table[from[at + i] ?? 0] ?? NaN;
    } else {
      for (let i = 0; i < count; i++) out[to + i] = value(Number(from[at + i]));
    }
  };
}

function unreadable(
  group: ZarrGroup,
  expected: string,
  received: string,
  cause?: unknown,
): RasterError {
  return new RasterError(
    'UnsupportedFormat',
    `${group.folder}: expected ${expected}. Received: ${received}. Write the store with writeCube.`,
    { cause },
  );
}

function damaged(group: ZarrGroup, what: string, cause: unknown): RasterError {
  return new RasterError(
    'DamagedFile',
    `${group.folder}: expected to decode ${what}. Received: ${reasonOf(cause)}. Make the store again.`,
    { cause },
  );
}
