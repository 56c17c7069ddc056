import { classLegend, imageGrid } from '@arctic/plots';
import { CHART_CLASSES, rasteriseChart, type ChartGrid, type IceChart } from '@arctic/data-real';
import { coordinateTransform, isGeographic } from '@arctic/raster';

/** Longer side of the picture, pixels. */
const SIDE = 720;

/** Colour of each class of `CHART_CLASSES`. */
const COLORS = ['#f4f4f2', '#1d5f96', '#8fc7e8', '#e8f4fa', '#8a8178', '#c9b6d8'];

/** The classes of a chart on a polar map, as SVG; null for a chart without place or polygons. */
export function drawChart(chart: IceChart): string | null {
  const grid = gridOf(chart);
  if (!grid) return null;
  const classes = rasteriseChart(chart, grid, 'class');
  const rgb = new Uint8Array(classes.length * 3);
  classes.forEach((k, i) => {
    const hex = COLORS[k] ?? '#000000';
    for (let c = 0; c < 3; c++)
      rgb[3 * i + c] = Number.parseInt(hex.slice(1 + 2 * c, 3 + 2 * c), 16);
  });
  return imageGrid({
    title: chart.path.replace(/^.*[/\\]/s, ''),
    tiles: [
      {
        title: `${chart.polygons.length} polygons on ${grid.crs}`,
        rgb: { data: rgb, width: grid.width, height: grid.height },
      },
    ],
    columns: 1,
    size: SIDE,
    legend: classLegend([...CHART_CLASSES], COLORS),
  });
}

/** A grid round all polygons: that of the chart, polar stereographic where it is in degrees. */
function gridOf({ crs, polygons }: IceChart): ChartGrid | null {
  const [first] = polygons[0]?.rings ?? [];
  if (crs === null || !first) return null;
  const target = isGeographic(crs) ? ((first[1] ?? 0) < 0 ? 'EPSG:3976' : 'EPSG:3413') : crs;
  const project = coordinateTransform(crs, target);
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { rings } of polygons) {
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const [x, y] = project(ring[i] ?? 0, ring[i + 1] ?? 0);
        west = Math.min(west, x);
        east = Math.max(east, x);
        south = Math.min(south, y);
        north = Math.max(north, y);
      }
    }
  }
  const pixel = Math.max(east - west, north - south) / SIDE;
  if (!(pixel > 0) || !Number.isFinite(pixel)) return null;
  return {
    crs: target,
    transform: [west, pixel, 0, north, 0, -pixel],
    height: Math.max(1, Math.ceil((north - south) / pixel)),
    width: Math.max(1, Math.ceil((east - west) / pixel)),
  };
}
