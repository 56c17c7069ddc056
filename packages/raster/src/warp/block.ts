import { averageInto } from './average.js';
import { bilinearInto } from './bilinear.js';
import { DEFAULT_MAX_ERROR_PX } from './grid.js';
import type { Grid, WarpMethod } from './grid.js';
import { kernelScale, type KernelScale } from './kernel-scale.js';
import { nearestInto } from './nearest.js';
import { pixelMap, type PixelMap } from './pixel-map.js';
import { centresOf, cornersOf, type RowPoints } from './row-points.js';
import type { SourceWindow, TargetBlock } from './source-window.js';

/** A box of target cells. */
export interface CellBox {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rows: number;
  readonly columns: number;
}

/** Fills blocks of one target from windows of one source. */
export interface BlockFiller {
  readonly map: PixelMap;
  readonly method: WarpMethod;
  readonly scale: KernelScale;
  /** The points of whole rows that the method looks at: centres, or corners for means. */
  pointsOf(firstRow: number, rows: number): RowPoints;
  /** Fills a box from a window that holds all it needs; `points` begin with the box's first row. */
  fill(points: RowPoints, box: CellBox, window: SourceWindow, block: TargetBlock): void;
}

export function blockFiller(
  source: Grid,
  target: Grid & { readonly method?: WarpMethod; readonly maxErrorPx?: number },
): BlockFiller {
  const { method = 'nearest', maxErrorPx = DEFAULT_MAX_ERROR_PX, width } = target;
  const map = pixelMap(source, target);
  const scale = method === 'bilinear' ? kernelScale(source, target) : { x: 1, y: 1 };
  return {
    map,
    method,
    scale,
    pointsOf: (firstRow, rows) =>
      (method === 'average' ? cornersOf : centresOf)(map, width, firstRow, rows, maxErrorPx),
    fill(points, box, window, block) {
      if (method === 'average') averageInto(map, points, box, window, block);
      else if (method === 'nearest') nearestInto(points, box, window, block);
      else bilinearInto(points, box, window, scale, block);
    },
  };
}
