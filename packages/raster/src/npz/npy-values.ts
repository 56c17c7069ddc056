import { samplesOfBytes, storedArray } from '../geotiff/samples.js';
import { elementCount } from '../make-variable.js';
import type { Region, StoredArray } from '../raster-file.js';
import type { ByteSource, NpyHeader } from './npy-header.js';

/** Values between those asked for are read along up to this many bytes. */
const SLAB_BYTES = 1 << 24;

/** The values of a region of a `.npy`, row-major; only the bytes round them are read. */
export async function readNpyRegion(
  source: ByteSource,
  header: NpyHeader,
  { start, count }: Region,
): Promise<StoredArray> {
  // In Fortran order the file is a row-major array with its axes the other way round.
  const turn = (axes: readonly number[]) => (header.fortran ? axes.toReversed() : axes);
  const [shape, from, many] = [turn(header.shape), turn(start), turn(count)];
  const out = storedArray(header.dtype, elementCount(many));
  if (out.length > 0) await readBoxInto(source, header, shape, from, many, out);
  return header.fortran ? transposed(out, many) : out;
}

async function readBoxInto(
  source: ByteSource,
  header: NpyHeader,
  shape: readonly number[],
  start: readonly number[],
  count: readonly number[],
  out: StoredArray,
): Promise<void> {
  const steps = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  // Axes from `split` on are read in one go: whole ones always, others while the slab is small.
  let split = shape.length;
  let slab = 1;
  while (split > 0) {
    const axis = split - 1;
    const next = ((count[axis] ?? 1) - 1) * (steps[axis] ?? 1) + slab;
    const exact = next === elementCount(count.slice(axis));
    if (!exact && next * header.itemBytes > SLAB_BYTES) break;
    split = axis;
    slab = next;
  }
  const inner = count.slice(split);
  const run = elementCount(inner);
  const index = count.slice(0, split).map(() => 0);
  for (let done = 0; done < out.length; done += run) {
    const at = start.reduce(
      (sum, first, axis) => sum + (first + (index[axis] ?? 0)) * (steps[axis] ?? 1),
      0,
    );
    const bytes = await source.read(header.start + at * header.itemBytes, slab * header.itemBytes);
    const values = valuesOf(bytes, header);
    if (slab === run) out.set(values, done);
    else gatherInto(out, done, values, inner, steps.slice(split));
    advance(index, count);
  }
}

/** Numbers of bytes in the file's byte order. */
function valuesOf(
  bytes: Uint8Array,
  { dtype, itemBytes, littleEndian, descr }: NpyHeader,
): StoredArray {
  return samplesOfBytes(bytes, bytes.length / itemBytes, 1, {
    dtype,
    bits: 8 * itemBytes,
    float: descr.slice(1, 2) === 'f',
    predictor: 1,
    littleEndian,
  });
}

/** Copies a box that begins at element 0 of `values`, rows of the last axis at a time. */
function gatherInto(
  out: StoredArray,
  to: number,
  values: StoredArray,
  count: readonly number[],
  steps: readonly number[],
): void {
  const outer = count.slice(0, -1);
  const row = count.at(-1) ?? 1;
  const index = outer.map(() => 0);
  for (let done = 0; done < elementCount(count); done += row) {
    const at = index.reduce((sum, i, axis) => sum + i * (steps[axis] ?? 0), 0);
    out.set(values.subarray(at, at + row), to + done);
    advance(index, outer);
  }
}

/** Counts on, the last axis fastest. */
function advance(index: number[], count: readonly number[]): void {
  for (let axis = index.length - 1; axis >= 0; axis--) {
    const next = (index[axis] ?? 0) + 1;
    index[axis] = next === count[axis] ? 0 : next;
    if (index[axis] !== 0) return;
  }
}

/** The array whose axes run the other way round, row-major again. */
function transposed(values: StoredArray, shape: readonly number[]): StoredArray {
  const out = values.slice();
  const turned = shape.toReversed();
  const index = turned.map(() => 0);
  const steps = shape.map((_, axis) => elementCount(shape.slice(axis + 1))).toReversed();
  for (let i = 0; i < out.length; i++) {
    out[i] = values[index.reduce((sum, k, axis) => sum + k * (steps[axis] ?? 0), 0)] ?? 0;
    advance(index, turned);
  }
  return out;
}
