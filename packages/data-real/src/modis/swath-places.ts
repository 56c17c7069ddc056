import { makeVariable, type RasterFile, type RasterVariable } from '@arctic/raster';
import { metadataText } from './modis-product.js';

/** How the cells of a swath lie between its tie points, along one axis. */
interface TieAxis {
  /** Cells along the axis. */
  readonly length: number;
  /** Cell of the first tie point, and cells from one to the next. */
  readonly offset: number;
  readonly increment: number;
  readonly ties: number;
}

const DEGREES = 180 / Math.PI;

/**
 * Latitude and longitude of every cell of a swath whose file has those of each fifth or tenth cell:
 * variables `latitude` and `longitude`, degrees, on the axes of the data. Null where the file has no
 * such tie points, or gives the places of all cells.
 *
 * Between the tie points one goes straight through the sphere, so that the dateline and the poles do
 * no harm. Along the track the two tie points of each scan place its lines, inside and out: scans
 * overlap towards their ends, and a line between two of them lies in neither.
 */
export function swathPlaces(file: RasterFile): readonly RasterVariable[] | null {
  const [latitude, longitude] = ['Latitude', 'Longitude'].map((name) =>
    file.variables.find((variable) => variable.name === name && variable.shape.length === 2),
  );
  const data = file.variables.find(
    ({ placement, dims }) =>
      placement && !placement.transform && dims.join() !== latitude?.dims.join(),
  );
  if (!latitude || !longitude || !data?.placement) return null;
  const maps = dimensionMaps(file);
  const { rowAxis, columnAxis } = data.placement;
  const axes = [rowAxis, columnAxis].map((axis, i): TieAxis | null => {
    const geo = plainName(latitude.dims[i] ?? '');
    const map = maps.find(
      (one) => one.geo === geo && one.data === plainName(data.dims[axis] ?? ''),
    );
    const ties = latitude.shape[i] ?? 0;
    return map && ties > 1 && map.increment > 0
      ? { length: data.shape[axis] ?? 0, ties, offset: map.offset, increment: map.increment }
      : null;
  });
  const [rows, columns] = axes;
  if (!rows || !columns) return null;

  let loading: Promise<Float64Array> | null = null;
  const points = () => (loading ??= tiePoints(latitude, longitude));
  const dims = [data.dims[rowAxis] ?? 'row', data.dims[columnAxis] ?? 'column'];
  const make = (
    name: string,
    units: string,
    angleOf: (x: number, y: number, z: number) => number,
  ) =>
    makeVariable({
      path: file.path,
      name,
      dims,
      shape: [rows.length, columns.length],
      chunkShape: [1, columns.length],
      dtype: 'float64',
      units,
      placement: { ...data.placement, rowAxis: 0, columnAxis: 1, ...NO_GRID },
      times: file.times,
      load: async ({ start, count }) => {
        const [firstRow = 0, firstColumn = 0] = start;
        const [height = 0, width = 0] = count;
        const ties = await points();
        const out = new Float64Array(height * width);
        for (let i = 0; i < height; i++) {
          for (let j = 0; j < width; j++) {
            const [x, y, z] = placeOf(ties, rows, columns, firstRow + i, firstColumn + j);
            out[i * width + j] = angleOf(x, y, z);
          }
        }
        return out;
      },
    });
  return [
    make('latitude', 'degrees_north', (x, y, z) => Math.atan2(z, Math.hypot(x, y)) * DEGREES),
    make('longitude', 'degrees_east', (x, y) => Math.atan2(y, x) * DEGREES),
  ];
}

const NO_GRID = {
  rowsFromSouth: false,
  columnsFromEast: false,
  crs: null,
  transform: null,
  curvilinear: { latitude: 'latitude', longitude: 'longitude' },
} as const;

function plainName(dimension: string): string {
  return dimension.replace(/:.*$/s, '');
}

/** The maps between axes in the swath's structure. */
function dimensionMaps(file: RasterFile) {
  const pattern =
    /GeoDimension="([^"]*)"\s+DataDimension="([^"]*)"\s+Offset=(-?\d+)\s+Increment=(-?\d+)/g;
  return [...metadataText(file, 'structmetadata').matchAll(pattern)].map(
    ([, geo, data, offset, increment]) => ({
      geo,
      data,
      offset: Number(offset),
      increment: Number(increment),
    }),
  );
}

/** [ties, 3]: tie points as places on the unit sphere, NaN where missing. */
async function tiePoints(
  latitude: RasterVariable,
  longitude: RasterVariable,
): Promise<Float64Array> {
  const { data: lat } = await latitude.read();
  const { data: lon } = await longitude.read();
  const out = new Float64Array(3 * lat.length);
  for (let i = 0; i < lat.length; i++) {
    const phi = (lat[i] ?? NaN) / DEGREES;
    const lambda = (lon[i] ?? NaN) / DEGREES;
    out[3 * i] = Math.cos(phi) * Math.cos(lambda);
    out[3 * i + 1] = Math.cos(phi) * Math.sin(lambda);
    out[3 * i + 2] = Math.sin(phi);
  }
  return out;
}

function placeOf(
  ties: Float64Array,
  rows: TieAxis,
  columns: TieAxis,
  row: number,
  column: number,
): readonly [number, number, number] {
  // Two tie points per scan: lines stay between, or beside, those of their own.
  const scan = 2 * Math.floor(row / (2 * rows.increment));
  const top = Math.min(scan, rows.ties - 2);
  const across = (column - columns.offset) / columns.increment;
  const left = Math.min(Math.max(Math.floor(across), 0), columns.ties - 2);
  const down = (row - rows.offset) / rows.increment - top;
  const right = across - left;
  const at = (i: number, j: number, axis: number) =>
    ties[3 * ((top + i) * columns.ties + left + j) + axis] ?? NaN;
  const mix = (axis: number) =>
    (1 - down) * ((1 - right) * at(0, 0, axis) + right * at(0, 1, axis)) +
    down * ((1 - right) * at(1, 0, axis) + right * at(1, 1, axis));
  return [mix(0), mix(1), mix(2)];
}
