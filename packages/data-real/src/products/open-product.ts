import { readdir, stat } from 'node:fs/promises';
import { formatOf, isRasterError, openRaster, type RasterFile } from '@arctic/raster';
import { DataRealError } from '../errors.js';
import { isModisFile } from '../modis/modis-product.js';
import { openModis } from '../modis/open-modis.js';
import { parseNsidcName } from '../nsidc-name.js';
import { openSentinel1 } from '../sentinel/sentinel-1.js';
import { openSentinel2 } from '../sentinel/sentinel-2.js';
import { safeFolderAt } from '../sentinel/safe-folder.js';
import { zipNames } from '../zip-names.js';
import { openNsidcBinary } from './nsidc-binary.js';
import { isNsidcGridFile, openNsidcGridFile } from './nsidc-grid-file.js';
import { isSeaIceIndexTable, openSeaIceIndexTable } from './sea-ice-index-csv.js';
import { asSeaIceIndex, isSeaIceIndexImage } from './sea-ice-index.js';

/** A product that needs more than its format says, in the order in which they are tried. */
interface Product {
  /** Told by the path, and by whether it is a folder. */
  matches(path: string, isFolder: boolean): boolean;
  open(path: string): Promise<RasterFile>;
}

const PRODUCTS: readonly Product[] = [
  {
    matches: (path, isFolder) =>
      !isFolder && (/\.(tar|tgz|tar\.gz)$/i.test(path) || parseNsidcName(path) !== undefined),
    open: openNsidcBinary,
  },
  { matches: (path, isFolder) => !isFolder && isModisFile(path), open: openModis },
  { matches: isNsidcGridFile, open: openNsidcGridFile },
  { matches: isSeaIceIndexTable, open: openSeaIceIndexTable },
  {
    matches: isSeaIceIndexImage,
    open: async (path) => asSeaIceIndex(await openRaster(path)),
  },
];

/**
 * Opens a file (or folder, or archive) of any source in the catalogue, its codes decoded by what is
 * known of the product; a file of no known product is opened by its format.
 *
 * @throws RasterError, DataRealError
 */
export async function openProduct(path: string): Promise<RasterFile> {
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
  const safe = await safeFolderAt(path);
  if (safe) return safe.kind === 'sentinel-1' ? openSentinel1(path) : openSentinel2(path);
  if (!isFolder && /\.zip$/i.test(path)) await refuseZip(path);
  const product = PRODUCTS.find(({ matches }) => matches(path, isFolder));
  if (product) return product.open(path);
  return isFolder ? openFolder(path) : openRaster(path);
}

/** A folder that is a file itself (Zarr), or of a series of NSIDC's binary files. */
async function openFolder(path: string): Promise<RasterFile> {
  const format = await formatOf(path).catch((error: unknown) => {
    if (isRasterError(error, 'UnsupportedFormat')) return null;
    throw error;
  });
  if (format) return openRaster(path);
  const names = await readdir(path, { recursive: true });
  if (names.some((name) => parseNsidcName(name))) return openNsidcBinary(path);
  const top = names.filter((name) => !/[/\\]/.test(name)).sort();
  throw new DataRealError(
    'UnsupportedFormat',
    `${path}: expected a file, or a folder that is one: Zarr, a scene of Sentinel, a series of NSIDC. Received: a folder with ${top.slice(0, 5).join(', ') || 'nothing'}${top.length > 5 ? ' and more' : ''}. Name what is in it.`,
  );
}

/** Scenes are too large to be read inside a zip; the only zips read here are those of arrays. */
async function refuseZip(path: string): Promise<void> {
  const names = await zipNames(path);
  if (names === null || names.length === 0 || names.some((name) => /\.npy$/i.test(name))) return;
  throw new DataRealError(
    'UnsupportedFormat',
    `${path}: expected a file, a folder, or a .zip with an ice chart. Received: a .zip with ${names[0]}${names.length > 1 ? ` and ${names.length - 1} others` : ''}. Unpack it and name what was in it.`,
  );
}
