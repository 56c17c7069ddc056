import { identifyCrs } from '@arctic/raster';
import initSqlJs, { type Database, type SqlValue } from 'sql.js';
import { reasonOf } from '../errors.js';
import { damagedChart } from './chart-errors.js';
import type { ChartAttribute, PolygonLayer } from './ice-chart.js';
import { readWkbRings, WkbError } from './wkb.js';

/** Bytes of the envelope of a GeoPackage geometry, by its indicator. */
const ENVELOPE_BYTES = [0, 32, 48, 48, 64] as const;

/** Types of geometry that may hold polygons. */
const POLYGONAL = /POLYGON|SURFACE|TRIANGLE|TIN|^GEOMETRY|COLLECTION/i;

/**
 * The polygon layers of a GeoPackage (all columns, also of views), in the order of its contents.
 *
 * References: OGC 12-128r18, GeoPackage Encoding Standard 1.3.
 *
 * @throws DataRealError `DamagedFile`
 */
export async function readGeoPackage(path: string, bytes: Uint8Array): Promise<PolygonLayer[]> {
  const sql = await initSqlJs();
  let database: Database | undefined;
  try {
    database = new sql.Database(withoutWal(bytes));
    return readLayers(database);
  } catch (cause) {
    if (cause instanceof WkbError) throw damagedChart(path, 'polygons', cause.message, cause);
    throw damagedChart(path, 'a GeoPackage that SQLite can read', reasonOf(cause), cause);
  } finally {
    try {
      database?.close();
    } catch {
      // What is wrong with the file has been said.
    }
  }
}

/** A file left in write-ahead mode asks for a second file that a database in memory cannot have. */
function withoutWal(bytes: Uint8Array): Uint8Array {
  if (bytes[18] !== 2 && bytes[19] !== 2) return bytes;
  const copy = bytes.slice();
  copy[18] = 1;
  copy[19] = 1;
  return copy;
}

function readLayers(database: Database): PolygonLayer[] {
  const layers = rowsOf(
    database,
    `SELECT g.table_name, g.column_name, g.geometry_type_name, s.organization,
       s.organization_coordsys_id, s.definition
     FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id`,
  );
  return layers
    .filter(({ geometry_type_name: type }) => POLYGONAL.test(String(type)))
    .map((layer) => readLayer(database, layer));
}

type Row = Readonly<Record<string, SqlValue>>;

function readLayer(database: Database, layer: Row): PolygonLayer {
  const name = String(layer['table_name']);
  const geometry = String(layer['column_name']);
  const rows = rowsOf(database, `SELECT * FROM "${name.replaceAll('"', '""')}"`);
  const features = rows.flatMap((row) => {
    const rings = row[geometry] instanceof Uint8Array ? ringsOf(row[geometry]) : [];
    if (rings.length === 0) return [];
    const attributes: Record<string, ChartAttribute> = {};
    for (const [column, value] of Object.entries(row)) {
      if (column !== geometry) attributes[column] = value instanceof Uint8Array ? null : value;
    }
    return [{ rings, attributes }];
  });
  const columns = rowsOf(
    database,
    `SELECT name FROM pragma_table_info('${name.replaceAll("'", "''")}')`,
  ).map((row) => String(row['name']));
  return {
    name,
    crs: crsOf(layer),
    columns: columns.filter((column) => column !== geometry),
    features,
  };
}

/** Rings of a GeoPackage geometry: a header with an optional envelope, then WKB. */
function ringsOf(blob: Uint8Array): Float64Array[] {
  if (blob.length < 8 || blob[0] !== 0x47 || blob[1] !== 0x50) {
    throw new WkbError(`a geometry of ${blob.length} bytes that is not a GeoPackage's`);
  }
  const flags = blob[3] ?? 0;
  const envelope = ENVELOPE_BYTES[(flags >> 1) & 7];
  if (envelope === undefined) throw new WkbError(`envelope type ${(flags >> 1) & 7}`);
  const empty = (flags & 16) !== 0;
  return empty ? [] : readWkbRings(blob, 8 + envelope);
}

function crsOf(layer: Row): string | null {
  const { organization, organization_coordsys_id: code, definition } = layer;
  if (typeof organization === 'string' && /^epsg$/i.test(organization) && Number(code) > 0) {
    return `EPSG:${String(code)}`;
  }
  const wkt = typeof definition === 'string' ? definition.trim() : '';
  return wkt === '' || wkt === 'undefined' ? null : identifyCrs(wkt);
}

function rowsOf(database: Database, query: string): Row[] {
  const statement = database.prepare(query);
  try {
    const rows: Row[] = [];
    while (statement.step()) rows.push(statement.getAsObject());
    return rows;
  } finally {
    statement.free();
  }
}
