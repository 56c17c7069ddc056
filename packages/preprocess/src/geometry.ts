import { PreprocessError } from './errors.js';

/** The size of an image, rows and columns in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A crop, then one of the eight symmetries of the square. */
export interface Geometry extends Size {
  /** Left edge of the crop, pixels of the source. */
  readonly x: number;
  /** Top edge of the crop, pixels of the source. */
  readonly y: number;
  /** 0..7: quarter turns anticlockwise (low two bits), after a left-right flip (4). */
  readonly symmetry: number;
}

/** The size after a geometry: `height` and `width` are the crop's, swapped by odd quarter turns. */
export function outputSize(geometry: Geometry): Size {
  const { height, width, symmetry } = geometry;
  return symmetry & 1 ? { height: width, width: height } : { height, width };
}

/**
 * Writes the cropped and turned image into `out`. The same geometry moves an image, its mask and
 * the second date of a pair to the same places.
 *
 * @param source - [H,W,C], any typed array.
 * @param size - H, W and C of the source.
 * @param out - [h,w,C] of {@link outputSize}, overwritten.
 * @throws PreprocessError `WrongShape` where an array does not fit.
 */
export function applyGeometryInto<A extends Uint8Array | Int32Array | Float32Array>(
  source: A,
  size: Size & { readonly channels: number },
  geometry: Geometry,
  out: A,
): void {
  const { channels } = size;
  const { x, y, height, width, symmetry } = geometry;
  const fits = x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height;
  if (
    !fits ||
    source.length !== size.height * size.width * channels ||
    out.length !== height * width * channels
  ) {
    throw new PreprocessError(
      'WrongShape',
      `Expected a ${size.height}×${size.width}×${channels} image and a crop within it. Received: ` +
        `${source.length} values, crop ${height}×${width} at ${x}, ${y}, ${out.length} out.`,
    );
  }
  const turns = symmetry & 3;
  const flip = symmetry >= 4;
  const rows = turns & 1 ? width : height;
  const columns = turns & 1 ? height : width;
  // the source position of the output's first pixel, and the steps along its rows and columns
  const right = flip ? -1 : 1;
  const origin = (y * size.width + x + (flip ? width - 1 : 0)) * channels;
  const toEast = right * channels;
  const toSouth = size.width * channels;
  const east = toEast * (width - 1);
  const south = toSouth * (height - 1);
  const [start, byRow, byColumn] = [
    [origin, toSouth, toEast],
    [origin + east, -toEast, toSouth],
    [origin + east + south, -toSouth, -toEast],
    [origin + south, toEast, -toSouth],
  ][turns] as [number, number, number]; // turns is 0..3
  let to = 0;
  for (let row = 0; row < rows; row++) {
    let from = start + row * byRow;
    for (let column = 0; column < columns; column++) {
      for (let c = 0; c < channels; c++) out[to++] = source[from + c] as number;
      from += byColumn;
    }
  }
}
