import type { ControlPoint } from '@arctic/raster';
import { childrenAt, damagedXml, numberAt, type XmlNode } from './xml.js';

/** Where some lines and pixels of a Sentinel-1 image lie, as a regular table. */
export interface GeolocationGrid {
  readonly lines: readonly number[];
  readonly pixels: readonly number[];
  /** [lines,pixels] degrees north, degrees east (−180..180) and degrees from the vertical. */
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  readonly incidence: Float64Array;
}

/** @throws DataRealError `DamagedFile` where the points make no table. */
export function geolocationOf(path: string, root: XmlNode): GeolocationGrid {
  const points = childrenAt(
    root,
    'geolocationGrid',
    'geolocationGridPointList',
    'geolocationGridPoint',
  ).map((point) => ({
    line: numberAt(path, point, 'line'),
    pixel: numberAt(path, point, 'pixel'),
    latitude: numberAt(path, point, 'latitude'),
    longitude: numberAt(path, point, 'longitude'),
    incidence: numberAt(path, point, 'incidenceAngle'),
  }));
  const ordered = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const lines = ordered(points.map(({ line }) => line));
  const pixels = ordered(points.map(({ pixel }) => pixel));
  if (points.length === 0 || points.length !== lines.length * pixels.length)
    throw damagedXml(path, 'a table of geolocation points', `${points.length} points`);
  points.sort((a, b) => a.line - b.line || a.pixel - b.pixel);
  return {
    lines,
    pixels,
    latitude: Float64Array.from(points, ({ latitude }) => latitude),
    longitude: Float64Array.from(points, ({ longitude }) => longitude),
    incidence: Float64Array.from(points, ({ incidence }) => incidence),
  };
}

/** The points of a table as control points at the centres of their pixels, in `EPSG:4326`. */
export function controlPointsOf(grid: GeolocationGrid): readonly ControlPoint[] {
  const { lines, pixels, latitude, longitude } = grid;
  return lines.flatMap((line, i) =>
    pixels.map((pixel, j) => ({
      row: line + 0.5,
      column: pixel + 0.5,
      x: longitude[i * pixels.length + j] ?? NaN,
      y: latitude[i * pixels.length + j] ?? NaN,
    })),
  );
}

/**
 * Longitude, latitude and incidence angle in degrees of any line and pixel, linear between the
 * points of the table; over the dateline and near the poles the place is interpolated in space.
 */
export function geolocate(
  grid: GeolocationGrid,
  line: number,
  pixel: number,
): { readonly longitude: number; readonly latitude: number; readonly incidence: number } {
  const [i, u] = cellOf(grid.lines, line);
  const [j, v] = cellOf(grid.pixels, pixel);
  const columns = grid.pixels.length;
  let [x, y, z, incidence] = [0, 0, 0, 0];
  for (const [row, column, weight] of [
    [i, j, (1 - u) * (1 - v)],
    [i, j + 1, (1 - u) * v],
    [i + 1, j, u * (1 - v)],
    [i + 1, j + 1, u * v],
  ] as const) {
    if (weight === 0) continue;
    const at = Math.min(row, grid.lines.length - 1) * columns + Math.min(column, columns - 1);
    const lat = ((grid.latitude[at] ?? NaN) * Math.PI) / 180;
    const lon = ((grid.longitude[at] ?? NaN) * Math.PI) / 180;
    x += weight * Math.cos(lat) * Math.cos(lon);
    y += weight * Math.cos(lat) * Math.sin(lon);
    z += weight * Math.sin(lat);
    incidence += weight * (grid.incidence[at] ?? NaN);
  }
  return {
    longitude: (Math.atan2(y, x) * 180) / Math.PI,
    latitude: (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI,
    incidence,
  };
}

/** The interval of a value in an ascending list, and the part of it. */
function cellOf(list: readonly number[], value: number): readonly [number, number] {
  let k = 0;
  while (k < list.length - 2 && (list[k + 1] ?? 0) <= value) k += 1;
  const [from = 0, to = 0] = [list[k], list[k + 1]];
  return [k, to > from ? (value - from) / (to - from) : 0];
}
