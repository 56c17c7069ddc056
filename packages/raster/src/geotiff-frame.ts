import type { GeoTIFFImage } from 'geotiff';
import { RasterError } from './errors.js';
import type { Transform } from './raster.js';

/** GeoKey value for "described by the other keys, has no code". */
const USER_DEFINED = 32_767;

/** How the file's rows lie on earth, before windows. */
export interface Georeference {
  readonly crs: string | null;
  /** North-up transform of the whole image, or null. */
  readonly transform: Transform | null;
  /** Whether the file stores the south row first. */
  readonly southUp: boolean;
}

/** CRS and north-up transform of a GeoTIFF image, pixel is area whatever the file uses. */
export function georeference(path: string, image: GeoTIFFImage): Georeference {
  const keys: Readonly<Record<string, unknown>> = image.getGeoKeys() ?? {};
  const affine = affineOf(image);
  const crs = crsOf(keys);
  // Pixel numbers as coordinates, in no system, are no position on earth.
  const none = !affine || (crs === null && affine.join() === '0,1,0,0,0,1');
  if (none) return { crs, transform: null, southUp: false };
  const [, dx, rx, , ry] = affine;
  let [x0, , , y0, , dy] = affine;
  if (keys['GTRasterTypeGeoKey'] === 2) {
    // Pixel is point: the tie names the centre of the pixel.
    x0 -= (dx + rx) / 2;
    y0 -= (ry + dy) / 2;
  }
  if (rx !== 0 || ry !== 0 || dx <= 0) {
    throw new RasterError(
      'UnsupportedFormat',
      `${path}: expected an image with north up. Received: a rotated or mirrored one (${affine.join(', ')}). Warp it first, e.g. with gdalwarp.`,
    );
  }
  const southUp = dy > 0;
  if (southUp) {
    y0 += image.getHeight() * dy;
    dy = -dy;
  }
  return { crs, transform: [x0, dx, 0, y0, 0, dy], southUp };
}

function affineOf(image: GeoTIFFImage): Transform | null {
  const directory = image.getFileDirectory();
  const matrix = directory.getValue('ModelTransformation');
  if (matrix) {
    const [dx = 0, rx = 0, , x0 = 0, ry = 0, dy = 0, , y0 = 0] = Array.from(matrix, Number);
    return [x0, dx, rx, y0, ry, dy];
  }
  const scale = directory.getValue('ModelPixelScale');
  const tie = directory.getValue('ModelTiepoint');
  // More than one tie means ground control points, which no affine map describes.
  if (!scale || !tie || tie.length !== 6) return null;
  const [sx = 0, sy = 0] = Array.from(scale, Number);
  const [i = 0, j = 0, , x = 0, y = 0] = Array.from(tie, Number);
  return [x - i * sx, sx, 0, y + j * sy, 0, -sy];
}

function crsOf(keys: Readonly<Record<string, unknown>>): string | null {
  for (const name of ['ProjectedCSTypeGeoKey', 'GeographicTypeGeoKey']) {
    const code = keys[name];
    if (typeof code === 'number' && code > 0 && code < USER_DEFINED) return `EPSG:${code}`;
    // A projection of its own over a coded datum is not that datum's lon-lat.
    if (code === USER_DEFINED) break;
  }
  for (const name of ['PCSCitationGeoKey', 'GTCitationGeoKey']) {
    const citation = keys[name];
    const wkt = typeof citation === 'string' ? /ESRI PE String = (.*)/s.exec(citation)?.[1] : null;
    if (wkt) return wkt.replace(/[|\0\s]+$/, '');
  }
  return null;
}
