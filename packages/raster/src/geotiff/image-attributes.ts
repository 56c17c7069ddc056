import type { Attributes } from '../raster-file.js';
import type { TiffDirectory } from './directory.js';
import { parseGdalMetadata, type GdalItem } from './gdal-metadata.js';
import type { Georeference } from './georeference.js';
import type { ImageLayout } from './image-layout.js';
import { PHOTOMETRIC, TAG } from './tags.js';

/** Text tags that become attributes, under the names that GDAL gives them. */
const TEXTS = {
  TIFFTAG_DOCUMENTNAME: TAG.documentName,
  TIFFTAG_IMAGEDESCRIPTION: TAG.imageDescription,
  TIFFTAG_SOFTWARE: TAG.software,
  TIFFTAG_DATETIME: TAG.dateTime,
  TIFFTAG_ARTIST: TAG.artist,
  TIFFTAG_COPYRIGHT: TAG.copyright,
};

/** GDAL's words for what each band shows. */
export async function interpretationOf(
  directory: TiffDirectory,
  { photometric, samples }: ImageLayout,
  hasPalette: boolean,
): Promise<string[]> {
  const extra = Array.from((await directory.numbers(TAG.extraSamples)) ?? []);
  const colours =
    photometric === PHOTOMETRIC.rgb || photometric === PHOTOMETRIC.ycbcr
      ? ['red', 'green', 'blue']
      : [hasPalette ? 'palette' : 'grey'];
  return Array.from({ length: samples }, (_, band) => {
    const kind = extra[band - (samples - extra.length)];
    return kind === 1 || kind === 2 ? 'alpha' : (colours[band] ?? 'undefined');
  });
}

/** Red, green and blue of each index, 0 to 255; null without a colour map. */
export async function paletteOf(
  directory: TiffDirectory,
  layout: ImageLayout,
): Promise<number[] | null> {
  // GDAL takes a colour map for one even where the image is called grey.
  if (layout.bits > 16) return null;
  const map = await directory.numbers(TAG.colourMap);
  const entries = map ? Math.floor(map.length / 3) : 0;
  if (!map || entries === 0) return null;
  // Stored as all reds, all greens, all blues; some writers use 8 of the 16 bits.
  const unit = map.every((value) => value < 256) ? 1 : 257;
  const colours: number[] = [];
  // 16-bit values have 65,536 entries, mostly black ones after the last that is used.
  let used = entries;
  const isBlack = (entry: number): boolean =>
    map[entry] === 0 && map[entries + entry] === 0 && map[2 * entries + entry] === 0;
  while (used > 1 && isBlack(used - 1)) used -= 1;
  for (let entry = 0; entry < used; entry++) {
    for (const channel of [0, 1, 2]) {
      colours.push(Math.floor((map[channel * entries + entry] ?? 0) / unit));
    }
  }
  return colours;
}

/** Text tags and items of the whole file. */
export async function fileAttributes(
  directory: TiffDirectory,
  place: Georeference,
): Promise<Attributes> {
  const attributes: Record<string, string> = {};
  for (const [name, tag] of Object.entries(TEXTS)) {
    const text = await directory.text(tag);
    if (text) attributes[name] = text;
  }
  if (place.transform || place.controlPoints.length > 0) {
    attributes['AREA_OR_POINT'] = place.pixelIsPoint ? 'Point' : 'Area';
  }
  const items = parseGdalMetadata((await directory.text(TAG.gdalMetadata)) ?? '');
  return { ...attributes, ...plainItems(items.filter(({ band }) => band === null)) };
}

/** Items that are neither description nor scale, offset or unit. */
export function plainItems(items: readonly GdalItem[]): Record<string, string> {
  return Object.fromEntries(
    items.filter(({ role, name }) => role === null && name).map(({ name, value }) => [name, value]),
  );
}
