import type { GridDataset, WriteProgress } from '../grid-dataset.js';
import { bytesPerElement } from '../make-variable.js';
import { bytesOf } from './write-bytes.js';
import { cfDataset, type CfOptions } from './write-cf-dataset.js';
import type { CfVariable } from './write-cf-variable.js';
import {
  assertChunk,
  chunkShapeOf,
  cutChunks,
  PARALLEL,
  shuffledAndDeflated,
} from './write-chunks.js';
import { streamFile, type FileSink } from '../file-sink.js';
import { assertLevel, bandRows, progressOf } from './write-progress.js';
import { SUPERBLOCK_BYTES, writeHdf5Metadata, type Hdf5Dataset } from './write-hdf5.js';
import { writeChunkTree, type StoredChunk } from './write-hdf5-tree.js';

export interface WriteNetCdfOptions extends CfOptions {
  /** Effort of deflate, 0 (none) to 9. @default 4 */
  readonly level?: number;
  /** Rows and columns of a chunk; one step each. @default [512, 512], or the grid where smaller */
  readonly chunk?: readonly [rows: number, columns: number];
  /** Called with the rows written, of all steps and variables. @default nothing */
  readonly onProgress?: (progress: WriteProgress) => void;
}

/**
 * Writes a dataset as NetCDF-4 by the CF conventions 1.8, whole or not at all; xarray, GDAL, QGIS
 * and the netCDF library open it with time, units and CRS.
 *
 * Unsigned integers are kept in the next signed type (uint8 in int16), since CF 1.8 has none.
 * Values are asked for and written band by band, so that memory does not grow with the file.
 *
 * @example
 * ```ts
 * await writeNetCdf('forecast.nc', {
 *   height: 2, width: 2, crs: 'EPSG:3413', transform: [-5000, 5000, 0, 5000, 0, -5000],
 *   times: ['2016-09-30'], attributes: { title: 'A forecast' },
 *   variables: [{
 *     name: 'sic', dtype: 'float32', overTime: true, units: '1', fill: NaN,
 *     longName: 'sea-ice concentration', standardName: 'sea_ice_area_fraction',
 *     rows: () => new Float32Array(4).fill(0.5),
 *   }],
 * });
 * ```
 * @throws RasterError `WrongShape`, `InvalidValue`, `UnsupportedFormat` (CRS), `WriteFailed`; an
 * earlier file at `path` is untouched then.
 */
export async function writeNetCdf(
  path: string,
  dataset: GridDataset,
  options: WriteNetCdfOptions = {},
): Promise<void> {
  const { level = 4, chunk } = options;
  assertChunk(path, chunk);
  assertLevel(path, level);
  const cf = cfDataset(path, dataset, options, 'signed');
  const advance = progressOf(cf, options.onProgress);
  await streamFile(path, async (sink) => {
    sink.reserve(SUPERBLOCK_BYTES);
    const written: Hdf5Dataset[] = [];
    for (const { name, length } of cf.dims) {
      const variable = cf.variables.find((one) => one.name === name);
      if (!variable) written.push(bareDimension(name, length));
      else written.push(await writeVariable(path, sink, variable, level, chunk, advance));
    }
    for (const variable of cf.variables) {
      if (cf.dims.some(({ name }) => name === variable.name)) continue;
      written.push(await writeVariable(path, sink, variable, level, chunk, advance));
    }
    await writeHdf5Metadata(sink, written, cf.attributes);
  });
}

async function writeVariable(
  path: string,
  sink: FileSink,
  variable: CfVariable,
  level: number,
  side: readonly [number, number] | undefined,
  advance: (rows: number) => void,
): Promise<Hdf5Dataset> {
  const { name, dtype, shape, fill, attributes, dims } = variable;
  const own = dims.length === 1 && dims[0] === name;
  const rest = {
    name,
    dtype,
    shape,
    fill,
    attributes,
    scale: own ? name : null,
    axes: own ? [] : dims,
  };
  if (shape.length === 0) {
    const bytes = bytesOf(await variable.rows(0, 0, 1));
    const address = await sink.append(bytes);
    return { ...rest, layout: { kind: 'contiguous', address, bytes: bytes.length } };
  }
  const chunk = chunkShapeOf(shape, side);
  const stored: StoredChunk[] = [];
  for await (const band of cutChunks(path, variable, chunk)) {
    for (let first = 0; first < band.length; first += PARALLEL) {
      const part = band.slice(first, first + PARALLEL);
      const packed = await Promise.all(
        part.map(({ data }) => shuffledAndDeflated(data, dtype, level)),
      );
      for (const [i, bytes] of packed.entries()) {
        const start = (part[i]?.index ?? []).map((place, axis) => place * (chunk[axis] ?? 1));
        stored.push({ start, address: await sink.append(bytes), bytes: bytes.length });
      }
    }
    advance(bandRows(variable, chunk, band[0]?.index ?? []));
  }
  const address = await writeChunkTree(sink, stored, chunk, bytesPerElement(dtype));
  return { ...rest, layout: { kind: 'chunked', address, chunk, level } };
}

/** A dimension without coordinates, as the netCDF library keeps it. */
function bareDimension(name: string, length: number): Hdf5Dataset {
  return {
    name,
    dtype: 'float32',
    shape: [length],
    fill: null,
    layout: { kind: 'contiguous', address: null, bytes: 4 * length },
    attributes: {},
    scale: `This is a netCDF dimension but not a netCDF variable.${String(length).padStart(10)}`,
    axes: [],
  };
}
