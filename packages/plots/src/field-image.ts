import { colormap, LAND, MISSING, type ColormapName } from './colormap.js';
import { expectLength } from './errors.js';
import type { RgbImage } from './image.js';

/** A field on a grid, rows from the north. */
export interface Field {
  /** `[H,W]`, row-major; `NaN` where missing. */
  readonly values: Float32Array | Float64Array;
  readonly width: number;
  readonly height: number;
  /** `[H,W]`, 1 = sea, 0 = land, drawn dark. @default all sea */
  readonly mask?: ArrayLike<number>;
}

/**
 * The field in colours: land dark, missing cells grey.
 *
 * @throws {PlotError} when values or mask do not fit the grid.
 */
export function fieldImage(
  { values, width, height, mask }: Field,
  map: ColormapName,
  [low, high]: readonly [number, number],
): RgbImage {
  expectLength('values', values.length, width * height, `[${height},${width}]`);
  if (mask) expectLength('mask', mask.length, width * height, `[${height},${width}]`);
  const color = colormap(map);
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN;
    const sea = mask === undefined || (mask[index] ?? 0) > 0;
    const pixel = !sea
      ? LAND
      : Number.isNaN(value)
        ? MISSING
        : color((value - low) / (high - low || 1));
    data.set(pixel, index * 3);
  }
  return { data, width, height };
}
