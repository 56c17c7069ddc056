import { basename } from 'node:path';
import { redecode, type RasterFile, type RasterVariable } from '@arctic/raster';

const NAME = /^([NS])_(\d{6}|\d{8})_(concentration|extent|extent_anomaly)_v\d+\.\d+\.tiff?$/i;

/** Codes of concentration images from here on are flags: pole hole, coast, land, missing. */
const LARGEST_CONCENTRATION = 1000;

/** Codes of extent images: open water and ice. */
const LARGEST_EXTENT = 1;

/** Whether the name is that of a Sea Ice Index GeoTIFF of concentration or extent. */
export function isSeaIceIndexImage(path: string): boolean {
  return NAME.test(basename(path));
}

/**
 * A GeoTIFF of the Sea Ice Index (G02135) whose palette codes are decoded: concentration in percent
 * (stored × 10) without its flags 2510 (pole hole), 2530 (coast), 2540 (land), 2550 (missing);
 * extent as 0 or 1 without 253 to 255. The time is the day, or the first of the month, in the name.
 */
export function asSeaIceIndex(file: RasterFile): RasterFile {
  const [, , digits = '', kind = ''] = NAME.exec(basename(file.path)) ?? [];
  const concentration = kind.toLowerCase() === 'concentration';
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6) || '01'}`;
  const times = [`${date}T00:00:00Z`];
  const decoded = (variable: RasterVariable): RasterVariable =>
    redecode(variable, {
      name: concentration ? 'sea_ice_concentration' : 'sea_ice_extent',
      units: concentration ? '%' : '1',
      times,
      decoding: {
        scale: concentration ? 0.1 : 1,
        offset: 0,
        missing: [],
        validMin: 0,
        validMax: concentration ? LARGEST_CONCENTRATION : LARGEST_EXTENT,
      },
    });
  return { ...file, times, variables: file.variables.map(decoded) };
}
