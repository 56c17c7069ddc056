import {
  coordinateTransform,
  windowOfRegion,
  type GridInfo,
  type LonLatBox,
  type Transform,
} from '@arctic/raster';
import { ServeError } from '../errors.js';

/** The part of a grid that covers a box. */
export interface Crop {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
  readonly crs: string;
  readonly transform: Transform;
  /** [h,w] degrees, of the centres of cells. */
  readonly longitude: Float64Array;
  readonly latitude: Float64Array;
  /** [h,w] 1 where the centre lies in the box. */
  readonly inside: Uint8Array;
}

/** @throws ServeError 404 where the box has no cell of the grid, RasterError where it is no box. */
export function cropOf(
  grid: GridInfo,
  gridHeight: number,
  gridWidth: number,
  box: LonLatBox,
): Crop {
  const { crs, transform } = grid;
  if (crs === null || transform === null)
    throw new ServeError(500, 'no-place', `${grid.name}: expected a grid with a place on earth`);
  const window = windowOfRegion({ crs, transform, height: gridHeight, width: gridWidth }, box);
  const empty = () =>
    new ServeError(
      404,
      'no-cells',
      `Expected a box with cells of ${grid.name}. Received: west ${box.west}, south ${box.south}, east ${box.east}, north ${box.north}, which has none.`,
    );
  if (window === null) throw empty();
  const [x0, dx, , y0, , dy] = transform;
  const toDegrees = coordinateTransform(crs, 'EPSG:4326');
  const cells = window.height * window.width;
  const longitude = new Float64Array(cells);
  const latitude = new Float64Array(cells);
  const inside = new Uint8Array(cells);
  for (let y = 0, i = 0; y < window.height; y++) {
    for (let x = 0; x < window.width; x++, i++) {
      const [lon, lat] = toDegrees(
        x0 + (window.column + x + 0.5) * dx,
        y0 + (window.row + y + 0.5) * dy,
      );
      longitude[i] = lon;
      latitude[i] = lat;
      inside[i] = Number(isInside(box, lon, lat));
    }
  }
  if (!inside.includes(1)) throw empty();
  return {
    ...window,
    crs,
    transform: [x0 + window.column * dx, dx, 0, y0 + window.row * dy, 0, dy],
    longitude,
    latitude,
    inside,
  };
}

function isInside({ west, south, east, north }: LonLatBox, lon: number, lat: number): boolean {
  const width = east > west ? Math.min(360, east - west) : east + 360 - west;
  const along = lon - west;
  return lat >= south && lat <= north && along - 360 * Math.floor(along / 360) <= width;
}

/** The cells of a field [H,W] that a crop covers; NaN outside the box. */
export function cut(field: ArrayLike<number>, gridWidth: number, crop: Crop): Float32Array {
  const out = new Float32Array(crop.height * crop.width).fill(NaN);
  for (let y = 0, i = 0; y < crop.height; y++) {
    for (let x = 0; x < crop.width; x++, i++) {
      if (crop.inside[i]) out[i] = field[(crop.row + y) * gridWidth + crop.column + x] ?? NaN;
    }
  }
  return out;
}
