import ndarray from 'ndarray';
import { dayOf } from './dates.js';
import { RasterError } from './errors.js';
import { openRaster } from './open-raster.js';
import type { Raster, Transform, Window } from './raster.js';
import type { Placement, RasterFile, RasterVariable, Region, StoredArray } from './raster-file.js';

export interface ReadRasterOptions {
  /** Names of the variables or bands to stack as [H,W,C]. @default every one of the first one's shape */
  readonly variables?: readonly string[];
  /** Index along every axis that is neither rows nor columns, by name of the axis. @default 0 */
  readonly at?: Readonly<Record<string, number>>;
  /** The part to read, rows from the north. @default all */
  readonly window?: Window;
  /** 0 for full size, 1 for the first overview, … @default 0 */
  readonly level?: number;
}

/**
 * Variables or bands of a file as one raster: north-up, missing decoded, with CRS, transform and
 * time. Everything 8-bit without scale gives `kind: 'bytes'`, everything else `values`.
 *
 * @example
 * ```ts
 * const scene = await readRaster('scene.tif', { window: { row: 0, column: 0, height: 256, width: 256 } });
 * ```
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`, `WrongShape`
 */
export async function readRaster(path: string, options: ReadRasterOptions = {}): Promise<Raster> {
  const file = await openRaster(path);
  try {
    return await rasterOf(file, options);
  } finally {
    await file.close();
  }
}

/** As `readRaster`, of a file that is open already. */
export async function rasterOf(file: RasterFile, options: ReadRasterOptions = {}): Promise<Raster> {
  const chosen = choose(file, options.variables);
  const variables = chosen.map((variable) => atLevel(file.path, variable, options.level ?? 0));
  const [first] = variables as [RasterVariable]; // choose() gives one at least
  const layers = variables.map((variable) => layerOf(file.path, variable, options));
  const [{ window, placement }] = layers as [Layer];
  const blocks: (Float32Array | Float64Array)[] = [];
  const stored: (StoredArray | null)[] = [];
  for (const { variable, region, placement: place } of layers) {
    const { data } = await variable.read(region);
    blocks.push(northUp(data, window, place));
    // Bytes keep what stands under the mask, so that class maps survive.
    const hasGaps = isByte(variable) && data.some(Number.isNaN);
    stored.push(hasGaps ? northUp(await variable.readStored(region), window, place) : null);
  }
  const pixels = window.height * window.width;
  const bands = blocks.length;
  const bytes = variables.every(isByte);
  const wide = blocks.some((block) => block instanceof Float64Array);
  const make = (length: number) =>
    bytes ? new Uint8Array(length) : wide ? new Float64Array(length) : new Float32Array(length);
  const data = make(pixels * bands);
  const mask = new Uint8Array(pixels).fill(1);
  blocks.forEach((block, band) => {
    for (let i = 0; i < pixels; i++) {
      const value = block[i] as number; // i is below its length
      const isMissing = Number.isNaN(value);
      if (isMissing) mask[i] = 0;
      data[i * bands + band] = isMissing ? (stored[band]?.[i] ?? value) : value;
    }
  });
  const [nodata = null] = first.decoding.missing;
  const shape = [window.height, window.width, bands];
  const frame = {
    mask,
    crs: placement?.crs ?? null,
    transform: shift(placement?.transform ?? null, window),
    time: timeOf(first, options.at),
    units: first.units,
    nodata:
      bytes || nodata === null ? nodata : nodata * first.decoding.scale + first.decoding.offset,
  };
  if (data instanceof Uint8Array) return { kind: 'bytes', array: ndarray(data, shape), ...frame };
  return data instanceof Float64Array
    ? { kind: 'values', array: ndarray(data, shape), ...frame }
    : { kind: 'values', array: ndarray(data, shape), ...frame };
}

/**
 * Stored numbers of one variable, [H,W] north-up: what `readRaster` reads, before decoding. For
 * products whose codes say more than missing.
 *
 * @param path the file, for messages.
 * @throws RasterError `WrongShape`, `DamagedFile`
 */
export async function readStoredPlane(
  path: string,
  variable: RasterVariable,
  options: Pick<ReadRasterOptions, 'at' | 'window'> = {},
): Promise<StoredArray> {
  const { region, window, placement } = layerOf(path, variable, options);
  return northUp(await variable.readStored(region), window, placement);
}

interface Layer {
  readonly variable: RasterVariable;
  readonly placement: Placement | null;
  readonly region: Region;
  readonly window: Window;
}

/** Names of bands that only say where the others are missing. */
const ALPHA = 'alpha';

