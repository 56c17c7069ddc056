import type { ByteFile } from '../byte-file.js';
import { damagedFile } from '../byte-file.js';
import { isRasterError, reasonOf } from '../errors.js';
import { readDirectories } from '../geotiff/directory.js';
import { readGeoreference, type Georeference } from '../geotiff/georeference.js';

/**
 * The place that a GeoJP2 box gives an image: it holds a GeoTIFF of one pixel, whose tags are
 * meant for the image.
 *
 * @throws RasterError `DamagedFile`
 */
export async function readGeoJp2(
  file: ByteFile,
  box: { readonly start: number; readonly end: number },
  height: number,
  width: number,
): Promise<Georeference> {
  const size = box.end - box.start;
  const inside = {
    path: file.path,
    size,
    read: (at: number, length: number) => {
      if (!(at >= 0 && at + length <= size)) {
        throw damagedFile(file.path, `${length} bytes at ${at} of the GeoJP2 box`, `${size} bytes`);
      }
      return file.read(box.start + at, length);
    },
  };
  try {
    const [directory] = await readDirectories(inside);
    if (!directory) throw new Error('no directory');
    return await readGeoreference(file.path, directory, height, width);
  } catch (cause) {
    if (isRasterError(cause)) throw cause;
    throw damagedFile(file.path, 'a GeoTIFF in the GeoJP2 box', reasonOf(cause), cause);
  }
}
