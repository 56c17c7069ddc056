import { ByteFile } from '../byte-file.js';
import type { RasterFile } from '../raster-file.js';
import { cfFile } from './cf-file.js';
import { readH5File } from './h5/h5-file.js';
import { eosPlacements } from './h5-eos.js';
import { h5Variables, typedAttributes } from './h5-variables.js';

/**
 * Opens a NetCDF-4 or any other HDF5 file; values are read by region, decoded by CF's conventions.
 * Variables are in the order of creation where the file keeps that (as netCDF-4 does), else by
 * name; those of a group are called `group/name`. Text, compounds and other things that are no
 * numbers are not listed.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 * @example
 * ```ts
 * const file = await openNetCdf4('seaice_conc_daily_nh_20211231_f17_v04r00.nc');
 * file.crs; // 'EPSG:3411'
 * const ice = file.variables.find(({ name }) => name === 'cdr_seaice_conc');
 * const { data } = (await ice?.read()) ?? {}; // fractions, NaN where missing
 * await file.close();
 * ```
 */
export async function openNetCdf4(path: string): Promise<RasterFile> {
  const file = await ByteFile.open(path);
  try {
    const tree = await readH5File(file);
    const root = tree.groups.find((group) => group.path.length === 0);
    return await cfFile({
      path,
      format: 'netcdf-4',
      variables: await h5Variables(tree),
      attributes: await typedAttributes(tree, root?.attributes ?? []),
      placements: await eosPlacements(tree),
      close: () => file.close(),
    });
  } catch (cause) {
    await file.close();
    throw cause;
  }
}
