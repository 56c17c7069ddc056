import { basename, dirname } from 'node:path';
import { isGeographic } from '@arctic/raster';
import { DataRealError, reasonOf } from '../errors.js';
import { layerCodes, type LayerCodes } from './chart-columns.js';
import { chartDate } from './chart-date.js';
import { damagedChart } from './chart-errors.js';
import { chartMembers, type ChartMember } from './chart-members.js';
import { readGeoPackage } from './geopackage.js';
import type { IceChart, PolygonLayer } from './ice-chart.js';
import { readShapefile } from './shapefile.js';
import { isPolygonShp } from './shp.js';

/** Which chart. */
export interface OpenChartOptions {
  /** Shapefile (name without ending) or table, where there are several charts. @default the only one */
  readonly layer?: string;
}

/** Projected coordinates beyond this, metres, are damage: the earth is 40,000 km round. */
const FURTHEST_M = 1e8;

interface Candidate {
  readonly path: string;
  readonly layer: PolygonLayer;
  readonly codes: LayerCodes;
}

/**
 * Opens an ice chart of NIC, CIS, DMI, AARI or another service: SIGRID-3 or the older Canadian
 * columns, as shapefile (any of its files, or the folder), zipped or tarred shapefile or
 * GeoPackage. Layers of points, lines and polygons without codes (coasts) are left aside.
 *
 * @param path file or folder.
 * @throws DataRealError `MissingInput`; `NoData` where there are no polygons; `InvalidOption` where
 * there are several charts and `layer` names none of them; `DamagedFile`, `UnsupportedFormat`.
 *
 * @example
 * ```ts
 * const chart = await openChart('aari_arc_20140211_pl_a.shp');
 * chart.polygons[0]?.codes.CT; // '00'
 * ```
 */
export async function openChart(path: string, options: OpenChartOptions = {}): Promise<IceChart> {
  const members = await chartMembers(path);
  const layers: Candidate[] = [];
  for (const member of members) {
    if (/\.gpkg$/i.test(member.path)) {
      for (const layer of await readGeoPackage(member.path, await member.read())) {
        layers.push({ path: member.path, layer, codes: layerCodes(layer) });
      }
    } else if (/\.shp$/i.test(member.path)) {
      const layer = await shapefileLayer(member, members, path);
      if (layer) layers.push({ path: member.path, layer, codes: layerCodes(layer) });
    }
  }
  const { path: found, layer, codes } = choose(path, layers, options.layer);
  const polygons = layer.features.map(({ rings, attributes }, i) => ({
    rings,
    attributes,
    codes: codes.codes[i] ?? {},
  }));
  const names = [layer.name, ...namesOf(found), ...namesOf(path)];
  return {
    path,
    layer: layer.name,
    crs: crsOf(found, layer),
    date: chartDate(names, layer.features[0]?.attributes ?? {}),
    scheme: codes.scheme,
    codeNames: codes.names,
    polygons,
  };
}

/** The shapefile of a .shp; null where it holds no polygons. */
async function shapefileLayer(
  shp: ChartMember,
  members: readonly ChartMember[],
  asked: string,
): Promise<PolygonLayer | null> {
  const stem = shp.path.slice(0, -'.shp'.length);
  const part = (ending: string): Promise<Uint8Array> | undefined =>
    members.find(({ path }) => path.toLowerCase() === `${stem}.${ending}`.toLowerCase())?.read();
  const bytes = await shp.read();
  if (bytes.length < 100) throw damagedChart(shp.path, 'a shapefile', `${bytes.length} bytes`);
  const named = asked.slice(0, -4).toLowerCase() === stem.toLowerCase();
  // A file that was named must be a chart; in a folder or archive others may lie beside it.
  if (!named && !isPolygonShp(bytes)) return null;
  const dbf = await part('dbf');
  if (!dbf) {
    throw new DataRealError(
      'MissingInput',
      `${stem}.dbf: expected the table of ${shp.path} beside it. Received: no such file. Copy all files of the shapefile.`,
    );
  }
  return readShapefile({
    path: shp.path,
    name: basename(stem).replace(/^.*[:]/, ''),
    shp: bytes,
    dbf,
    shx: await part('shx'),
    prj: await part('prj'),
    cpg: await part('cpg'),
  });
}

function choose(path: string, layers: readonly Candidate[], wanted: string | undefined): Candidate {
  const charts = layers.filter(({ codes }) => codes.names.length > 0);
  const named = layers.filter(({ layer }) => wanted === undefined || layer.name === wanted);
  const eligible = wanted === undefined && charts.length > 0 ? charts : named;
  const [only] = eligible;
  if (only && eligible.length === 1) return only;
  if (layers.length === 0) {
    throw new DataRealError(
      'NoData',
      `${path}: expected an ice chart, a layer of polygons. Received: none. Choose the file of the chart.`,
    );
  }
  throw new DataRealError(
    'InvalidOption',
    `${path}: expected one chart${wanted === undefined ? '' : ` named ${wanted}`}. Received: ${layers.map(({ layer }) => layer.name).join(', ')}. Open one of these files, or name it as layer.`,
  );
}

/** File and folder names of a path, the innermost first, without ends. */
function namesOf(path: string): string[] {
  const [archive = '', member = ''] = path.split(/:(?=[^/\\]*[^:])/, 2);
  return [member, archive].flatMap((part) =>
    part === '' ? [] : [basename(part), basename(dirname(part))],
  );
}

/** CRS of a chart; SIGRID-3 asks for WGS84 where a file says nothing. */
function crsOf(path: string, { crs, features }: PolygonLayer): string | null {
  const rings = features.flatMap((feature) => feature.rings);
  const degrees = rings.every((ring) => within(ring, 720, 90.001));
  if (crs === null) return degrees && rings.length > 0 ? 'EPSG:4326' : null;
  if (
    geographic(path, crs) ? degrees : rings.every((ring) => within(ring, FURTHEST_M, FURTHEST_M))
  ) {
    return crs;
  }
  throw damagedChart(path, `coordinates of ${crs}`, 'numbers far outside the earth');
}

function geographic(path: string, crs: string): boolean {
  try {
    return isGeographic(crs);
  } catch (cause) {
    throw new DataRealError(
      'UnsupportedFormat',
      `${path}: expected a projection that can be understood. Received: ${reasonOf(cause)} Replace its .prj by that of the product.`,
      { cause },
    );
  }
}

function within(ring: Float64Array, x: number, y: number): boolean {
  for (let i = 0; i < ring.length; i++) {
    if (!(Math.abs(ring[i] ?? 0) <= (i % 2 === 0 ? x : y))) return false;
  }
  return true;
}
