import type { Transform } from '../raster.js';
import { degreesOfDms, projOfGctp } from './gctp.js';
import { findNode, listOf, parseOdl, unquoted, type OdlNode } from './odl.js';

/** A grid of HDF-EOS: fields on a regular raster. */
export interface EosGrid {
  readonly kind: 'grid';
  readonly name: string;
  readonly fields: readonly string[];
  /** PROJ definition or EPSG code; null where the projection is not known. */
  readonly definition: string | null;
  readonly transform: Transform | null;
  readonly rowsFromSouth: boolean;
  /** Whether the first of the two axes is always down, whatever its name (see `parseGrid`). */
  readonly firstAxisDown: boolean;
}

/** A swath of HDF-EOS: fields as the instrument saw them, with their places beside. */
export interface EosSwath {
  readonly kind: 'swath';
  readonly name: string;
  readonly fields: readonly string[];
  readonly geolocation: readonly string[];
  /** Which axis of the data goes along which axis of the geolocation fields. */
  readonly maps: readonly EosDimensionMap[];
}

/** Element `i` of the geolocation axis belongs to element `offset + i * increment` of the data. */
export interface EosDimensionMap {
  readonly geo: string;
  readonly data: string;
  readonly offset: number;
  readonly increment: number;
}

/** The grids and swaths that a `StructMetadata` text describes. */
export function parseStructMetadata(text: string): readonly (EosGrid | EosSwath)[] {
  const root = parseOdl(text);
  const members = (name: string) => findNode(root, name)?.children ?? [];
  return [
    ...members('GridStructure').flatMap((node) => parseGrid(node) ?? []),
    ...members('SwathStructure').flatMap((node) => parseSwath(node) ?? []),
  ];
}

function parseGrid(node: OdlNode): EosGrid | null {
  const name = node.values.get('GridName');
  if (name === undefined) return null;
  const projection = unquoted(node.values.get('Projection') ?? '');
  const geographic = projection === 'GCTP_GEO';
  const upperLeft = cornerOf(node.values.get('UpperLeftPointMtrs'), [-180, 90], geographic);
  const lowerRight = cornerOf(node.values.get('LowerRightMtrs'), [180, -90], geographic);
  const columns = Number(node.values.get('XDim'));
  const rows = Number(node.values.get('YDim'));
  return {
    kind: 'grid',
    name: unquoted(name),
    fields: fieldNames(node, 'DataField', 'DataFieldName'),
    definition: projOfGctp({
      name: projection,
      parameters: listOf(node.values.get('ProjParams')).map(Number),
      sphere: Number(node.values.get('SphereCode') ?? -1),
      zone: Number(node.values.get('ZoneCode') ?? 0),
    }),
    transform:
      upperLeft && lowerRight && columns > 0 && rows > 0
        ? transformOf(upperLeft, lowerRight, columns, rows, geographic)
        : null,
    rowsFromSouth:
      /_L[LR]$/.test(node.values.get('GridOrigin') ?? '') ||
      (upperLeft?.[1] ?? 0) < (lowerRight?.[1] ?? 0),
    // The EASE grids of NSIDC name their first axis XDim, but their rows are rows all the same.
    firstAxisDown: projection === 'GCTP_LAMAZ',
  };
}

/** A corner in metres, or in degrees; these are packed, or plain where they are small. */
function cornerOf(
  value: string | undefined,
  whole: readonly [number, number],
  geographic: boolean,
): readonly [number, number] | null {
  if (value === undefined) return null;
  if (/DEFAULT/.test(value)) return geographic ? whole : null;
  const [x = NaN, y = NaN] = listOf(value).map(Number);
  if (!Number.isFinite(x) || !Number.isFinite(y)) return null;
  if (!geographic) return [x, y];
  const plain = Math.abs(x) <= 360 && Math.abs(y) <= 90;
  return plain ? [x, y] : [degreesOfDms(x), degreesOfDms(y)];
}

/** North-up, whichever way the file has its corners; beyond the dateline east goes on growing. */
function transformOf(
  [left, upper]: readonly [number, number],
  [right, lower]: readonly [number, number],
  columns: number,
  rows: number,
  geographic: boolean,
): Transform | null {
  const east = geographic && right <= left ? right + 360 : right;
  const dx = (east - left) / columns;
  const dy = Math.abs(lower - upper) / rows;
  return dx > 0 && dy > 0 ? [left, dx, 0, Math.max(upper, lower), 0, -dy] : null;
}

function parseSwath(node: OdlNode): EosSwath | null {
  const name = node.values.get('SwathName');
  if (name === undefined) return null;
  const maps = childrenOf(node, 'DimensionMap').map(({ values }) => ({
    geo: unquoted(values.get('GeoDimension') ?? ''),
    data: unquoted(values.get('DataDimension') ?? ''),
    offset: Number(values.get('Offset') ?? 0),
    increment: Number(values.get('Increment') ?? 1),
  }));
  return {
    kind: 'swath',
    name: unquoted(name),
    fields: fieldNames(node, 'DataField', 'DataFieldName'),
    geolocation: fieldNames(node, 'GeoField', 'GeoFieldName'),
    maps,
  };
}

function childrenOf(node: OdlNode, name: string): readonly OdlNode[] {
  return node.children.find((child) => child.name === name)?.children ?? [];
}

function fieldNames(node: OdlNode, group: string, key: string): string[] {
  return childrenOf(node, group).flatMap(({ values }) => {
    const name = values.get(key);
    return name === undefined ? [] : [unquoted(name)];
  });
}
