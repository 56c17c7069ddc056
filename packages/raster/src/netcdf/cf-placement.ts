import type { Placement, StoredArray } from '../raster-file.js';
import type { Transform } from '../raster.js';
import { geographicKind, roleOf, roleOfName, unitSize, type AxisRole } from './cf-axes.js';
import { gridMappingOf } from './cf-crs.js';
import { cellPositions, positionNames } from './cf-curvilinear.js';
import type { CfScope } from './cf-scope.js';
import type { FileVariable, TypedAttributes } from './file-variable.js';
import { regularAxis, rises, type RegularAxis } from './regular-axis.js';

/** An axis of a variable: what it runs along, and the coordinates along it. */
export interface CfAxis {
  readonly role: AxisRole | null;
  readonly coordinate: FileVariable | null;
}

/** What the placements of a file's variables are found from. */
export interface PlacementContext {
  readonly scope: CfScope;
  /** Global attributes. */
  readonly attributes: TypedAttributes;
  /** Decoded numbers of coordinate variables. */
  readonly coordinates: ReadonlyMap<FileVariable, StoredArray>;
}

/** The axes of a variable: coordinates of the dimension's own name first, then those it lists. */
export function axesOf(scope: CfScope, variable: FileVariable): readonly CfAxis[] {
  const listed = new Set(scope.coordinatesOf(variable));
  return variable.dims.map((dimension) => {
    const rank = (candidate: FileVariable) =>
      candidate.name === dimension.name ? 0 : listed.has(candidate) ? 1 : 2;
    const coordinate = scope
      .along(dimension.id)
      .filter((candidate) => roleOf(candidate) !== null)
      .reduce<FileVariable | null>(
        (best, candidate) => (best && rank(best) <= rank(candidate) ? best : candidate),
        null,
      );
    return { role: coordinate ? roleOf(coordinate) : roleOfName(dimension.name), coordinate };
  });
}

/**
 * How the rows and columns of a variable lie on the map; null where no two axes are such.
 * Longitudes stay as the file has them, -180 to 180 or 0 to 360.
 */
export function placementOf(
  { scope, attributes, coordinates }: PlacementContext,
  variable: FileVariable,
  axes: readonly CfAxis[],
): Placement | null {
  const positions = cellPositions(scope, variable);
  const found = mapAxes(variable, axes, positions && [positions.rows.id, positions.columns.id]);
  if (!found) return null;
  const [rowAxis, columnAxis] = found;
  const row = axes[rowAxis]?.coordinate ?? null;
  const column = axes[columnAxis]?.coordinate ?? null;
  const y = row && alongAxis(row, coordinates);
  const x = column && alongAxis(column, coordinates);
  const geographic =
    row !== null &&
    column !== null &&
    geographicKind(row) === 'latitude' &&
    geographicKind(column) === 'longitude';
  const mapping = gridMappingOf(scope, attributes, variable, [row, column], geographic);
  const cells = (axis: number) => variable.dims[axis]?.length ?? 0;
  const written =
    mapping.transform && edgesOf(mapping.transform, cells(rowAxis), cells(columnAxis));
  // Coordinates go before what the grid mapping says of a grid, which may be the one it was cut from.
  const fallback = row || column ? null : written;
  const [ys, xs] = [y?.regular ?? fallback?.y, x?.regular ?? fallback?.x];
  return {
    rowAxis,
    columnAxis,
    rowsFromSouth: y ? y.rises : (fallback?.y.step ?? -1) > 0,
    columnsFromEast: x ? !x.rises : (fallback?.x.step ?? 1) < 0,
    crs: geographic ? (mapping.crs ?? 'EPSG:4326') : mapping.crs,
    transform: ys && xs ? northUp(xs, ys) : null,
    ...(positions && { curvilinear: positionNames(positions) }),
  };
}

function alongAxis(
  coordinate: FileVariable,
  coordinates: ReadonlyMap<FileVariable, StoredArray>,
): { readonly regular: RegularAxis | null; readonly rises: boolean } | null {
  const values = coordinates.get(coordinate);
  if (!values || values.length < 2) return null;
  const circular = geographicKind(coordinate) === 'longitude';
  return {
    regular: regularAxis(values, unitSize(coordinate.attributes), circular),
    rises: rises(values, circular),
  };
}

/** The axes that a transform describes; null where it is turned. */
function edgesOf(
  [x0, dx, rx, y0, ry, dy]: Transform,
  height: number,
  width: number,
): { readonly x: RegularAxis; readonly y: RegularAxis } | null {
  if (rx !== 0 || ry !== 0) return null;
  return {
    x: { start: x0, end: x0 + dx * width, step: dx },
    y: { start: y0, end: y0 + dy * height, step: dy },
  };
}

/** Which axes are rows and columns. */
function mapAxes(
  { dims, type }: FileVariable,
  axes: readonly CfAxis[],
  positions: readonly [string, string] | null,
): readonly [number, number] | null {
  if (!type || axes.length < 2) return null;
  const row = axes.findLastIndex(({ role }) => role === 'y');
  const column = axes.findLastIndex(({ role }) => role === 'x');
  if (row >= 0 && column >= 0) return [row, column];
  if (positions) {
    const [rows, columns] = positions.map((id) => dims.findIndex((dim) => dim.id === id));
    if (rows !== undefined && columns !== undefined && rows !== columns) return [rows, columns];
  }
  // Axes that nothing is known of make an image, rows first.
  const last = axes.slice(-2);
  return last.every(({ role }) => role === null) ? [axes.length - 2, axes.length - 1] : null;
}

/** The transform of the rows and columns once they run south and east. */
function northUp(x: RegularAxis, y: RegularAxis): Transform {
  const west = Math.min(x.start, x.end);
  return [west, Math.abs(x.step), 0, Math.max(y.start, y.end), 0, -Math.abs(y.step)];
}
