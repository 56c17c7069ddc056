import { makeVariable, type RasterVariable, type Region, type StoredArray } from '@arctic/raster';
import type { Placement } from '@arctic/raster';

/** What `flatVariable` needs beside the numbers. */
export interface FlatParts {
  readonly path: string;
  readonly name: string;
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly dtype: 'uint8' | 'int32';
  readonly units: string | null;
  readonly placement: Placement | null;
  readonly decoding?: RasterVariable['decoding'];
  readonly times?: readonly string[];
  readonly attributes?: RasterVariable['attributes'];
}

/** A variable over numbers that are in memory already, row-major. */
export function flatVariable(data: Uint8Array | Int32Array, parts: FlatParts): RasterVariable {
  return makeVariable({
    ...parts,
    timeAxis: parts.dims[0] === 'time' ? 0 : null,
    chunkShape: parts.shape.map((length, axis) => (axis < parts.shape.length - 2 ? 1 : length)),
    load: (region) => Promise.resolve(cut(data, parts.shape, region)),
  });
}

/** The numbers of a region, row by row. */
function cut(
  data: Uint8Array | Int32Array,
  shape: readonly number[],
  { start, count }: Region,
): StoredArray {
  const length = count.reduce((product, many) => product * many, 1);
  if (length === data.length) return data;
  const out = data instanceof Uint8Array ? new Uint8Array(length) : new Int32Array(length);
  const run = count.at(-1) ?? 1;
  const index = count.map(() => 0);
  for (let at = 0; at < length; at += run) {
    const from = shape.reduce((sum, size, axis) => {
      return sum * size + (start[axis] ?? 0) + (index[axis] ?? 0);
    }, 0);
    out.set(data.subarray(from, from + run), at);
    for (let axis = count.length - 2; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next % (count[axis] ?? 1);
      if (next < (count[axis] ?? 1)) break;
    }
  }
  return out;
}
