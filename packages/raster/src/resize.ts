import { RasterError } from './errors.js';
import type { Image } from './image.js';

/**
 * - `area`: exact average over the source area of each pixel; for making smaller.
 * - `nearest`: the source pixel under the centre; for label maps.
 * - `bilinear`: between the four nearest centres (half-pixel centres, no smoothing); for making larger.
 */
export type ResizeMethod = 'area' | 'nearest' | 'bilinear';

/** For one output index: the first source index and the weights from there on (sum 1). */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * The image at another size, [height,width,C] uint8, values rounded half up. Channels, alpha
 * included, are treated alike. `nearest` makes no new values.
 *
 * @throws RasterError `WrongShape` unless the size is whole numbers of at least 1.
 */
export function resizeImage(
  image: Image,
  width: number,
  height: number,
  method: ResizeMethod,
): Image {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RasterError(
      'WrongShape',
      `Expected a width and height of whole pixels, at least 1. Received: ${width}×${height}. Round them.`,
    );
  }
  const { channels } = image;
  const columns = taps(image.width, width, method);
  const rows = taps(image.height, height, method);
  // Rows first: one output row at a time keeps the sums in double precision without a full copy.
  const line = new Float64Array(image.width * channels);
  const data = new Uint8Array(width * height * channels);
  rows.forEach((row, y) => {
    line.fill(0);
    row.weights.forEach((weight, k) => {
      const from = (row.first + k) * line.length;
      for (let i = 0; i < line.length; i++) {
        line[i] = (line[i] ?? 0) + weight * (image.data[from + i] ?? 0);
      }
    });
    columns.forEach((column, x) => {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < column.weights.length; k++) {
          sum += (column.weights[k] ?? 0) * (line[(column.first + k) * channels + c] ?? 0);
        }
        // The small term keeps exact halves from rounding down through their float error.
        data[(y * width + x) * channels + c] = Math.floor(sum + 0.5 + 1e-9);
      }
    });
  });
  return { data, width, height, channels };
}

function taps(from: number, to: number, method: ResizeMethod): Taps[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i): Taps => {
    const centre = (i + 0.5) * scale;
    if (method === 'nearest') {
      return { first: Math.min(from - 1, Math.floor(centre)), weights: [1] };
    }
    if (method === 'bilinear') {
      const at = Math.min(from - 1, Math.max(0, centre - 0.5));
      const first = Math.min(Math.floor(at), Math.max(0, from - 2));
      return { first, weights: from === 1 ? [1] : [1 - (at - first), at - first] };
    }
    const first = Math.floor((i * from) / to);
    const end = Math.min(from, Math.ceil(((i + 1) * from) / to));
    const weights = Array.from({ length: end - first }, (_unused, k) => {
      const overlap = Math.min(first + k + 1, (i + 1) * scale) - Math.max(first + k, i * scale);
      return overlap / scale;
    });
    return { first, weights };
  });
}
