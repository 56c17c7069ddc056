import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { WrittenType } from '../grid-dataset.js';
import { bytesPerElement } from '../make-variable.js';
import type { StoredArray } from '../raster-file.js';
import { RasterError } from '../errors.js';
import { bytesOf, isOfType, typedArray } from './write-bytes.js';
import type { CfVariable } from './write-cf-variable.js';

const deflated = promisify(deflate);

/** Longest side of a chunk where the caller names none: 1 MiB of float32, HDF5's default cache. */
const CHUNK_SIDE = 512;

/** Chunks compressed side by side; zlib has four threads by default. */
export const PARALLEL = 4;

/** One chunk of a variable, padded with the fill value at the edges of the grid. */
export interface CutChunk {
  /** Its place in the grid of chunks, one number per axis. */
  readonly index: readonly number[];
  readonly data: StoredArray;
}

/** Lengths of the chunks of a variable: one step, and `side` rows and columns at most. */
export function chunkShapeOf(
  shape: readonly number[],
  side: readonly [rows: number, columns: number] = [CHUNK_SIDE, CHUNK_SIDE],
): readonly number[] {
  if (shape.length < 2) return shape;
  return shape.map((length, axis) => {
    const fromEnd = shape.length - axis;
    return fromEnd > 2 ? 1 : Math.min(length, side[2 - fromEnd] ?? length);
  });
}

/** @throws RasterError `InvalidValue` */
export function assertChunk(path: string, side: readonly [number, number] | undefined): void {
  if (side === undefined || side.every((n) => Number.isInteger(n) && n >= 1 && n <= 1 << 15))
    return;
  throw new RasterError(
    'InvalidValue',
    `${path}: expected chunk as whole [rows, columns], 1 to ${1 << 15} each. Received: [${side.join(', ')}]. Leave it out for the default.`,
  );
}

/**
 * The rows of a variable as chunks, top to bottom, step after step, in the order of their indices;
 * no more than one band of chunks is in memory.
 *
 * @throws RasterError `WrongShape`, `InvalidValue` where `rows` gives something else than asked for
 */
export async function* cutChunks(
  path: string,
  variable: CfVariable,
  chunk: readonly number[],
): AsyncGenerator<readonly CutChunk[]> {
  const { shape, fill, dtype, rowsAs: as = dtype } = variable;
  const vector = shape.length === 1;
  const [steps, height, width] = vector
    ? [1, shape[0] ?? 0, 1]
    : [shape.length > 2 ? (shape[0] ?? 0) : 1, shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const chunkRows = (vector ? chunk[0] : chunk.at(-2)) ?? 1;
  const chunkColumns = vector ? 1 : (chunk.at(-1) ?? 1);
  for (let step = 0; step < steps; step++) {
    for (let row = 0; row < height; row += chunkRows) {
      const rows = Math.min(chunkRows, height - row);
      const band = await variable.rows(step, row, rows);
      assertBand(path, variable.name, as, band, rows * width);
      const chunks: CutChunk[] = [];
      for (let column = 0; column < width; column += chunkColumns) {
        const columns = Math.min(chunkColumns, width - column);
        const place = [row / chunkRows, column / chunkColumns];
        const index = vector ? [row / chunkRows] : shape.length > 2 ? [step, ...place] : place;
        if (as === dtype && columns === width && columns === chunkColumns && rows === chunkRows) {
          chunks.push({ index, data: band });
          continue;
        }
        const data = typedArray(dtype, chunkRows * chunkColumns);
        if (fill !== null && (rows < chunkRows || columns < chunkColumns)) data.fill(fill);
        for (let r = 0; r < rows; r++) {
          const from = r * width + column;
          data.set(band.subarray(from, from + columns), r * chunkColumns);
        }
        chunks.push({ index, data });
      }
      yield chunks;
    }
  }
}

function assertBand(
  path: string,
  name: string,
  dtype: WrittenType,
  band: StoredArray,
  length: number,
): void {
  if (!isOfType(band, dtype)) {
    throw new RasterError(
      'InvalidValue',
      `${path}: expected rows of ${name} as ${dtype}. Received: ${band.constructor.name}. Convert them, or name another dtype.`,
    );
  }
  if (band.length !== length) {
    throw new RasterError(
      'WrongShape',
      `${path}: expected ${length} values of ${name} for the rows asked for. Received: ${band.length}. Give whole rows, as many as asked for.`,
    );
  }
}

/** A chunk as HDF5 files hold it: bytes of equal significance side by side, then deflated. */
export async function shuffledAndDeflated(
  data: StoredArray,
  dtype: WrittenType,
  level: number,
): Promise<Uint8Array> {
  const bytes = bytesOf(data);
  if (level === 0) return bytes;
  return deflated(shuffled(bytes, bytesPerElement(dtype)), { level });
}

function shuffled(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 1) return bytes;
  const count = bytes.length / size;
  const out = new Uint8Array(bytes.length);
  for (let k = 0; k < size; k++) {
    for (let i = 0, from = k, to = k * count; i < count; i++, from += size, to++) {
      out[to] = bytes[from] ?? 0;
    }
  }
  return out;
}
