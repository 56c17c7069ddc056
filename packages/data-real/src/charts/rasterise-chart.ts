import { rasteriseInto, ringsOnGrid, type BurnArray, type Transform } from '@arctic/raster';
import { DataRealError } from '../errors.js';
import { CHART_CLASSES, classOfPolygon, type ChartClassOptions } from './chart-class.js';
import type { ChartPolygon, IceChart } from './ice-chart.js';
import { iceFractions } from './ice-fractions.js';

/** A grid to put a chart on. */
export interface ChartGrid {
  readonly crs: string;
  /** North-up. */
  readonly transform: Transform;
  readonly height: number;
  readonly width: number;
}

/** What pixels hold: see `rasteriseChart`. */
export type ChartLayerName = 'class' | 'sic' | 'index';

/**
 * A chart on a grid, [H,W] row-major; a pixel takes the polygon that holds its centre.
 *
 * - `class`: uint8, number of the class in `CHART_CLASSES`; 0 where there is no chart or nothing
 *   is known.
 * - `sic`: float32, concentration 0..1 (middle of its range); NaN where there is no chart, land or
 *   no concentration.
 * - `index`: int32, number of the polygon in `chart.polygons`; −1 where there is none.
 *
 * Edges are straight in the chart's own CRS and densified until they follow their course on the
 * grid; polygons over the dateline and round the pole come out whole on polar and lon-lat grids.
 *
 * @throws DataRealError `NoData` for a chart whose CRS is unknown; RasterError `UnsupportedFormat`
 * for a CRS that is not understood.
 *
 * @example
 * ```ts
 * const classes = rasteriseChart(
 *   await openChart('aari_arc_20140211_pl_a.shp'),
 *   { crs: 'EPSG:3413', transform: [-4e6, 5e3, 0, 4e6, 0, -5e3], height: 1600, width: 1600 },
 *   'class',
 * );
 * ```
 */
export function rasteriseChart(
  chart: IceChart,
  grid: ChartGrid,
  what: 'class',
  options?: ChartClassOptions,
): Uint8Array<ArrayBuffer>;
export function rasteriseChart(
  chart: IceChart,
  grid: ChartGrid,
  what: 'sic',
): Float32Array<ArrayBuffer>;
export function rasteriseChart(
  chart: IceChart,
  grid: ChartGrid,
  what: 'index',
): Int32Array<ArrayBuffer>;
export function rasteriseChart(
  chart: IceChart,
  grid: ChartGrid,
  what: ChartLayerName,
  options: ChartClassOptions = {},
): BurnArray {
  const { scheme } = chart;
  const count = grid.height * grid.width;
  if (what === 'class') {
    const classOf = ({ codes }: ChartPolygon) =>
      CHART_CLASSES.indexOf(classOfPolygon(codes, { scheme, ...options }));
    return burn(chart, grid, new Uint8Array(count), classOf);
  }
  if (what === 'index') {
    return burn(chart, grid, new Int32Array(count).fill(-1), (_polygon, index) => index);
  }
  const sicOf = ({ codes }: ChartPolygon) => iceFractions(codes, scheme).sic?.mid ?? NaN;
  return burn(chart, grid, new Float32Array(count).fill(NaN), sicOf);
}

function burn<Out extends BurnArray>(
  { crs, path, polygons }: IceChart,
  grid: ChartGrid,
  out: Out,
  valueOf: (polygon: ChartPolygon, index: number) => number,
): Out {
  if (crs === null) {
    throw new DataRealError(
      'NoData',
      `${path}: expected a chart with a projection. Received: none (no .prj). Put the .prj of the product beside it.`,
    );
  }
  polygons.forEach((polygon, index) => {
    const rings = ringsOnGrid(polygon.rings, crs, grid);
    rasteriseInto(out, grid, [{ rings, value: valueOf(polygon, index) }]);
  });
  return out;
}
