import { assertPlausible, damagedFile } from '../byte-file.js';
import { bytesPerElement, elementCount } from '../make-variable.js';
import type { Region, StoredArray } from '../raster-file.js';
import { readBox } from './box.js';
import { isChunked, openChunked } from './chunked.js';
import type { DataSet } from './data-set.js';
import { openElement } from './element.js';
import type { Hdf4File } from './hdf4-file.js';
import { toBytes, toNumbers, type NumberType } from './number-type.js';

/** The values of a data set, however they are stored. */
export interface Values {
  readonly shape: readonly number[];
  readonly chunkShape: readonly number[];
  /** Stored numbers of a region inside `shape`. */
  read(region: Region): Promise<StoredArray>;
}

/** What the SD interface reads where nothing was written, by number type. */
const DEFAULT_FILL: Readonly<Record<NumberType['dtype'], number>> = {
  int8: -127,
  uint8: 129,
  int16: -32767,
  uint16: 32769,
  int32: -2147483647,
  uint32: 2147483649,
  int64: -1,
  uint64: -1,
  float32: 9.969209968386869e36,
  float64: 9.969209968386869e36,
};

/**
 * Finds out how long a data set is along an unlimited axis and in what boxes its values lie.
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export async function openValues(hdf: Hdf4File, dataSet: DataSet): Promise<Values> {
  const { data, type } = dataSet;
  const itemBytes = bytesPerElement(type.dtype);
  const lengths = dataSet.dimensions.map(({ length }) => length);
  const descriptor = data ? hdf.descriptors.find(data.tag, data.ref) : undefined;
  if (!data || !descriptor || descriptor.length === 0) return filled(hdf, dataSet, lengths);

  const numbers = (bytes: Uint8Array<ArrayBuffer>) => toNumbers(bytes, type);
  if (await isChunked(hdf, descriptor)) {
    const chunked = await openChunked(hdf, descriptor);
    if (chunked.shape.length !== lengths.length) {
      throw damagedFile(
        hdf.path,
        `${lengths.length} axes of ${dataSet.name}`,
        `${chunked.shape.length} in its chunks`,
      );
    }
    const shape = lengths.map((length, axis) => length || (chunked.shape[axis] ?? 0));
    if (shape.some((length, axis) => length > (chunked.shape[axis] ?? 0))) {
      throw damagedFile(
        hdf.path,
        `chunks of ${dataSet.name} [${shape.join(', ')}]`,
        `[${chunked.shape.join(', ')}]`,
      );
    }
    // Chunks that are absent hold fill: only the header says how many there are.
    const whole = elementCount(shape) * itemBytes;
    assertPlausible(hdf.path, `an array ${dataSet.name}`, whole, hdf.file.size);
    return {
      shape,
      chunkShape: chunked.chunkShape.map((length, axis) => Math.min(length, shape[axis] ?? length)),
      read: async (region) => numbers(await chunked.read(region)),
    };
  }

  const element = await openElement(hdf, descriptor);
  const size = element.size - data.offset;
  const record = elementCount(lengths.slice(1)) * itemBytes;
  const unlimited = lengths[0] === 0;
  const shape = unlimited
    ? [record > 0 ? Math.floor(size / record) : 0, ...lengths.slice(1)]
    : lengths;
  return {
    shape,
    // Packed arrays are unpacked whole; rows are the smallest piece of the others.
    chunkShape: descriptor.special
      ? shape
      : shape.map((n, axis) => (axis < shape.length - 2 ? 1 : n)),
    read: async (region) => {
      const needed = elementCount(shape) * itemBytes;
      if (needed > size) {
        throw damagedFile(hdf.path, `${needed} bytes of ${dataSet.name}`, String(size));
      }
      const read = (at: number, length: number) => element.read(data.offset + at, length);
      return numbers(await readBox(read, shape, region, itemBytes));
    },
  };
}

/** A data set that nothing was written to. */
function filled(hdf: Hdf4File, dataSet: DataSet, shape: readonly number[]): Values {
  const { type } = dataSet;
  const fill = dataSet.attributes.find(({ name }) => name === '_FillValue')?.value;
  const [first] = fill === undefined || typeof fill === 'string' ? [] : fill;
  const item = toBytes(first ?? (type.text ? 0 : DEFAULT_FILL[type.dtype]), type);
  // No byte of the file stands for these, so that only its header says how many they are.
  assertPlausible(hdf.path, `an array ${dataSet.name}`, elementCount(shape) * item.length, 0);
  return {
    shape,
    chunkShape: shape,
    async read(region) {
      const bytes = new Uint8Array(elementCount(region.count) * item.length);
      for (let at = 0; at < bytes.length; at += item.length) bytes.set(item, at);
      return toNumbers(bytes, type);
    },
  };
}
