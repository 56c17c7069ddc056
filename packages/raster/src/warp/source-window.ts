/** Values of a source, or of the part of it that a block of the target needs. */
export interface SourceWindow {
  /** [height, width, bands]; NaN is missing in floats. */
  readonly data: Float32Array | Float64Array | Uint8Array;
  /** [height, width], 0 where missing; null where NaN says so. */
  readonly mask: Uint8Array | null;
  readonly bands: number;
  /** Place in the source. Columns may run over its end on to its beginning where it is round. */
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly height: number;
  readonly width: number;
  /** Size of the whole source. */
  readonly sourceHeight: number;
  readonly sourceWidth: number;
  /** As in `PixelMap`. */
  readonly isRound: boolean;
}

/** A block of the target that is being filled. */
export interface TargetBlock {
  /** [height, width, bands], with `stride` elements from row to row. */
  readonly data: Float32Array | Float64Array | Uint8Array;
  /** [height, width] laid out alike, without bands; null where NaN is enough. */
  readonly mask: Uint8Array | null;
  /** Pixels from one row to the next. */
  readonly stride: number;
  /** Pixel of the block's first cell. */
  readonly offset: number;
}

/** Adds to the coordinate of a pixel before it is cut to a whole one; edges then fall as in GDAL. */
export const EDGE = 1e-10;

/** Column of the window that holds a column of the source, or -1. */
export function windowColumn(window: SourceWindow, column: number): number {
  let c = column;
  if (window.isRound) {
    if (c < 0) c += window.sourceWidth;
    else if (c >= window.sourceWidth) c -= window.sourceWidth;
  } else if (c < 0 || c >= window.sourceWidth) return -1;
  let k = c - window.firstColumn;
  if (k < 0 && window.isRound) k += window.sourceWidth;
  return k >= 0 && k < window.width ? k : -1;
}

/**
 * The pixel of the window under a point of the source, or -1 outside the source.
 * A point on the far edge belongs to the last row or column.
 */
export function pixelUnder(window: SourceWindow, x: number, y: number): number {
  if (!(y >= 0) || y + EDGE > window.sourceHeight) return -1;
  if (!(x >= 0) || (!window.isRound && x + EDGE > window.sourceWidth)) return -1;
  const row = Math.min(Math.floor(y + EDGE), window.sourceHeight - 1) - window.firstRow;
  const floor = Math.floor(x + EDGE);
  const column = windowColumn(
    window,
    window.isRound ? floor : Math.min(floor, window.sourceWidth - 1),
  );
  return row < 0 || row >= window.height || column < 0 ? -1 : row * window.width + column;
}

/** Writes one cell's value, rounded for bytes. */
export function put(block: TargetBlock, index: number, value: number): void {
  const { data } = block;
  data[index] = data instanceof Uint8Array ? Math.floor(value + 0.5) : value;
}
