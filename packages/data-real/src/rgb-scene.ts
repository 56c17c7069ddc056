import { readRaster, type ByteRaster, type Raster, type Window } from '@arctic/raster';
import { DataRealError } from './errors.js';

/**
 * A colour scene (MODIS corrected reflectance and the like) from an RGB or RGBA GeoTIFF: [H,W,3]
 * uint8 with CRS and transform; `mask` is 0 where the scene has no pixel: alpha 0, or pure black,
 * with which imagery services fill the gaps between swaths.
 *
 * @throws DataRealError `UnsupportedFormat` where the file is not of 8-bit colours;
 * RasterError for a missing or damaged file.
 */
export async function openRgbScene(
  path: string,
  options: { /** The part to read. @default all */ readonly window?: Window } = {},
): Promise<ByteRaster> {
  return withoutBlack(assertRgb(path, await readRaster(path, options)));
}

/** The raster, of three 8-bit bands. @throws DataRealError `UnsupportedFormat` */
export function assertRgb(path: string, raster: Raster): ByteRaster {
  const bands = raster.array.shape[2];
  if (raster.kind === 'bytes' && bands === 3) return raster;
  throw new DataRealError(
    'UnsupportedFormat',
    `${path}: expected an 8-bit RGB or RGBA GeoTIFF. Received: ${bands} bands of ${raster.kind === 'bytes' ? 'uint8' : 'wider numbers'}. Choose the red, green and blue bands, e.g. with gdal_translate.`,
  );
}

/** The scene with mask 0 where it is pure black. */
export function withoutBlack(raster: ByteRaster): ByteRaster {
  const { data } = raster.array;
  const mask = raster.mask.map((valid, i) => {
    const black = data[3 * i] === 0 && data[3 * i + 1] === 0 && data[3 * i + 2] === 0;
    return black ? 0 : valid;
  });
  return { ...raster, mask };
}
