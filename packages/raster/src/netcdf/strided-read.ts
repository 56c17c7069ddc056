import type { ByteFile } from '../byte-file.js';
import { elementCount } from '../make-variable.js';
import type { Region } from '../raster-file.js';

/** Bytes that are read in one go where only some of them are wanted. */
const SPAN = 1 << 22;

/** An array that lies in a file by itself. */
export interface StridedArray {
  /** Where its first element is. */
  readonly at: number;
  readonly elementSize: number;
  /** Bytes from one element to the next along each axis; the last is `elementSize`. */
  readonly strides: readonly number[];
}

/** Strides of a row-major array. */
export function rowMajorStrides(shape: readonly number[], elementSize: number): readonly number[] {
  const strides = shape.map(() => elementSize);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? elementSize) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/**
 * The bytes of a region, row-major, in a buffer of their own.
 *
 * @throws RasterError `DamagedFile` where the file ends before.
 */
export async function readStrided(
  file: ByteFile,
  { at, elementSize, strides }: StridedArray,
  { start, count }: Region,
): Promise<Uint8Array<ArrayBuffer>> {
  const first = start.reduce((sum, from, axis) => sum + from * (strides[axis] ?? 0), at);
  // Axes from `inner` on lie in the file as they do in the region.
  let inner = count.length;
  let run = elementSize;
  while (inner > 0 && (strides[inner - 1] === run || count[inner - 1] === 1)) {
    inner--;
    run *= count[inner] ?? 1;
  }
  const total = elementCount(count) * elementSize;
  if (total === 0) return new Uint8Array();
  if (inner === 0) return file.read(first, total);
  const out = new Uint8Array(total);
  // Runs along the last outer axis that lie close are read together.
  const stride = strides[inner - 1] ?? 0;
  const runs = count[inner - 1] ?? 1;
  const together = Math.max(1, Math.min(runs, 1 + Math.floor((SPAN - run) / stride)));
  const close = stride <= Math.max(8 * run, 4096) ? together : 1;
  const outer = count.slice(0, inner - 1);
  const place = outer.map(() => 0);
  for (let end = 0; end < total;) {
    const base = place.reduce((sum, from, axis) => sum + from * (strides[axis] ?? 0), first);
    for (let i = 0; i < runs; i += close) {
      const here = Math.min(close, runs - i);
      const bytes = await file.read(base + i * stride, (here - 1) * stride + run);
      for (let j = 0; j < here; j++, end += run) {
        out.set(bytes.subarray(j * stride, j * stride + run), end);
      }
    }
    for (let axis = place.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (outer[axis] ?? 0)) break;
      place[axis] = 0;
    }
  }
  return out;
}
