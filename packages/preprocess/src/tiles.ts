import { PreprocessError } from './errors.js';

/** How a raster is cut. */
export interface TileOptions {
  /** Width of the raster, pixels. */
  readonly width: number;
  /** Height of the raster, pixels. */
  readonly height: number;
  /** Side of a tile, pixels. */
  readonly size: number;
  /** Pixels that neighbours share, at least. @default 0 */
  readonly overlap?: number;
}

/** A rectangle of the raster; x to the right, y down, from the top left pixel. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  /** `size`, or the width of the raster where that is smaller. */
  readonly width: number;
  /** `size`, or the height of the raster where that is smaller. */
  readonly height: number;
}

/**
 * The tiles that cover a raster, row by row. All have the same size: the last of a row is moved
 * back so that it ends with the raster (and overlaps more).
 *
 * @throws PreprocessError `InvalidOption` for sizes below 1 or an overlap that is no less than the size.
 */
export function tiles(options: TileOptions): Tile[] {
  const { width, height, size, overlap = 0 } = options;
  for (const [name, value] of Object.entries({ width, height, size })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new PreprocessError(
        'InvalidOption',
        `Expected "${name}" to be a whole number of pixels of at least 1. Received: ${value}.`,
      );
    }
  }
  if (!Number.isInteger(overlap) || overlap < 0 || overlap >= size) {
    throw new PreprocessError(
      'InvalidOption',
      `Expected an overlap of 0..${size - 1} pixels, less than the tile. Received: ${overlap}.`,
    );
  }
  const columns = offsets(width, size, size - overlap);
  return offsets(height, size, size - overlap).flatMap((y) =>
    columns.map((x) => ({ x, y, width: Math.min(size, width), height: Math.min(size, height) })),
  );
}

function offsets(length: number, size: number, step: number): number[] {
  const last = Math.max(0, length - size);
  return Array.from({ length: Math.ceil(last / step) + 1 }, (_, i) => Math.min(i * step, last));
}

/** The raster that tiles are put back into. */
export interface BlendOptions {
  readonly width: number;
  readonly height: number;
  /** Channels C of the values. @default 1 */
  readonly channels?: number;
  /** Width of the ramp at the edges of a tile, pixels: the overlap of the tiles. @default 0 */
  readonly overlap?: number;
}

/** Collects tiles and blends them; holds the raster once plus its weights. */
export interface TileBlender {
  /** Adds a tile: `values` [h,w,C]. */
  add(tile: Tile, values: ArrayLike<number>): void;
  /** [H,W,C] so far; NaN where no tile lay. */
  result(): Float32Array;
}

/**
 * A blender of overlapping tiles: each counts less towards its edges, where a network sees least
 * of the surroundings, so that no seams show. What tiles agree on is kept exactly.
 */
export function createTileBlender(options: BlendOptions): TileBlender {
  const { width, height, channels = 1, overlap = 0 } = options;
  const sums = new Float32Array(width * height * channels);
  const weights = new Float32Array(width * height);
  return {
    add(tile, values): void {
      if (
        values.length !== tile.width * tile.height * channels ||
        tile.x + tile.width > width ||
        tile.y + tile.height > height
      ) {
        throw new PreprocessError(
          'WrongShape',
          `Expected ${tile.width}×${tile.height}×${channels} values within ${width}×${height}. ` +
            `Received: ${values.length} at ${tile.x}, ${tile.y}.`,
        );
      }
      const across = ramp(tile.width, overlap);
      const down = ramp(tile.height, overlap);
      for (let y = 0; y < tile.height; y++) {
        for (let x = 0; x < tile.width; x++) {
          const weight = (down[y] as number) * (across[x] as number);
          const to = (tile.y + y) * width + tile.x + x;
          const from = y * tile.width + x;
          weights[to] = (weights[to] as number) + weight;
          for (let c = 0; c < channels; c++) {
            sums[to * channels + c] =
              (sums[to * channels + c] as number) +
              weight * (values[from * channels + c] as number);
          }
        }
      }
    },
    result: () => sums.map((sum, i) => sum / (weights[Math.floor(i / channels)] as number)),
  };
}

/**
 * The raster that overlapping tiles make, blended; see {@link createTileBlender}.
 *
 * @param parts - Tiles with their values [h,w,C].
 * @returns [H,W,C] float32, NaN where no tile lay.
 * @throws PreprocessError `WrongShape` where values do not fit their tile or the raster.
 */
export function blendTiles(
  parts: readonly { readonly tile: Tile; readonly values: ArrayLike<number> }[],
  options: BlendOptions,
): Float32Array {
  const blender = createTileBlender(options);
  for (const { tile, values } of parts) blender.add(tile, values);
  return blender.result();
}

/** Weight by position: rises over `overlap` pixels from either edge to 1, never 0. */
export function ramp(length: number, overlap: number): Float32Array {
  return Float32Array.from({ length }, (_, i) =>
    Math.min(1, (Math.min(i, length - 1 - i) + 1) / (overlap + 1)),
  );
}
