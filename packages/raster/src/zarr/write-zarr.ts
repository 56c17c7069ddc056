import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as zarr from 'zarrita';
import { replaceFolder } from '../atomic-file.js';
import type { GridDataset, WriteProgress } from '../grid-dataset.js';
import { bytesPerElement } from '../make-variable.js';
import { bytesOf } from '../netcdf/write-bytes.js';
import { cfDataset, type CfOptions } from '../netcdf/write-cf-dataset.js';
import type { CfAttributes, CfValue, CfVariable } from '../netcdf/write-cf-variable.js';
import { assertChunk, chunkShapeOf, cutChunks, PARALLEL } from '../netcdf/write-chunks.js';
import { assertLevel, bandRows, progressOf } from '../netcdf/write-progress.js';
import { FolderStore } from '../zarr-store.js';
import { writeConsolidatedGroup } from './write-group.js';

const compress = promisify(gzip);

export interface WriteZarrOptions extends CfOptions {
  /** Effort of gzip, 0 (none) to 9. @default 4 */
  readonly level?: number;
  /** Rows and columns of a chunk; one step each. @default [512, 512], or the grid where smaller */
  readonly chunk?: readonly [rows: number, columns: number];
  /** Called with the rows written, of all steps and variables. @default nothing */
  readonly onProgress?: (progress: WriteProgress) => void;
}

/**
 * Writes a dataset as a Zarr group (format 3, gzip, consolidated metadata), whole or not at all;
 * an earlier store at `folder` is replaced at the end. xarray and zarr-python open it with the same
 * axes, CRS and attributes that `writeNetCdf` writes.
 *
 * Values are asked for and written band by band, so that memory does not grow with the store.
 *
 * @throws RasterError `WrongShape`, `InvalidValue`, `UnsupportedFormat` (CRS), `WriteFailed`; an
 * earlier store is untouched then.
 */
export async function writeZarr(
  folder: string,
  dataset: GridDataset,
  options: WriteZarrOptions = {},
): Promise<void> {
  const { level = 4, chunk } = options;
  assertChunk(folder, chunk);
  assertLevel(folder, level);
  const cf = cfDataset(folder, dataset, options, 'kept');
  const advance = progressOf(cf, options.onProgress);
  await replaceFolder(folder, async (temporary) => {
    const store = new FolderStore(temporary);
    const root = zarr.root(store);
    for (const variable of cf.variables) {
      const chunkShape = chunkShapeOf(variable.shape, chunk);
      await createArray(root, variable, chunkShape, level);
      await writeChunks(folder, store, variable, chunkShape, level, advance);
    }
    await writeConsolidatedGroup(store, jsonAttributes(cf.attributes));
  });
}

async function createArray(
  root: zarr.Location<FolderStore>,
  { name, dtype, dims, shape, fill, attributes }: CfVariable,
  chunkShape: readonly number[],
  level: number,
): Promise<void> {
  const own = Object.entries(attributes).filter(([key]) => key !== '_FillValue');
  await zarr.create(root.resolve(name), {
    shape: [...shape],
    chunkShape: [...chunkShape],
    dtype,
    codecs: [
      { name: 'bytes', configuration: bytesPerElement(dtype) > 1 ? { endian: 'little' } : {} },
      ...(level > 0 ? [{ name: 'gzip', configuration: { level } }] : []),
    ],
    fillValue: fill ?? 0,
    dimensionNames: [...dims],
    attributes: {
      ...jsonAttributes(Object.fromEntries(own)),
      // xarray takes only this attribute for missing, and in floats only as base64; NaN needs none.
      ...(fill !== null && !Number.isNaN(fill) && { _FillValue: fillAttribute(dtype, fill) }),
    },
  });
}

function fillAttribute(dtype: CfVariable['dtype'], fill: number): number | string {
  if (!dtype.startsWith('float')) return fill;
  return Buffer.from(new Float64Array([fill]).buffer).toString('base64');
}

async function writeChunks(
  folder: string,
  store: FolderStore,
  variable: CfVariable,
  chunkShape: readonly number[],
  level: number,
  advance: (rows: number) => void,
): Promise<void> {
  const packed = async (bytes: Uint8Array) => (level > 0 ? compress(bytes, { level }) : bytes);
  if (variable.shape.length === 0) {
    const value = bytesOf(await variable.rows(0, 0, 1));
    await store.set(`/${variable.name}/c`, await packed(value));
    return;
  }
  for await (const band of cutChunks(folder, variable, chunkShape)) {
    for (let first = 0; first < band.length; first += PARALLEL) {
      await Promise.all(
        band.slice(first, first + PARALLEL).map(async ({ index, data }) => {
          await store.set(`/${variable.name}/c/${index.join('/')}`, await packed(bytesOf(data)));
        }),
      );
    }
    advance(bandRows(variable, chunkShape, band[0]?.index ?? []));
  }
}

type Json = string | number | readonly (string | number)[];

function jsonAttributes(attributes: CfAttributes): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, jsonValue(value)]),
  );
}

/** One number stands alone; those that JSON has not are named, as Zarr does with fill values. */
function jsonValue(value: CfValue): Json {
  if (typeof value === 'string' || !('dtype' in value)) return value;
  const numbers = value.values.map((number) => (Number.isFinite(number) ? number : String(number)));
  const [only] = numbers;
  return numbers.length === 1 && only !== undefined ? only : numbers;
}