function choose(file: RasterFile, names: readonly string[] | undefined): readonly RasterVariable[] {
  const fields = file.variables.filter(({ shape }) => shape.length >= 2);
  if (names) {
    return names.map((name) => {
      const found = file.variables.find((variable) => variable.name === name);
      if (found && found.shape.length >= 2) return found;
      throw wrong(
        file.path,
        `one of the variables ${fields.map((field) => field.name).join(', ') || '(none)'}`,
        name,
      );
    });
  }
  const first = fields.find(({ placement }) => placement) ?? fields[0];
  if (!first) throw wrong(file.path, 'a variable of two or more dimensions', 'none');
  if (
    file.format !== 'geotiff' &&
    file.format !== 'jp2' &&
    file.format !== 'png' &&
    file.format !== 'jpeg'
  )
    return [first];
  return fields.filter(
    ({ shape, attributes }) =>
      shape.join() === first.shape.join() && attributes['colour_interpretation'] !== ALPHA,
  );
}

function atLevel(path: string, variable: RasterVariable, level: number): RasterVariable {
  const found = level === 0 ? variable : variable.overviews[level - 1];
  if (found) return found;
  throw wrong(path, `a level from 0 to ${variable.overviews.length}`, `${level}`);
}

function layerOf(path: string, variable: RasterVariable, options: ReadRasterOptions): Layer {
  const { shape, dims, placement } = variable;
  const rowAxis = placement?.rowAxis ?? shape.length - 2;
  const columnAxis = placement?.columnAxis ?? shape.length - 1;
  const height = shape[rowAxis] ?? 0;
  const width = shape[columnAxis] ?? 0;
  const window = options.window ?? { row: 0, column: 0, height, width };
  assertWindow(path, window, height, width);
  const start = dims.map((dim) => options.at?.[dim] ?? 0);
  const count = dims.map(() => 1);
  start[rowAxis] = placement?.rowsFromSouth ? height - window.row - window.height : window.row;
  start[columnAxis] = placement?.columnsFromEast
    ? width - window.column - window.width
    : window.column;
  count[rowAxis] = window.height;
  count[columnAxis] = window.width;
  return { variable, placement, region: { start, count }, window };
}

/** @throws RasterError `WrongShape` unless the window lies inside. */
function assertWindow(path: string, window: Window, height: number, width: number): void {
  const { row, column } = window;
  const whole = [row, column, window.height, window.width].every(Number.isInteger);
  if (
    whole &&
    row >= 0 &&
    column >= 0 &&
    window.height > 0 &&
    window.width > 0 &&
    row + window.height <= height &&
    column + window.width <= width
  )
    return;
  throw wrong(
    path,
    `a window inside ${height} rows × ${width} columns`,
    `row ${row}, column ${column}, ${window.height}×${window.width}`,
  );
}

/** [H,W] of a block whose other axes have length 1: axes in order, rows from the north. */
function northUp<A extends StoredArray>(
  data: A,
  { height, width }: Window,
  placement: Placement | null,
): A {
  if (!placement) return data;
  const { rowAxis, columnAxis, rowsFromSouth, columnsFromEast } = placement;
  const swapped = rowAxis > columnAxis;
  if (!swapped && !rowsFromSouth && !columnsFromEast) return data;
  const out = data.slice() as A; // slice keeps the type of the array
  for (let row = 0; row < height; row++) {
    const fromRow = rowsFromSouth ? height - 1 - row : row;
    for (let column = 0; column < width; column++) {
      const fromColumn = columnsFromEast ? width - 1 - column : column;
      const from = swapped ? fromColumn * height + fromRow : fromRow * width + fromColumn;
      out[row * width + column] = data[from] as number; // inside, by the window
    }
  }
  return out;
}

function isByte({ dtype, decoding }: RasterVariable): boolean {
  return dtype === 'uint8' && decoding.scale === 1 && decoding.offset === 0;
}

function timeOf(variable: RasterVariable, at: ReadRasterOptions['at']): number | null {
  const dim = variable.timeAxis === null ? undefined : variable.dims[variable.timeAxis];
  const text = variable.times[dim === undefined ? 0 : (at?.[dim] ?? 0)];
  return text === undefined ? null : dayOf(text);
}

function shift(transform: Transform | null, { row, column }: Window): Transform | null {
  if (!transform) return null;
  const [x0, dx, , y0, , dy] = transform;
  return [x0 + column * dx, dx, 0, y0 + row * dy, 0, dy];
}

function wrong(path: string, expected: string, received: string): RasterError {
  return new RasterError(
    'WrongShape',
    `${path}: expected ${expected}. Received: ${received}. Ask for what the file holds.`,
  );
}
