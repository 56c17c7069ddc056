import { basename } from 'node:path';
import type { RasterFile } from '@arctic/raster';
import { DataRealError } from '../errors.js';

/** What a file of MODIS is. */
export interface ModisProduct {
  /** `MOD29P1D` (Terra), `MYD09GA` (Aqua) … */
  readonly shortName: string;
  readonly family: ModisFamily;
  readonly platform: 'Terra' | 'Aqua';
}

/** Surface reflectance, sea ice, snow. */
export type ModisFamily = 'reflectance' | 'sea-ice' | 'snow';

const SHORT_NAME = /^M([OY])D(09(?:GA|GQ|A1|Q1)|29(?:P1D|P1N|E1D)?|10(?:_L2|A1F?|A2))$/;
const FILE_NAME = /^(M[OY]D[0-9A-Z_]+)\.A(\d{4})(\d{3})(?:\.(\d\d)(\d\d))?\./;
const FAMILIES: Readonly<Record<string, ModisFamily>> = {
  '09': 'reflectance',
  '29': 'sea-ice',
  '10': 'snow',
};

/** Whether the name is that of a MODIS product that is decoded here. */
export function isModisFile(path: string): boolean {
  const [, shortName = ''] = FILE_NAME.exec(basename(path)) ?? [];
  return SHORT_NAME.test(shortName) && /\.hdf$/i.test(path);
}

/**
 * The product by the file's own metadata, or by its name where these say nothing.
 *
 * @throws DataRealError `UnsupportedFormat` for another product.
 */
export function productOf(file: RasterFile): ModisProduct {
  const [, inName] = FILE_NAME.exec(basename(file.path)) ?? [];
  const shortName = metadataValue(file, 'SHORTNAME') ?? inName ?? '';
  const [, letter, code = ''] = SHORT_NAME.exec(shortName) ?? [];
  const family = FAMILIES[code.slice(0, 2)];
  if (family) return { shortName, family, platform: letter === 'Y' ? 'Aqua' : 'Terra' };
  throw new DataRealError(
    'UnsupportedFormat',
    `${file.path}: expected MOD09GA, MOD29, MOD29P1D, MOD29E1D, MOD10_L2, MOD10A1 or another of MODIS reflectance, sea ice and snow. Received: ${shortName || 'a file that names no product'}. Open it with openRaster.`,
  );
}

/** ISO 8601 of the beginning, as the name has it (day, or five minutes of a swath); else empty. */
export function timesInName(path: string): readonly string[] {
  const [, , year, day, hour = '00', minute = '00'] = FILE_NAME.exec(basename(path)) ?? [];
  if (year === undefined || day === undefined) return [];
  const date = new Date(Date.UTC(Number(year), 0, Number(day)));
  return [`${date.toISOString().slice(0, 10)}T${hour}:${minute}:00Z`];
}

/** A value of the ECS metadata. */
function metadataValue(file: RasterFile, object: string): string | undefined {
  const text = metadataText(file, 'coremetadata');
  const pattern = new RegExp(`OBJECT\\s*=\\s*${object}\\b[^]*?VALUE\\s*=\\s*"([^"]*)"`, 'i');
  return pattern.exec(text)?.[1];
}

/** A metadata text of the file, put together from its numbered parts. */
export function metadataText(file: RasterFile, name: string): string {
  return Object.entries(file.attributes)
    .filter(([key]) => key.toLowerCase().replace(/\.\d+$/, '') === name)
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, value]) => String(value))
    .join('');
}
