import { existsSync } from 'node:fs';
import { isRasterError } from '../errors.js';
import { readSidecar, type Sidecar, type SidecarBand } from '../picture/sidecar.js';
import type { TiffDirectory } from './directory.js';
import { placedBy, readGeoreference, type Georeference } from './georeference.js';

/** Where an image lies, and what the file beside it says of its bands. */
export interface PlaceAndBands {
  readonly place: Georeference;
  /** By number, from 1; what the TIFF itself says goes before it. */
  readonly bands: ReadonlyMap<number, SidecarBand>;
}

/**
 * The place of an image in GDAL's order: `.aux.xml` beside the file, its own tags, a world file.
 *
 * @throws RasterError `DamagedFile`
 */
export async function readPlace(
  path: string,
  directory: TiffDirectory,
  height: number,
  width: number,
): Promise<PlaceAndBands> {
  const own = await readGeoreference(path, directory, height, width);
  const isPlaced = own.transform !== null || own.controlPoints.length > 0;
  const beside =
    isPlaced && own.crs !== null && !existsSync(`${path}.aux.xml`) ? null : await sidecarOf(path);
  if (!beside) return { place: own, bands: new Map() };
  const crs = beside.crs ?? own.crs ?? beside.worldCrs;
  const affine = beside.affine ?? (isPlaced ? null : beside.worldAffine);
  const place = affine ? placedBy(affine, crs, height, width) : { ...own, crs };
  return { place: { ...place, pixelIsPoint: own.pixelIsPoint }, bands: beside.bands };
}

/** Null where it names a CRS that is not known: the image can be read without. */
async function sidecarOf(path: string): Promise<Sidecar | null> {
  try {
    return await readSidecar(path);
  } catch (cause) {
    if (isRasterError(cause, 'UnsupportedFormat')) return null;
    throw cause;
  }
}
