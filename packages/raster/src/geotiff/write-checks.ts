import { RasterError } from '../errors.js';
import type { WrittenType } from '../grid-dataset.js';
import type { GeoTiffSource } from './write-source.js';

/** Most values along a side, and bands, that the tags can hold. */
const LONGEST_SIDE = 2 ** 31 - 1;
const MOST_BANDS = 65_535;

const RANGES: Readonly<Partial<Record<WrittenType, readonly [number, number]>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint32: [0, 4_294_967_295],
  int32: [-2_147_483_648, 2_147_483_647],
};

/** @throws RasterError `WrongShape`, `InvalidValue` for what a GeoTIFF cannot hold. */
export function assertSource(
  path: string,
  source: GeoTiffSource,
  options: {
    readonly tileSize: number;
    readonly level?: number;
    readonly compression?: 'deflate' | 'zstd' | 'none';
  },
): void {
  const { height, width, bands, dtype, transform, nodata, palette } = source;
  const side = (length: number): boolean =>
    Number.isInteger(length) && length >= 1 && length <= LONGEST_SIDE;
  if (!side(height) || !side(width) || bands.length < 1 || bands.length > MOST_BANDS) {
    throw new RasterError(
      'WrongShape',
      `${path}: expected at least one pixel and one band. Received: ${height}×${width} of ${bands.length} bands. Give an image that is not empty.`,
    );
  }
  const { tileSize, level, compression } = options;
  if (!(tileSize >= 16 && tileSize <= 8192 && tileSize % 16 === 0)) {
    throw invalid(path, 'a tileSize that is a multiple of 16, 16 to 8192', String(tileSize));
  }
  const most = compression === 'zstd' ? 22 : 9;
  if (level !== undefined && !(Number.isInteger(level) && level >= 1 && level <= most)) {
    throw invalid(path, `a compression level from 1 to ${most}`, String(level));
  }
  if (transform) {
    const [, dx, rx, , ry, dy] = transform;
    if (!transform.every(Number.isFinite) || rx !== 0 || ry !== 0 || dx <= 0 || dy >= 0) {
      throw invalid(path, 'a north-up transform [x0, dx, 0, y0, 0, -dy]', transform.join(', '));
    }
  }
  const range = RANGES[dtype];
  if (nodata !== null && range) {
    const [least, largest] = range;
    if (!(Number.isInteger(nodata) && nodata >= least && nodata <= largest)) {
      throw invalid(path, `a nodata value that ${dtype} holds`, String(nodata));
    }
  }
  const inRange = (part: number): boolean => Number.isInteger(part) && part >= 0 && part <= 255;
  const fits =
    palette === undefined ||
    (dtype === 'uint8' &&
      bands.length === 1 &&
      palette.length <= 256 &&
      palette.flat().every(inRange));
  if (!fits) {
    throw invalid(
      path,
      'a palette of up to 256 colours, 0 to 255 each, for one uint8 band',
      `${palette?.length} colours for ${bands.length} bands of ${dtype}`,
    );
  }
}

function invalid(path: string, expected: string, received: string): RasterError {
  return new RasterError(
    'InvalidValue',
    `${path}: expected ${expected}. Received: ${received}. Change it.`,
  );
}
