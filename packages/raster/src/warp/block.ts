import { averageInto } from './average.js';
import { bilinearInto } from './bilinear.js';
import { chunksOf, type CellBox, type Chunk } from './chunks.js';
import { DEFAULT_MAX_ERROR_PX, type Grid, type WarpMethod } from './grid.js';
import { nearestInto } from './nearest.js';
import { pixelMap, type PixelMap } from './pixel-map.js';
import { centresOf, cornersOf, type RowPoints } from './row-points.js';
import type { SourceWindow, TargetBlock } from './source-window.js';

/** How a warp is done, beside its target grid. */
export interface WarpWay {
  /**
   * How values are taken: that of the pixel under the cell's centre, linear interpolation between
   * pixel centres, or the mean over the cell weighted by overlap. Classes want `nearest`.
   * @default 'nearest'
   */
  readonly method?: WarpMethod;
  /**
   * How far positions may err, in source pixels: rows are computed at a few points and straight
   * between them, as GDAL and rasterio do. 0 computes every point.
   * @default 0.125
   */
  readonly maxErrorPx?: number;
  /**
   * Whether bilinear weights reach over the seam of a source of longitudes that goes all the way
   * round: `joined` mixes its last and first columns, `cut` takes the nearer one, as GDAL does.
   * @default 'cut'
   */
  readonly seam?: 'joined' | 'cut';
}

/** Fills boxes of one target from windows of one source. */
export interface BlockFiller {
  readonly map: PixelMap;
  readonly method: WarpMethod;
  readonly chunks: readonly Chunk[];
  /** The points of whole rows of a chunk that the method looks at: centres, or corners for means. */
  pointsOf(box: CellBox): RowPoints;
  /** Fills a box of a chunk from a window that holds all it needs. */
  fill(
    points: RowPoints,
    chunk: Chunk,
    box: CellBox,
    window: SourceWindow,
    block: TargetBlock,
  ): void;
}

/** @param bitsPerPixel - of all bands of the source */
export function blockFiller(
  source: Grid,
  target: Grid,
  { method = 'nearest', maxErrorPx = DEFAULT_MAX_ERROR_PX, seam = 'cut' }: WarpWay,
  bitsPerPixel: number,
): BlockFiller {
  const map = pixelMap(source, target);
  return {
    map,
    method,
    chunks: chunksOf(source, target, method, bitsPerPixel),
    pointsOf: (box) => (method === 'average' ? cornersOf : centresOf)(map, box, maxErrorPx),
    fill(points, chunk, box, window, block) {
      if (method === 'average') averageInto(map, points, box, window, block);
      else if (method === 'nearest') nearestInto(points, box, window, block);
      else bilinearInto(points, chunk, box, window, seam, block);
    },
  };
}
