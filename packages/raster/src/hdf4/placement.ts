import { identifyCrs } from '../crs/crs.js';
import type { Placement } from '../raster-file.js';
import type { DataSet } from './data-set.js';
import type { EosGrid, EosSwath } from './hdf-eos.js';

/**
 * The grid or swath that a data set is a field of: HDF-EOS names its dimensions
 * `YDim:GridName`; the list of fields decides where they are named otherwise.
 */
export function structureOf(
  dataSet: DataSet,
  structures: readonly (EosGrid | EosSwath)[],
): EosGrid | EosSwath | null {
  const owners = dataSet.dimensions.map(({ name }) => /:(.*)$/s.exec(name)?.[1]);
  const named = structures.find(({ name }) => owners.includes(name));
  if (named) return named;
  const holds = (structure: EosGrid | EosSwath) =>
    structure.fields.includes(dataSet.name) ||
    (structure.kind === 'swath' && structure.geolocation.includes(dataSet.name));
  return structures.find(holds) ?? null;
}

/** How a data set of at least two axes lies on the map; null where nothing says so. */
export function placementOf(
  dataSet: DataSet,
  structure: EosGrid | EosSwath | null,
  dataSets: readonly DataSet[],
): Placement | null {
  if (dataSet.dimensions.length < 2 || !structure) return null;
  return structure.kind === 'grid'
    ? gridPlacement(dataSet, structure)
    : swathPlacement(dataSet, structure, dataSets);
}

/** The name of a dimension without the structure that it belongs to. */
function plainName(name: string): string {
  return name.replace(/:.*$/s, '');
}

function gridPlacement({ dimensions }: DataSet, grid: EosGrid): Placement | null {
  const names = dimensions.map(({ name }) => plainName(name));
  let rowAxis = names.indexOf('YDim');
  let columnAxis = names.indexOf('XDim');
  if (rowAxis < 0 || columnAxis < 0) return null;
  if (grid.firstAxisDown && rowAxis > columnAxis) [rowAxis, columnAxis] = [columnAxis, rowAxis];
  return {
    rowAxis,
    columnAxis,
    rowsFromSouth: grid.rowsFromSouth,
    columnsFromEast: false,
    crs: grid.definition === null ? null : identifyCrs(grid.definition),
    transform: grid.transform,
  };
}

/** The two axes of a field along which the places of a swath run. */
function swathPlacement(
  dataSet: DataSet,
  swath: EosSwath,
  dataSets: readonly DataSet[],
): Placement | null {
  const field = (pattern: RegExp) =>
    dataSets.find(
      (candidate) =>
        swath.geolocation.includes(candidate.name) &&
        pattern.test(candidate.name) &&
        candidate.dimensions.length === 2 &&
        structureOf(candidate, [swath]) !== null,
    );
  const latitude = field(/^lat(itude)?$/i);
  const longitude = field(/^lon(gitude)?$/i);
  if (!latitude || !longitude) return null;
  const axes = latitude.dimensions.map(({ name: geo }) =>
    dataSet.dimensions.findIndex(({ name }) => {
      const plain = plainName(name);
      if (plain === plainName(geo)) return true;
      return swath.maps.some((map) => map.geo === plainName(geo) && map.data === plain);
    }),
  );
  const [rowAxis = -1, columnAxis = -1] = axes;
  if (rowAxis < 0 || columnAxis < 0 || rowAxis === columnAxis) return null;
  const cellByCell = latitude.dimensions.every(
    ({ length }, i) => length === dataSet.dimensions[axes[i] ?? -1]?.length,
  );
  return {
    rowAxis,
    columnAxis,
    rowsFromSouth: false,
    columnsFromEast: false,
    crs: null,
    transform: null,
    // Places of every fifth cell are no places per cell.
    ...(cellByCell && {
      curvilinear: { latitude: latitude.name, longitude: longitude.name },
    }),
  };
}
