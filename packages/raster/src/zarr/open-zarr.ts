import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { damagedFile } from '../byte-file.js';
import { isRasterError, RasterError, reasonOf } from '../errors.js';
import { cfFile } from '../netcdf/cf-file.js';
import { pathOf, type Dimension, type FileVariable } from '../netcdf/file-variable.js';
import type { RasterFile } from '../raster-file.js';
import { readArrayMetadata, type ArrayMetadata } from './array-metadata.js';
import { withGeoZarr } from './geo-zarr.js';
import { readHierarchy, type ZarrNode } from './hierarchy.js';
import { chunkReader } from './read-chunks.js';
import { typedAttributes } from './typed-attributes.js';

/** An array of numbers with its metadata. */
interface NumberNode {
  readonly node: ZarrNode;
  readonly array: ArrayMetadata;
}

/**
 * Opens a Zarr store (format 2 or 3) in a folder: every array of numbers in every group, decoded by
 * CF's conventions as NetCDF is. Arrays of text, of NumPy's dates and of objects are passed over.
 *
 * Variables come in the order of the consolidated metadata, else by name. As in xarray, the fill
 * value of format 2 means missing where no `_FillValue` says otherwise; that of format 3 does not,
 * except in stores of GDAL, which keeps its nodata there.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 */
export async function openZarr(path: string): Promise<RasterFile> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw missing(path, reasonOf(cause));
  });
  if (!entry.isDirectory()) throw missing(path, 'a file');
  try {
    return await openStore(path);
  } catch (cause) {
    if (isRasterError(cause)) throw cause;
    throw damagedFile(path, 'a Zarr store', reasonOf(cause), cause);
  }
}

async function openStore(path: string): Promise<RasterFile> {
  const nodes = await readHierarchy(path);
  const arrays = nodes.flatMap((node): NumberNode[] => {
    if (node.kind !== 'array') return [];
    const array = readArrayMetadata(node, [path, ...node.path].join('/'));
    return array ? [{ node, array }] : [];
  });
  const lengths = axisLengths(arrays);
  const variables = arrays.map((own) => fileVariable(path, lengths, own));
  const groups = new Map(nodes.map((node) => [node.path.join('/'), node]));
  const file = await cfFile({
    path,
    format: 'zarr',
    variables,
    attributes: typedAttributes(groups.get('')?.attributes ?? {}, null),
    close: () => Promise.resolve(),
  });
  const above = new Map(
    arrays.map(({ node }, i) => {
      const chain = node.path.map((_, up) => node.path.slice(0, node.path.length - up).join('/'));
      const found = [...chain, ''].map((key) => groups.get(key)?.attributes ?? {});
      const variable = variables[i];
      return [variable ? pathOf(variable) : '', found] as const;
    }),
  );
  const placed = file.variables.map((variable) => {
    const { placement, name, shape } = variable;
    if (!placement) return variable;
    return { ...variable, placement: withGeoZarr(placement, above.get(name) ?? [], shape) };
  });
  const places = placed.map(({ placement }) => placement);
  return {
    ...file,
    variables: placed,
    crs: places.find((place) => place?.crs)?.crs ?? null,
    transform: places.find((place) => place?.transform)?.transform ?? null,
  };
}

function fileVariable(
  root: string,
  lengths: ReadonlyMap<string, number>,
  { node, array }: NumberNode,
): FileVariable {
  const name = node.path.at(-1) ?? basename(root).replace(/\.zarr$/, '');
  const group = node.path.slice(0, -1);
  const { shape, dtype } = array;
  const dims = shape.map((length, axis): Dimension => {
    const own = array.dims?.[axis] ?? `dim_${axis}`;
    return { name: own, id: dimensionId(lengths, group, own, length), length };
  });
  // A coordinate has a value everywhere: its fill is what the writer's library puts in unasked.
  const isCoordinate = dims.length === 1 && dims[0]?.name === name;
  const fillIsMissing = node.format === 2 || '_CRS' in node.attributes;
  return {
    group,
    name,
    dims,
    type: dtype,
    attributes: typedAttributes(node.attributes, dtype),
    fill: fillIsMissing && !isCoordinate ? array.fill : null,
    chunkShape: array.chunkShape.map((size, axis) => Math.min(size, shape[axis] ?? size)),
    load: chunkReader(root, node.path, node.format, array, [root, ...node.path].join('/')),
  };
}

/** Lengths of the arrays that run along an axis of their own name, by path. */
function axisLengths(arrays: readonly NumberNode[]): ReadonlyMap<string, number> {
  return new Map(
    arrays.flatMap(({ node, array }): [string, number][] => {
      const [length] = array.shape;
      const isOwn = array.dims?.length === 1 && array.dims[0] === node.path.at(-1);
      return isOwn && length !== undefined ? [[node.path.join('/'), length]] : [];
    }),
  );
}

/** Zarr has no dimensions: arrays share one where its coordinates are, in their group or above. */
function dimensionId(
  lengths: ReadonlyMap<string, number>,
  group: readonly string[],
  name: string,
  length: number,
): string {
  for (let depth = group.length; depth >= 0; depth--) {
    const key = [...group.slice(0, depth), name].join('/');
    if (lengths.get(key) === length) return `${key}:${length}`;
  }
  return `${[...group, name].join('/')}:${length}`;
}

function missing(path: string, received: string): RasterError {
  return new RasterError(
    'MissingFile',
    `${path}: expected the folder of a Zarr store. Received: ${received}. Check the path; unpack zipped stores first.`,
  );
}
