import { isoDate } from '@arctic/raster';
import { DataRealError } from '../errors.js';
import type { Hemisphere } from '../polar-stereographic.js';
import type { Region } from './region.js';
import type { RemoteFile } from './transfer.js';

/** Layers of NASA's imagery service that snapshots are made of, by product name. */
export const WORLDVIEW_LAYERS: Readonly<Record<string, string>> = {
  'terra-truecolor': 'MODIS_Terra_CorrectedReflectance_TrueColor',
  'terra-bands367': 'MODIS_Terra_CorrectedReflectance_Bands367',
  'terra-bands721': 'MODIS_Terra_CorrectedReflectance_Bands721',
  'aqua-truecolor': 'MODIS_Aqua_CorrectedReflectance_TrueColor',
  'aqua-bands721': 'MODIS_Aqua_CorrectedReflectance_Bands721',
  'terra-cloud-fraction': 'MODIS_Terra_Cloud_Fraction_Day',
  'aqua-cloud-fraction': 'MODIS_Aqua_Cloud_Fraction_Day',
  'land-mask': 'OSM_Land_Mask',
};

const SNAPSHOT = 'https://wvs.earthdata.nasa.gov/api/v1/snapshot';
const PIXEL_M = 250;
/** The service draws no larger pictures. */
const MAX_SIDE = 8000;

/** A picture to be drawn by NASA's snapshot service. */
export interface SnapshotQuery {
  readonly product: string;
  readonly hemisphere: Hemisphere;
  readonly region: Region;
  /** Days since 1970-01-01, both inclusive. */
  readonly firstDay: number;
  readonly lastDay: number;
}

/**
 * One GeoTIFF of 250 m pixels per day, in EPSG:3413 (north) or EPSG:3031 (south), of the box that
 * holds the region.
 *
 * @throws DataRealError `InvalidOption` where the picture would be too large.
 */
export function worldviewFiles(query: SnapshotQuery): RemoteFile[] {
  const { product, hemisphere, region, firstDay, lastDay } = query;
  const [x0, y0, x1, y1] = boxOf(region, hemisphere);
  const [width, height] = [(x1 - x0) / PIXEL_M, (y1 - y0) / PIXEL_M];
  if (width > MAX_SIDE || height > MAX_SIDE) {
    throw new DataRealError(
      'InvalidOption',
      `Expected a region of at most ${MAX_SIDE} × ${MAX_SIDE} pixels of ${PIXEL_M} m. Received: ${width} × ${height}. Ask for smaller regions, one after the other.`,
    );
  }
  const epsg = hemisphere === 'north' ? 3413 : 3031;
  const files: RemoteFile[] = [];
  for (let day = firstDay; day <= lastDay; day++) {
    const date = isoDate(day);
    const parameters = new URLSearchParams({
      REQUEST: 'GetSnapshot',
      TIME: date,
      BBOX: [x0, y0, x1, y1].join(','),
      CRS: `EPSG:${epsg}`,
      LAYERS: WORLDVIEW_LAYERS[product] ?? product,
      FORMAT: 'image/tiff',
      WIDTH: String(width),
      HEIGHT: String(height),
    });
    files.push({
      name: `worldview.${product}.${date.replaceAll('-', '')}.epsg${epsg}.${[x0, y0, x1, y1].join('_')}.tiff`,
      url: `${SNAPSHOT}?${parameters}`,
      date,
      contentType: 'image/',
    });
  }
  return files;
}

/** Smallest box of whole pixels round a region, in metres: left, bottom, right, top. */
function boxOf(
  [west, south, east, north]: Region,
  hemisphere: Hemisphere,
): [number, number, number, number] {
  const span = east > west ? east - west : east - west + 360;
  const points: (readonly [number, number])[] = [];
  for (let step = 0; step <= 720; step++) {
    const longitude = west + (span * step) / 720;
    points.push(project(longitude, south, hemisphere), project(longitude, north, hemisphere));
  }
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const down = (values: number[]) => Math.floor(Math.min(...values) / PIXEL_M) * PIXEL_M;
  const up = (values: number[]) => Math.ceil(Math.max(...values) / PIXEL_M) * PIXEL_M;
  return [down(xs), down(ys), up(xs), up(ys)];
}

const SEMI_MAJOR_M = 6_378_137;
const ECCENTRICITY = 0.0818191908426215;

/** EPSG:3413 or EPSG:3031 (Snyder 1987, pp. 160–162); the other hemisphere lies far out. */
function project(
  longitude: number,
  latitude: number,
  hemisphere: Hemisphere,
): readonly [number, number] {
  const [sign, trueScale, meridian] = hemisphere === 'north' ? [1, 70, -45] : [-1, 71, 0];
  const radians = Math.PI / 180;
  const radius =
    (SEMI_MAJOR_M * parallelRadius(trueScale * radians) * isometric(sign * latitude * radians)) /
    isometric(trueScale * radians);
  const angle = (longitude - meridian) * radians;
  return [radius * Math.sin(angle), -sign * radius * Math.cos(angle)];
}

function parallelRadius(phi: number): number {
  return Math.cos(phi) / Math.sqrt(1 - (ECCENTRICITY * Math.sin(phi)) ** 2);
}

function isometric(phi: number): number {
  const s = ECCENTRICITY * Math.sin(phi);
  return Math.tan(Math.PI / 4 - phi / 2) / ((1 - s) / (1 + s)) ** (ECCENTRICITY / 2);
}
