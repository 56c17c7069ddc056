import { ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import type { RasterFile, RasterVariable } from '../raster-file.js';
import { readDirectories, type TiffDirectory } from './directory.js';
import { fileAttributes } from './image-attributes.js';
import { bandsOf, type Page } from './image-bands.js';
import { readLayout } from './image-layout.js';
import { readPlace } from './place.js';
import { SUBFILE, TAG } from './tags.js';

/**
 * Opens a GeoTIFF, BigTIFF or COG: every band is a variable [H,W], named by its description or
 * `band1`…; further images of the same size are further bands.
 *
 * Palettes: the value is the index, the colours are in the attribute `palette` (r, g, b of each
 * index, 0 to 255). JPEG in YCbCr comes out as RGB. What is missing: a mask image of the file, else
 * nodata, else alpha 0, as in GDAL; the alpha band is a band too (`colour_interpretation` says
 * which). A file beside it (`.aux.xml`; a world file where the TIFF has no place) counts as in GDAL.
 * Files that lie askew have their corners as control points instead of a transform. A time
 * is given where the metadata name the acquisition; the TIFF's own DateTime is an attribute alone.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 */
export async function openGeoTiff(path: string): Promise<RasterFile> {
  const file = await ByteFile.open(path);
  try {
    return await readHeaders(file);
  } catch (cause) {
    await file.close();
    if (cause instanceof RasterError) throw cause;
    // What the header sent out of range: a view, a text, an array length.
    throw new RasterError(
      'DamagedFile',
      `${path}: expected the headers of a TIFF. Received: ${String(cause)}. Copy or download the file again.`,
      { cause },
    );
  }
}

async function readHeaders(file: ByteFile): Promise<RasterFile> {
  const { path } = file;
  const [first, ...others] = await readDirectories(file);
  if (!first) throw new RasterError('DamagedFile', `${path}: expected an image. Received: none.`);
  const main = await readPage(file, first);
  const pages = [main];
  const overviews: Page[] = [];
  const masks: Page[] = [];
  for (const directory of others) {
    const subfile = (await directory.numbers(TAG.subfileType))?.[0] ?? 0;
    const size = await sizeOf(directory);
    const same = size.height === main.layout.height && size.width === main.layout.width;
    if ((subfile & SUBFILE.mask) !== 0) masks.push(await readPage(file, directory));
    else if ((subfile & SUBFILE.reduced) !== 0) {
      const page = await readPage(file, directory);
      if (page.layout.samples === main.layout.samples) overviews.push(page);
    } else if (same) pages.push(await readPage(file, directory));
  }
  overviews.sort((a, b) => b.layout.width * b.layout.height - a.layout.width * a.layout.height);

  const known = await readPlace(path, first, main.layout.height, main.layout.width);
  const variables: RasterVariable[] = [];
  for (const page of pages) {
    // Reduced images belong to the first one.
    const reduced = page === main ? overviews : [];
    variables.push(...(await bandsOf(file, page, reduced, masks, known, variables.length)));
  }
  return {
    path,
    format: 'geotiff',
    crs: known.place.crs,
    transform: known.place.transform,
    times: variables.find(({ times }) => times.length > 0)?.times ?? [],
    variables: named(variables),
    attributes: await fileAttributes(first, known.place),
    close: () => file.close(),
  };
}

async function readPage(file: ByteFile, directory: TiffDirectory): Promise<Page> {
  return { directory, layout: await readLayout(file, directory) };
}

async function sizeOf(directory: TiffDirectory) {
  const width = (await directory.numbers(TAG.width))?.[0] ?? 0;
  return { width, height: (await directory.numbers(TAG.height))?.[0] ?? 0 };
}

/** Names that occur twice give way to `band1`…, so that each means one band. */
function named(variables: readonly RasterVariable[]): RasterVariable[] {
  const counts = new Map<string, number>();
  for (const { name } of variables) counts.set(name, (counts.get(name) ?? 0) + 1);
  return variables.map((variable, i) => {
    const name = (counts.get(variable.name) ?? 0) > 1 ? `band${i + 1}` : variable.name;
    return { ...variable, name };
  });
}
