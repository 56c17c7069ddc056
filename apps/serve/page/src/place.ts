import { coordinateTransform } from '@arctic/raster/geometry';
import type { Domain } from './shapes.js';

/** Where the cells of a grid lie on the earth and on the map. */
export interface Place {
  readonly width: number;
  readonly height: number;
  /** The side of a cell on the map, metres. */
  readonly cellSize: number;
  /** [minX, minY, maxX, maxY] of the grid on the map. */
  readonly extent: readonly [number, number, number, number];
  /** Position on the map as column and row, fractions counted from the upper left corner. */
  toCell(x: number, y: number): readonly [column: number, row: number];
  /** The cell at a position on the map; -1 outside. */
  cellAt(x: number, y: number): number;
  /** The middle of a cell on the map. */
  centreOf(cell: number): readonly [x: number, y: number];
  /** From the grid's own coordinates to the map. */
  toMap(x: number, y: number): readonly [x: number, y: number];
}

/** @param view CRS of the map */
export function placeOf({ crs, transform, width, height }: Domain['grid'], view: string): Place {
  const [x0 = 0, dx = 1, , y0 = 0, , dy = -1] = transform; // six numbers, without rotation
  const same = crs === view;
  const identity = (x: number, y: number) => [x, y] as const;
  const toGrid = same ? identity : coordinateTransform(view, crs);
  const toMap = same ? identity : coordinateTransform(crs, view);
  const toCell = (x: number, y: number) => {
    const [gx, gy] = toGrid(x, y);
    return [(gx - x0) / dx, (gy - y0) / dy] as const;
  };
  const corners = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    toMap(x0 + part * width * dx, y0),
    toMap(x0 + part * width * dx, y0 + height * dy),
    toMap(x0, y0 + part * height * dy),
    toMap(x0 + width * dx, y0 + part * height * dy),
  ]);
  const xs = corners.map(([x]) => x).filter(Number.isFinite);
  const ys = corners.map(([, y]) => y).filter(Number.isFinite);
  return {
    width,
    height,
    cellSize: Math.abs(dx),
    extent: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    toCell,
    cellAt(x, y) {
      const [column, row] = toCell(x, y).map(Math.floor) as [number, number]; // two go in
      const inside = column >= 0 && column < width && row >= 0 && row < height;
      return inside ? row * width + column : -1;
    },
    centreOf: (cell) =>
      toMap(x0 + ((cell % width) + 0.5) * dx, y0 + (Math.floor(cell / width) + 0.5) * dy),
    toMap,
  };
}
