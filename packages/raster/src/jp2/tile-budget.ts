import { assertPlausible, damagedFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import type { CodingStyle, Rectangle } from './codestream.js';

/** Address space of the decoder, less what it needs for itself. */
const MOST_BYTES = 1.9e9;

/** Code-blocks and precincts of a tile; OpenJPEG keeps about 200 bytes for each. */
const MOST_PARTS = 1 << 21;

/** Packets that any tile may have, however few its bytes. */
const ALWAYS_PACKETS = 1 << 20;

/** What a header says about one tile to be decoded. */
export interface TileDemand {
  /** Where the decoder sees the tile. */
  readonly tile: Rectangle;
  /** Halvings. */
  readonly level: number;
  readonly components: number;
  readonly channels: number;
  readonly bytesPerSample: number;
  readonly styles: readonly CodingStyle[];
  readonly layers: number;
  /** Length of its tile-parts. */
  readonly compressed: number;
}

/**
 * Bytes that decoding a tile takes, checked before any is asked for: damaged headers speak of
 * billions of samples, precincts or packets, and the decoder believes them.
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat` where a sound tile is too large
 */
export function tileBytes(path: string, demand: TileDemand): number {
  const { tile, level, components, channels, bytesPerSample, styles, compressed } = demand;
  const down = 2 ** level;
  const width = Math.ceil(tile.x1 / down) - Math.ceil(tile.x0 / down);
  const height = Math.ceil(tile.y1 / down) - Math.ceil(tile.y0 / down);
  const samples = 4 * width * height * (components + channels);
  // Its output has room for the rectangle from the origin on, and it reads as much.
  const output = Math.ceil(tile.x1 / down) * Math.ceil(tile.y1 / down);
  const bytes = samples + output * (4 + bytesPerSample * channels) + compressed;
  assertPlausible(path, 'a tile', samples + output * bytesPerSample * channels, compressed);
  if (bytes > MOST_BYTES || tile.x1 > 65_535 || tile.y1 > 65_535) {
    throw new RasterError(
      'UnsupportedFormat',
      `${path}: expected JPEG 2000 tiles that decode in ${MOST_BYTES / 1e9} GB. Received: tiles of ${width} × ${height} × ${components}. Cut the file into tiles: gdal_translate -co TILED=YES -co REVERSIBLE=YES.`,
    );
  }
  let parts = 0;
  let packets = 0;
  for (const style of styles) {
    const cut = partsOf(tile, style);
    parts = Math.max(parts, components * (cut.blocks + cut.precincts));
    packets = Math.max(packets, components * cut.precincts * demand.layers);
  }
  // A packet takes a byte at least, where the file is whole.
  if (parts > MOST_PARTS || packets > ALWAYS_PACKETS + 64 * compressed) {
    throw damagedFile(
      path,
      `code-blocks and packets that fit a tile of ${compressed} bytes`,
      `${parts} and ${packets}`,
    );
  }
  return bytes;
}

function partsOf(tile: Rectangle, style: CodingStyle): { blocks: number; precincts: number } {
  let blocks = 0;
  let precincts = 0;
  style.precincts.forEach(([precinctWidth, precinctHeight], resolution) => {
    const down = 2 ** (style.levels - resolution);
    const across = (size: number) =>
      Math.ceil(tile.x1 / down / size) - Math.floor(tile.x0 / down / size);
    const along = (size: number) =>
      Math.ceil(tile.y1 / down / size) - Math.floor(tile.y0 / down / size);
    precincts += across(2 ** precinctWidth) * along(2 ** precinctHeight);
    blocks +=
      across(2 ** Math.min(style.blockWidth, precinctWidth)) *
      along(2 ** Math.min(style.blockHeight, precinctHeight));
  });
  return { blocks, precincts };
}
