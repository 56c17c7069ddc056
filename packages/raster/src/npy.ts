import { writeFileAtomic } from './atomic-file.js';
import { ByteFile } from './byte-file.js';
import { RasterError } from './errors.js';
import { readNpyHeader } from './npz/npy-header.js';
import { readNpyRegion } from './npz/npy-values.js';
import type { StoredArray } from './raster-file.js';

/** Elements of an array; bool comes as uint8, float16 as float32, 64-bit integers as float64. */
export type NpyData = StoredArray;

/** A NumPy array: row-major values and their shape ([] for a scalar). */
export interface NpyArray<D extends NpyData = NpyData> {
  readonly shape: readonly number[];
  readonly data: D;
}

const MAGIC = '\x93NUMPY';

/**
 * The array in a `.npy` file (format 1 to 3): bool, integers or floats of any width and byte order,
 * in C or Fortran order. Size is limited by memory only.
 *
 * @throws RasterError `MissingFile`, `DamagedFile` (with bytes expected and received),
 *   `UnsupportedFormat` for text, objects and fields
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const file = await ByteFile.open(path);
  try {
    const header = await readNpyHeader(file, path);
    const { shape } = header;
    const data = await readNpyRegion(file, header, { start: shape.map(() => 0), count: shape });
    return { shape, data };
  } finally {
    await file.close();
  }
}

/**
 * Writes a `.npy` file (format 1.0), whole or not at all: float32, uint8 or int32.
 *
 * @throws RasterError `WrongShape` where shape and data do not fit, `WriteFailed`
 */
export async function writeNpy(
  path: string,
  array: NpyArray<Float32Array | Uint8Array | Int32Array>,
): Promise<void> {
  const { shape, data } = array;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new RasterError(
      'WrongShape',
      `${path}: expected ${count} values for shape [${shape.join(', ')}]. Received: ${data.length}. Give the shape of this data.`,
    );
  }
  const descr = data instanceof Float32Array ? '<f4' : data instanceof Int32Array ? '<i4' : '|u1';
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // NumPy aligns the data to 64 bytes and ends the header with a newline.
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const head = Buffer.from(`${MAGIC}\x01\x00..${dict.padEnd(length - 1)}\n`, 'latin1');
  head.writeUInt16LE(length, 8);
  await writeFileAtomic(path, [
    head,
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}
