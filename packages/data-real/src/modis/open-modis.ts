import { openRaster, type RasterFile, type RasterVariable } from '@arctic/raster';
import { DataRealError } from '../errors.js';
import { derivedLayers } from './derived-layers.js';
import { productOf, timesInName, type ModisProduct } from './modis-product.js';
import { swathPlaces } from './swath-places.js';

/** An open file of MODIS, with what its codes and tie points mean. */
export interface ModisFile extends RasterFile {
  readonly product: ModisProduct;
  /**
   * What is not in the file as such, on the axes of the layer that it comes from:
   * - `Layer/cloud`, `Layer/land`, … 1 where the code or bit of a layer says so, else 0;
   * - `Layer/seaIceOrNot`, `Layer/snowOrNot`: 1 ice (or snow), 0 open water (or bare land), NaN
   *   elsewhere;
   * - `latitude` and `longitude` of every cell of a swath.
   */
  readonly derived: readonly RasterVariable[];
}

/**
 * Opens an HDF4 file of MODIS surface reflectance (MOD09GA: reflectances 0…1 in `sur_refl_b01_1` to
 * `b07`), sea ice (MOD29, MOD29P1D, MOD29E1D: classes, and temperatures in kelvin) or snow (MOD10_L2,
 * MOD10A1), of Terra or Aqua. `variables` are those of the file, flags and fill NaN; see `derived`.
 *
 * @example
 * ```ts
 * const file = await openModis('MOD29.A2022256.1305.061.2022256191011.hdf');
 * const cloud = file.derived.find(({ name }) => name === 'state_1km_1/cloud');
 * await cloud?.read({ start: [0, 0], count: [100, 100] });
 * await file.close();
 * ```
 * @throws DataRealError `UnsupportedFormat` for other products; RasterError for files that are
 * missing or damaged.
 */
export async function openModis(path: string): Promise<ModisFile> {
  const file = await openRaster(path);
  try {
    if (file.format !== 'hdf4') {
      throw new DataRealError(
        'UnsupportedFormat',
        `${path}: expected an HDF4 file of MODIS. Received: ${file.format}. Open it with openRaster.`,
      );
    }
    const product = productOf(file);
    const times = file.times.length > 0 ? file.times : timesInName(path);
    const variables =
      times === file.times
        ? file.variables
        : file.variables.map((variable) => ({ ...variable, times }));
    const dated = { ...file, times, variables };
    const masks = variables
      .filter(({ shape }) => shape.length >= 2)
      .flatMap((layer) => derivedLayers(path, product, layer));
    return { ...dated, product, derived: [...masks, ...(swathPlaces(dated) ?? [])] };
  } catch (cause) {
    await file.close();
    throw cause;
  }
}
