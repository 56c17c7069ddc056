import type { Placement, StoredArray } from '../raster-file.js';
import type { Transform } from '../raster.js';
import { geographicKind, roleOf, roleOfName, unitSize, type AxisRole } from './cf-axes.js';
import { gridMappingOf } from './cf-crs.js';
import { cellPositions, positionNames } from './cf-curvilinear.js';
import type { CfScope } from './cf-scope.js';
import type { FileVariable, TypedAttributes } from './file-variable.js';
import { regularAxis, type RegularAxis } from './regular-axis.js';

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
  const regular = (coordinate: FileVariable | null): RegularAxis | null => {
    const values = coordinate && coordinates.get(coordinate);
    if (!values) return null;
    const circular = geographicKind(coordinate) === 'longitude';
    return regularAxis(values, unitSize(coordinate.attributes), circular);
  };
  const falls = (coordinate: FileVariable | null): boolean => {
    const values = coordinate && coordinates.get(coordinate);
    return values ? (values[0] ?? 0) > (values[values.length - 1] ?? 0) : false;
  };
  const y = regular(row);
  const x = regular(column);
  const mapping = gridMappingOf(scope, attributes, variable, [row, column]);
  const geographic =
    row !== null &&
    column !== null &&
    geographicKind(row) === 'latitude' &&
    geographicKind(column) === 'longitude';
  const [height, width] = [rowAxis, columnAxis].map((axis) => variable.dims[axis]?.length ?? 0);
  const fallback = row || column ? null : mapping.transform;
  const rowsFromSouth = row ? rowsRise(row, coordinates, falls) : (fallback?.[5] ?? -1) > 0;
  const columnsFromEast = column ? falls(column) : (fallback?.[1] ?? 1) < 0;
  return {
    rowAxis,
    columnAxis,
    rowsFromSouth,
    columnsFromEast,
    crs: geographic ? (mapping.crs ?? 'EPSG:4326') : mapping.crs,
    transform:
      x && y
        ? northUp([x.edge, x.step, 0, y.edge, 0, y.step], height ?? 0, width ?? 0)
        : fallback && northUp(fallback, height ?? 0, width ?? 0),
    ...(positions && { curvilinear: positionNames(positions) }),
  };
}

function rowsRise(
  row: FileVariable,
  coordinates: ReadonlyMap<FileVariable, StoredArray>,
  falls: (coordinate: FileVariable) => boolean,
): boolean {
  return (coordinates.get(row)?.length ?? 0) > 1 && !falls(row);
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
function northUp(
  [x0, dx, rx, y0, ry, dy]: Transform,
  height: number,
  width: number,
): Transform | null {
  if (rx !== 0 || ry !== 0) return null;
  return [
    dx < 0 ? x0 + dx * width : x0,
    Math.abs(dx),
    0,
    dy > 0 ? y0 + dy * height : y0,
    0,
    -Math.abs(dy),
  ];
}
