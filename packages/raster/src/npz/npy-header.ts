import { assertPlausible, damagedFile, type ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { bytesPerElement, elementCount } from '../make-variable.js';
import type { StoredType } from '../raster-file.js';

/** Bytes that can be read piece by piece: a file, or a member of an archive. */
export type ByteSource = Pick<ByteFile, 'path' | 'size' | 'read'>;

/** What the header of a `.npy` says. */
export interface NpyHeader {
  /** NumPy's name of the type, such as `<f4`. */
  readonly descr: string;
  /** bool comes as uint8, float16 as float32. */
  readonly dtype: StoredType;
  /** Bytes of one element in the file. */
  readonly itemBytes: number;
  readonly littleEndian: boolean;
  /** Whether the first axis runs fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Offset of the values. */
  readonly start: number;
}

const MAGIC = '\x93NUMPY';

/** Headers of structured types list their fields, others take 128 bytes. */
const LONGEST_HEADER = 1 << 20;

/** NumPy's own limit is 64. */
const MOST_AXES = 64;

const TYPES: ReadonlyMap<string, StoredType> = new Map([
  ['b1', 'uint8'],
  ['i1', 'int8'],
  ['u1', 'uint8'],
  ['i2', 'int16'],
  ['u2', 'uint16'],
  ['i4', 'int32'],
  ['u4', 'uint32'],
  ['i8', 'int64'],
  ['u8', 'uint64'],
  ['f2', 'float32'],
  ['f4', 'float32'],
  ['f8', 'float64'],
]);

/**
 * Reads the header of a `.npy` (format 1 to 3).
 *
 * @param name what messages call the array: its file, and member of an archive.
 * @throws RasterError `DamagedFile`, `UnsupportedFormat` for types that are no numbers: nothing is
 *   ever unpickled.
 */
export async function readNpyHeader(source: ByteSource, name: string): Promise<NpyHeader> {
  const head = Buffer.from(await source.read(0, Math.min(12, source.size)));
  if (head.length < 12 || head.toString('latin1', 0, 6) !== MAGIC) {
    throw damagedFile(
      name,
      'a NumPy file that begins with \\x93NUMPY',
      `${source.size} bytes that do not`,
    );
  }
  const wide = head.readUInt8(6) > 1;
  const textStart = wide ? 12 : 10;
  const start = textStart + (wide ? head.readUInt32LE(8) : head.readUInt16LE(8));
  if (start > source.size || start > LONGEST_HEADER) {
    throw damagedFile(name, `a header of ${start} bytes`, `${source.size} bytes`);
  }
  const text = Buffer.from(await source.read(textStart, start - textStart)).toString('latin1');
  const descr = /'descr':\s*(?:'([^']*)'|(\[))/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([\dL,\s]*)\)/.exec(text)?.[1];
  if (!descr || order === undefined || sizes === undefined) {
    throw damagedFile(
      name,
      'a header with descr, fortran_order and shape',
      JSON.stringify(text.trim().slice(0, 200)),
    );
  }
  const [, code = 'fields of different types'] = descr;
  const dtype = /^[<>|=]/.test(code) ? TYPES.get(code.slice(1)) : undefined;
  if (!dtype) {
    throw new RasterError(
      'UnsupportedFormat',
      `${name}: expected numbers (b1, i1 to i8, u1 to u8, f2 to f8). Received: ${code}. Save plain numbers with numpy: np.save(path, a.astype("float32")).`,
    );
  }
  const shape = sizes
    .split(',')
    .map((part) => part.replace('L', '').trim())
    .filter((part) => part !== '')
    .map(Number);
  const itemBytes = Number(code.slice(2));
  const bytes = elementCount(shape) * itemBytes;
  if (
    shape.length > MOST_AXES ||
    !shape.every(Number.isSafeInteger) ||
    start + bytes !== source.size
  ) {
    throw damagedFile(
      name,
      `${elementCount(shape)} values of ${code} for shape [${shape.join(', ')}]`,
      `${source.size - start} bytes`,
    );
  }
  assertPlausible(name, 'an array', elementCount(shape) * bytesPerElement(dtype), source.size);
  return {
    descr: code,
    dtype,
    itemBytes,
    littleEndian: !code.startsWith('>'),
    fortran: order === 'True' && shape.length > 1,
    shape,
    start,
  };
}
