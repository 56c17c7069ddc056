import { open, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RasterError, reasonOf } from './errors.js';
import type { RasterFile, RasterFormat } from './raster-file.js';
import { assertFile } from './read-bytes.js';

export type KnownFormat = Exclude<RasterFormat, 'flat-binary'>;

/** Loaded when first needed: decoders bring WebAssembly that most programs never use. */
const OPENERS: Readonly<Record<KnownFormat, (path: string) => Promise<RasterFile>>> = {
  geotiff: async (path) => (await import('./geotiff/open-geotiff.js')).openGeoTiff(path),
  'netcdf-3': async (path) => (await import('./netcdf/netcdf3.js')).openNetCdf3(path),
  'netcdf-4': async (path) => (await import('./netcdf/netcdf4.js')).openNetCdf4(path),
  hdf4: async (path) => (await import('./hdf4/open-hdf4.js')).openHdf4(path),
  zarr: async (path) => (await import('./zarr/open-zarr.js')).openZarr(path),
  jp2: async (path) => (await import('./jp2/open-jp2.js')).openJp2(path),
  png: async (path) => (await import('./picture/open-picture.js')).openPicture(path),
  jpeg: async (path) => (await import('./picture/open-picture.js')).openPicture(path),
  npy: async (path) => (await import('./npz/open-npz.js')).openNpy(path),
  npz: async (path) => (await import('./npz/open-npz.js')).openNpz(path),
};

/** First bytes of each format, as Latin-1. */
const MAGIC: readonly (readonly [string, KnownFormat])[] = [
  ['II*\0', 'geotiff'],
  ['MM\0*', 'geotiff'],
  ['II+\0', 'geotiff'],
  ['MM\0+', 'geotiff'],
  ['CDF', 'netcdf-3'],
  ['\x89HDF', 'netcdf-4'],
  ['\x0e\x03\x13\x01', 'hdf4'],
  ['\0\0\0\x0cjP', 'jp2'],
  ['\xff\x4f\xff\x51', 'jp2'],
  ['\x89PNG', 'png'],
  ['\xff\xd8', 'jpeg'],
  ['\x93NUMPY', 'npy'],
  ['PK', 'npz'],
];

/** HDF5 allows a block of foreign bytes before its signature, which then lies at such an offset. */
const HDF5_OFFSETS = [512, 1024, 2048, 4096];

/**
 * Opens a raster file of any format that this package reads, told apart by content, not by name: a
 * header is read, values follow when asked for. Close it when done.
 *
 * @example
 * ```ts
 * const file = await openRaster('ice_conc_nh_201909091200.nc');
 * const [variable] = file.variables.filter(({ shape }) => shape.length >= 2);
 * const { data } = await variable.read();
 * await file.close();
 * ```
 * @throws RasterError `MissingFile`, `UnsupportedFormat`, `DamagedFile`
 */
export async function openRaster(path: string): Promise<RasterFile> {
  return OPENERS[await formatOf(path)](path);
}

/** The format of a file or Zarr folder. @throws RasterError `MissingFile`, `UnsupportedFormat` */
export async function formatOf(path: string): Promise<KnownFormat> {
  const entry = await stat(path).catch(() => null);
  if (entry?.isDirectory()) {
    if (
      ['zarr.json', '.zgroup', '.zarray', '.zmetadata'].some((name) => existsSync(join(path, name)))
    )
      return 'zarr';
    throw unsupported(path, 'a folder that is no Zarr store');
  }
  await assertFile(path);
  const head = await headOf(path, 0, 8);
  const found = MAGIC.find(([magic]) => head.startsWith(magic))?.[1];
  if (found) return found;
  for (const at of HDF5_OFFSETS)
    if ((await headOf(path, at, 8)).startsWith('\x89HDF')) return 'netcdf-4';
  throw unsupported(
    path,
    head === '' ? 'an empty file' : `first bytes ${Buffer.from(head, 'latin1').toString('hex')}`,
  );
}

async function headOf(path: string, at: number, length: number): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await handle.read(bytes, 0, length, at);
      return bytes.toString('latin1', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new RasterError(
      'MissingFile',
      `${path}: expected a readable file. Received: ${reasonOf(cause)}. Check its permissions.`,
      { cause },
    );
  }
}

function unsupported(path: string, received: string): RasterError {
  return new RasterError(
    'UnsupportedFormat',
    `${path}: expected GeoTIFF, NetCDF, HDF4, HDF5, Zarr, JPEG 2000, PNG, JPEG, NPY or NPZ. Received: ${received}. Convert it, e.g. with gdal_translate.`,
  );
}
