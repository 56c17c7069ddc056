import { RasterError } from '../errors.js';
import type { RasterVariable } from '../raster-file.js';

/** Reads windows of two axes of a variable, north up, keeping what was read last. */
export interface WindowReader {
  readonly height: number;
  readonly width: number;
  /** That of the decoded values. */
  readonly dtype: 'float32' | 'float64';
  /**
   * Decoded values of a window; its columns may run over the end of a source that goes all the way
   * round on to the beginning.
   */
  read(
    firstRow: number,
    firstColumn: number,
    height: number,
    width: number,
  ): Promise<Float32Array | Float64Array>;
}

/** Values that are read at once where a variable has no smaller chunks, or much smaller ones. */
const BLOCK_VALUES = 1 << 20;

/** @param at - steps of the other axes, @param cacheBytes - what is kept at most */
export function windowReader(
  variable: RasterVariable,
  at: readonly number[],
  cacheBytes: number,
): WindowReader {
  const { placement, shape, chunkShape } = variable;
  if (!placement) {
    throw new RasterError(
      'InvalidValue',
      `Expected a variable with rows and columns. Received: ${variable.name} [${variable.dims.join(', ')}]. Choose another variable.`,
    );
  }
  const { rowAxis, columnAxis, rowsFromSouth, columnsFromEast } = placement;
  const height = shape[rowAxis] ?? 0;
  const width = shape[columnAxis] ?? 0;
  const [blockRows, blockColumns] = blockSize(
    Math.min(height, chunkShape[rowAxis] ?? height),
    Math.min(width, chunkShape[columnAxis] ?? width),
    height,
    width,
  );
  const across = Math.ceil(width / blockColumns);
  const kept = new Map<number, Promise<Float32Array | Float64Array>>();
  // Blocks count from the stored beginning, so that they keep to chunks of rows from the south too.
  const blockAt = (number: number): Promise<Float32Array | Float64Array> => {
    const found = kept.get(number);
    if (found) {
      // Last used, last to go.
      kept.delete(number);
      kept.set(number, found);
      return found;
    }
    const start = shape.map((_, axis) => at[axis] ?? 0);
    const count = shape.map(() => 1);
    start[rowAxis] = Math.floor(number / across) * blockRows;
    start[columnAxis] = (number % across) * blockColumns;
    count[rowAxis] = Math.min(blockRows, height - (start[rowAxis] ?? 0));
    count[columnAxis] = Math.min(blockColumns, width - (start[columnAxis] ?? 0));
    const reading = variable.read({ start, count }).then(({ data }) => data);
    kept.set(number, reading);
    const most = Math.max(2, Math.floor(cacheBytes / (blockRows * blockColumns * 8)));
    for (const old of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(old);
    }
    // A failed read is not kept.
    reading.catch(() => kept.delete(number));
    return reading;
  };

  const dtype = /^(float32|u?int(8|16))$/.test(variable.dtype) ? 'float32' : 'float64';
  return {
    height,
    width,
    dtype,
    async read(firstRow, firstColumn, rows, columns) {
      const size = rows * columns;
      const out = dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
      for (const [low, high] of runs(firstColumn, columns, width)) {
        const storedRows = rowsFromSouth
          ? [height - firstRow - rows, height - firstRow]
          : [firstRow, firstRow + rows];
        const storedColumns = columnsFromEast ? [width - high, width - low] : [low, high];
        const [r0 = 0, r1 = 0] = storedRows;
        const [c0 = 0, c1 = 0] = storedColumns;
        for (let br = Math.floor(r0 / blockRows); br * blockRows < r1; br++) {
          for (let bc = Math.floor(c0 / blockColumns); bc * blockColumns < c1; bc++) {
            const data = await blockAt(br * across + bc);
            const top = br * blockRows;
            const left = bc * blockColumns;
            const blockHeight = Math.min(blockRows, height - top);
            const blockWidth = Math.min(blockColumns, width - left);
            const [perRow, perColumn] = rowAxis < columnAxis ? [blockWidth, 1] : [1, blockHeight];
            for (let r = Math.max(top, r0); r < Math.min(top + blockHeight, r1); r++) {
              const row = (rowsFromSouth ? height - 1 - r : r) - firstRow;
              for (let c = Math.max(left, c0); c < Math.min(left + blockWidth, c1); c++) {
                const column = columnsFromEast ? width - 1 - c : c;
                const place =
                  column >= firstColumn ? column - firstColumn : column + width - firstColumn;
                out[row * columns + place] = data[
                  (r - top) * perRow + (c - left) * perColumn
                ] as number; // inside the block
              }
            }
          }
        }
      }
      return out;
    },
  };
}

/** Whole chunks up to about BLOCK_VALUES; rows of a chunk that is larger. */
function blockSize(
  chunkRows: number,
  chunkColumns: number,
  height: number,
  width: number,
): readonly [number, number] {
  if (chunkRows * chunkColumns > 4 * BLOCK_VALUES) {
    return [Math.max(1, Math.floor(BLOCK_VALUES / chunkColumns)), chunkColumns];
  }
  // Small chunks are taken several at a time, about as many down as across.
  const side = Math.sqrt(BLOCK_VALUES / 4);
  const columns = Math.min(width, chunkColumns * Math.max(1, Math.floor(side / chunkColumns)));
  const rows = Math.min(height, chunkRows * Math.max(1, Math.floor(side / chunkRows)));
  return [rows, columns];
}

/** Columns [low, high) inside the source of a run that may go over its end. */
function runs(first: number, count: number, width: number): readonly (readonly [number, number])[] {
  const end = first + count;
  return end <= width
    ? [[first, end]]
    : [
        [first, width],
        [0, end - width],
      ];
}
