import { geographicKind } from './cf-axes.js';
import type { CfScope } from './cf-scope.js';
import { pathOf, type Dimension, type FileVariable } from './file-variable.js';

/** Variables of two dimensions that hold the latitude and longitude of each cell. */
export interface CellPositions {
  readonly latitude: FileVariable;
  readonly longitude: FileVariable;
  /** Their dimensions: rows, then columns. */
  readonly rows: Dimension;
  readonly columns: Dimension;
}

/** The positions that a variable lists in `coordinates`, else the first of the file that fit it. */
export function cellPositions(scope: CfScope, variable: FileVariable): CellPositions | null {
  return (
    positionsAmong(scope.coordinatesOf(variable), variable) ??
    positionsAmong(scope.positions, variable)
  );
}

function positionsAmong(
  candidates: readonly FileVariable[],
  variable: FileVariable,
): CellPositions | null {
  const own = new Set(variable.dims.map(({ id }) => id));
  const fitting = candidates.filter(
    ({ dims, type }) => type !== null && dims.length === 2 && dims.every(({ id }) => own.has(id)),
  );
  for (const latitude of fitting) {
    if (geographicKind(latitude) !== 'latitude') continue;
    const longitude = fitting.find(
      (other) =>
        geographicKind(other) === 'longitude' &&
        other.dims.every(({ id }, axis) => id === latitude.dims[axis]?.id),
    );
    const [rows, columns] = latitude.dims;
    if (longitude && rows && columns) return { latitude, longitude, rows, columns };
  }
  return null;
}

/** Their names, as placements give them. */
export function positionNames({ latitude, longitude }: CellPositions): {
  readonly latitude: string;
  readonly longitude: string;
} {
  return { latitude: pathOf(latitude), longitude: pathOf(longitude) };
}
