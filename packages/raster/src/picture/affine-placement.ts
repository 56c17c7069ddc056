import type { Placement } from '../raster-file.js';
import type { Transform } from '../raster.js';

/**
 * The placement of an image [H,W] whose rows and columns an affine map in GDAL's order places:
 * north-up with the turns that it needs; a rotated map becomes control points at the corners,
 * which say the same.
 */
export function affinePlacement(
  affine: Transform | null,
  crs: string | null,
  height: number,
  width: number,
): Placement {
  const axes = { rowAxis: 0, columnAxis: 1, crs };
  const straight = { ...axes, rowsFromSouth: false, columnsFromEast: false, transform: null };
  if (!affine || !affine.every(Number.isFinite)) return straight;
  const [x0, dx, rx, y0, ry, dy] = affine;
  if (dx * dy === rx * ry) return straight; // Pixels without area are no position.
  if (rx !== 0 || ry !== 0) {
    const controlPoints = [0, height].flatMap((row) =>
      [0, width].map((column) => ({
        row,
        column,
        x: x0 + column * dx + row * rx,
        y: y0 + column * ry + row * dy,
      })),
    );
    return { ...straight, controlPoints };
  }
  return {
    ...axes,
    rowsFromSouth: dy > 0,
    columnsFromEast: dx < 0,
    transform: [
      dx < 0 ? x0 + width * dx : x0,
      Math.abs(dx),
      0,
      dy > 0 ? y0 + height * dy : y0,
      0,
      -Math.abs(dy),
    ],
  };
}
