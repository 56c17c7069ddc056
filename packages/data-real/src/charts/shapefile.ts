import { identifyCrs } from '@arctic/raster';
import { readDbf } from './dbf.js';
import type { PolygonLayer } from './ice-chart.js';
import { readShp } from './shp.js';

/** The files of one shapefile, unpacked. */
export interface ShapefileParts {
  /** Of the .shp, for messages. */
  readonly path: string;
  readonly name: string;
  readonly shp: Uint8Array;
  readonly dbf: Uint8Array;
  readonly shx?: Uint8Array | undefined;
  readonly prj?: Uint8Array | undefined;
  readonly cpg?: Uint8Array | undefined;
}

/**
 * A layer of polygons from the files of a shapefile: coordinates and columns as pyshp has them,
 * without null shapes and deleted records.
 *
 * @throws DataRealError `DamagedFile`
 */
export function readShapefile({
  path,
  name,
  shp,
  dbf,
  shx,
  prj,
  cpg,
}: ShapefileParts): PolygonLayer {
  const table = readDbf(path.replace(/\.shp$/i, '.dbf'), dbf, textOf(cpg));
  const shapes = readShp(path, shp, table.rows.length, shx);
  const features = shapes.flatMap((rings, i) => {
    const attributes = table.rows[i];
    return rings && attributes ? [{ rings, attributes }] : [];
  });
  const wkt = textOf(prj)?.trim();
  return {
    name,
    crs: wkt ? identifyCrs(wkt) : null,
    columns: table.columns,
    features,
  };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  // Some tools begin .prj and .cpg with a byte order mark, which TextDecoder takes off.
  return bytes && new TextDecoder().decode(bytes);
}
