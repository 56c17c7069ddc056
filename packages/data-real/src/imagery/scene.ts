import {
  gridOfRaster,
  isGeographic,
  openRaster,
  rasterOf,
  readRaster,
  warpRaster,
  windowOfRegion,
  type ByteRaster,
  type LonLatBox,
  type RasterFile,
  type Transform,
  type Window,
} from '@arctic/raster';
import { DataRealError } from '../errors.js';
import { assertRgb, withoutBlack } from '../rgb-scene.js';
import type { SceneFile } from './find-scenes.js';

/** The place of some pixels; null where the file has none (then it has labels of its own only). */
export interface SceneGrid {
  readonly crs: string | null;
  readonly transform: Transform | null;
  readonly height: number;
  readonly width: number;
}

/** A scene whose pixels are read a few rows at a time. */
export interface Scene extends SceneFile {
  readonly grid: SceneGrid;
  /** Part of the scene that is used, in its own pixels. */
  readonly window: Window;
  /** Rows of the window: RGB with mask. */
  rows(first: number, count: number): Promise<ByteRaster>;
  close(): Promise<void>;
}

/**
 * Opens a scene, or the part of it in a box of longitudes and latitudes; null where they do not meet.
 *
 * @throws DataRealError `UnsupportedFormat` where it is not of 8-bit colours; RasterError
 */
export async function openScene(file: SceneFile, region?: LonLatBox): Promise<Scene | null> {
  const raster = await openRaster(file.path);
  try {
    const whole = await frameOf(file.path, raster);
    const window = region
      ? windowOfRegion(positioned(file.path, whole), region)
      : { row: 0, column: 0, height: whole.height, width: whole.width };
    if (window === null) {
      await raster.close();
      return null;
    }
    const grid = part(whole, window);
    return {
      ...file,
      grid,
      window,
      async rows(first, count) {
        const own = { ...window, row: window.row + first, height: count };
        return withoutBlack(assertRgb(file.path, await rasterOf(raster, { window: own })));
      },
      close: () => raster.close(),
    };
  } catch (error) {
    await raster.close();
    throw error;
  }
}

/** Some rows of a grid. */
export function rowsOf(grid: SceneGrid, first: number, count: number): SceneGrid {
  return part(grid, { row: first, column: 0, height: count, width: grid.width });
}

/** A part of a grid. */
export function part(grid: SceneGrid, { row, column, height, width }: Window): SceneGrid {
  const { crs, transform } = grid;
  if (transform === null) return { crs, transform, height, width };
  const [x0, dx, , y0, , dy] = transform;
  return { crs, transform: [x0 + column * dx, dx, 0, y0 + row * dy, 0, dy], height, width };
}

/** The grid with a place. @throws DataRealError `UnsupportedFormat` where the file has none */
export function positioned(
  path: string,
  { crs, transform, height, width }: SceneGrid,
): SceneGrid & { readonly crs: string; readonly transform: Transform } {
  if (crs !== null && transform !== null) return { crs, transform, height, width };
  throw new DataRealError(
    'UnsupportedFormat',
    `${path}: expected a scene with CRS and transform. Received: none. Use a GeoTIFF, or put a .wld and .prj beside the picture.`,
  );
}

/** Side of a pixel in metres along the map; null without a place or in degrees. */
export function pixelSizeOf({ crs, transform }: SceneGrid): number | null {
  return crs === null || transform === null || isGeographic(crs) ? null : transform[1];
}

/**
 * Pixels of another picture on a grid: cut out where it lies on the very pixels, else taken from the
 * nearest ones.
 */
export async function onGrid(path: string, scene: Scene, first: number, count: number) {
  const raster = await openRaster(path);
  let same: boolean;
  try {
    same = await liesOn(path, raster, scene);
  } finally {
    await raster.close();
  }
  if (same) {
    const { row, column, width } = scene.window;
    return readRaster(path, { window: { row: row + first, column, height: count, width } });
  }
  const target = positioned(scene.path, rowsOf(scene.grid, first, count));
  const whole = await readRaster(path);
  gridOfRaster(whole); // refuses one without a place
  return warpRaster(whole, { ...target, method: 'nearest' });
}

async function liesOn(path: string, raster: RasterFile, scene: Scene): Promise<boolean> {
  const grid = await frameOf(path, raster);
  const own = part(grid, scene.window);
  return (
    grid.height >= scene.window.row + scene.window.height &&
    grid.width >= scene.window.column + scene.window.width &&
    own.crs === scene.grid.crs &&
    String(own.transform) === String(scene.grid.transform)
  );
}

async function frameOf(path: string, raster: RasterFile): Promise<SceneGrid> {
  const variable = raster.variables.find(({ shape }) => shape.length >= 2);
  if (!variable) {
    throw new DataRealError(
      'UnsupportedFormat',
      `${path}: expected a picture. Received: a file without one. Choose another file.`,
    );
  }
  const { placement, shape } = variable;
  const height = shape[placement?.rowAxis ?? shape.length - 2] ?? 0;
  const width = shape[placement?.columnAxis ?? shape.length - 1] ?? 0;
  const window = { row: 0, column: 0, height: 1, width: 1 };
  const { crs, transform } = await rasterOf(raster, { variables: [variable.name], window });
  return { crs, transform, height, width };
}
