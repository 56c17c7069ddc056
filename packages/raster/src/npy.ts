import { writeFileAtomic } from './atomic-file.js';
import { RasterError } from './errors.js';
import { readBytes } from './read-bytes.js';

/** The element types that are read; all but float64 are also written. */
export type NpyData = Float32Array | Float64Array | Uint8Array | Int32Array;

/** A NumPy array: row-major values and their shape ([] for a scalar). */
export interface NpyArray<D extends NpyData = NpyData> {
  readonly shape: readonly number[];
  readonly data: D;
}

const MAGIC = '\x93NUMPY';

/**
 * The array in a `.npy` file (format 1 to 3; float32, float64, int32, uint8 or bool as 0/1;
 * little-endian, C order). Size is limited by memory only.
 *
 * @throws RasterError `MissingFile`, `DamagedFile` (with bytes expected and received), `UnsupportedFormat`
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const bytes = await readBytes(path);
  const latin = (from: number, to: number) =>
    Buffer.from(bytes.buffer, from, to - from).toString('latin1');
  if (bytes.length < 12 || latin(0, 6) !== MAGIC) {
    throw damaged(
      path,
      `a NumPy file that begins with \\x93NUMPY`,
      `${bytes.length} bytes that do not`,
    );
  }
  const view = new DataView(bytes.buffer);
  const wide = view.getUint8(6) > 1;
  const start = wide ? 12 : 10;
  const dataStart = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataStart > bytes.length)
    throw damaged(path, `a header of ${dataStart} bytes`, `${bytes.length} bytes`);
  const header = latin(start, dataStart);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || sizes === undefined) {
    throw damaged(
      path,
      'a header with descr, fortran_order and shape',
      JSON.stringify(header.trim()),
    );
  }
  const make = MAKERS.get(descr);
  if (!make || order === 'True') {
    throw new RasterError(
      'UnsupportedFormat',
      `${path}: expected little-endian float32, float64, int32 or uint8 in C order. Received: ${descr}${order === 'True' ? ' in Fortran order' : ''}. Convert it with numpy: np.save(path, np.ascontiguousarray(a, "float32")).`,
    );
  }
  const shape = sizes
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  const data = make(bytes.buffer, dataStart, bytes.length - dataStart);
  if (data?.length !== count) {
    throw damaged(
      path,
      `${count} values of ${descr} for shape [${shape.join(', ')}]`,
      `${bytes.length - dataStart} bytes`,
    );
  }
  return { shape, data };
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

type Maker = (buffer: ArrayBuffer, at: number, byteLength: number) => NpyData | undefined;

function maker<D extends NpyData>(
  type: { new (buffer: ArrayBuffer): D; new (buffer: ArrayBuffer, at: number, count: number): D },
  size: number,
): Maker {
  return (buffer, at, byteLength) => {
    if (byteLength % size !== 0) return undefined;
    // Headers of other writers may leave the data unaligned; only then is it copied.
    return at % size === 0
      ? new type(buffer, at, byteLength / size)
      : new type(buffer.slice(at, at + byteLength));
  };
}

const MAKERS: ReadonlyMap<string, Maker> = new Map([
  ['<f4', maker(Float32Array, 4)],
  ['<f8', maker(Float64Array, 8)],
  ['<i4', maker(Int32Array, 4)],
  ['|u1', maker(Uint8Array, 1)],
  ['|b1', maker(Uint8Array, 1)],
]);

function damaged(path: string, expected: string, received: string): RasterError {
  return new RasterError(
    'DamagedFile',
    `${path}: expected ${expected}. Received: ${received}. Copy or make the file again.`,
  );
}
