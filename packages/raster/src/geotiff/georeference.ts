import { damagedFile } from '../byte-file.js';
import { affinePlacement } from '../picture/affine-placement.js';
import type { ControlPoint, Transform } from '../raster.js';
import type { TiffDirectory } from './directory.js';
import { crsOfGeoKeys } from './geo-crs.js';
import { GEO_KEY, PIXEL_IS_POINT, readGeoKeys } from './geo-keys.js';
import { TAG } from './tags.js';

/** How the rows and columns of a file lie on earth. */
export interface Georeference {
  readonly crs: string | null;
  /** North-up transform of the whole image with its rows and columns turned; null without one. */
  readonly transform: Transform | null;
  readonly rowsFromSouth: boolean;
  readonly columnsFromEast: boolean;
  /** Pixels of known place, of a file that has these or lies askew; empty otherwise. */
  readonly controlPoints: readonly ControlPoint[];
  /** As in the file: whether its coordinates name centres of pixels. */
  readonly pixelIsPoint: boolean;
}

/**
 * CRS and place of an image; pixel is area whatever the file uses.
 *
 * @throws RasterError `DamagedFile` where its numbers are not finite.
 */
export async function readGeoreference(
  path: string,
  directory: TiffDirectory,
  height: number,
  width: number,
): Promise<Georeference> {
  const keys = await readGeoKeys(directory);
  const { crs, unit } = crsOfGeoKeys(keys);
  const pixelIsPoint = keys.get(GEO_KEY.rasterType) === PIXEL_IS_POINT;
  const half = pixelIsPoint ? 0.5 : 0;
  const none = {
    crs,
    pixelIsPoint,
    transform: null,
    rowsFromSouth: false,
    columnsFromEast: false,
    controlPoints: [],
  };
  const affine = await affineOf(directory, half);
  if (!affine) return { ...none, controlPoints: await tiePoints(path, directory, half, unit) };
  const place: Transform = [
    affine[0] * unit,
    affine[1] * unit,
    affine[2] * unit,
    affine[3] * unit,
    affine[4] * unit,
    affine[5] * unit,
  ];
  if (!place.every(Number.isFinite)) {
    throw damagedFile(path, 'a transform of finite numbers', place.join(', '));
  }
  const [x0, dx, rx, y0, , dy] = place;
  // Pixel numbers as coordinates, in no system, are no position on earth.
  const pixels = dx === 1 && rx === 0 && Math.abs(dy) === 1 && x0 === 0 && y0 === 0;
  return crs === null && pixels ? none : { ...none, ...placedBy(place, crs, height, width) };
}

/** The part of a georeference that an affine map in GDAL's order gives. */
export function placedBy(
  affine: Transform,
  crs: string | null,
  height: number,
  width: number,
): Omit<Georeference, 'pixelIsPoint'> {
  const placement = affinePlacement(affine, crs, height, width);
  const { transform, rowsFromSouth, columnsFromEast, controlPoints = [] } = placement;
  return { crs, transform, rowsFromSouth, columnsFromEast, controlPoints };
}

async function affineOf(directory: TiffDirectory, half: number): Promise<Transform | null> {
  const size = await directory.numbers(TAG.pixelScale);
  const ties = await directory.numbers(TAG.tiePoints);
  const [sx = 0, sy = 0] = size ?? [];
  if (sx !== 0 && sy !== 0 && ties && ties.length >= 6) {
    const [column = 0, row = 0, , x = 0, y = 0] = ties;
    // A negative height is taken for a mistake, as GDAL takes it.
    const dy = -Math.abs(sy);
    return [x - (column + half) * sx, sx, 0, y - (row + half) * dy, 0, dy];
  }
  const matrix = await directory.numbers(TAG.transformation);
  if (!matrix || matrix.length < 8) return null;
  const [dx = 0, rx = 0, , x0 = 0, ry = 0, dy = 0, , y0 = 0] = matrix;
  return [x0 - half * (dx + rx), dx, rx, y0 - half * (ry + dy), ry, dy];
}

async function tiePoints(
  path: string,
  directory: TiffDirectory,
  half: number,
  unit: number,
): Promise<ControlPoint[]> {
  const ties = await directory.numbers(TAG.tiePoints);
  const points: ControlPoint[] = [];
  if (!ties || ties.length < 12) return points;
  for (let i = 0; i + 6 <= ties.length; i += 6) {
    const [column = 0, row = 0, , x = 0, y = 0] = ties.subarray(i, i + 6);
    const point = { row: row + half, column: column + half, x: x * unit, y: y * unit };
    if (!Object.values(point).every(Number.isFinite)) {
      throw damagedFile(path, 'control points of finite numbers', `${x}, ${y}`);
    }
    points.push(point);
  }
  return points;
}
