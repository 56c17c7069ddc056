import { assertPlausible, ByteFile, damagedFile } from '../byte-file.js';
import { bytesPerElement, elementCount } from '../make-variable.js';
import type { RasterFile } from '../raster-file.js';
import { cfFile } from './cf-file.js';
import { defaultFill, type Dimension, type FileVariable } from './file-variable.js';
import { readNetcdf3Header, type Netcdf3Header, type Netcdf3Variable } from './netcdf3-header.js';
import { cheapBox } from './cheap-box.js';
import { storedArray } from './stored-array.js';
import { readStrided, rowMajorStrides } from './strided-read.js';

/**
 * Opens a classic NetCDF file (CDF-1, CDF-2 with 64-bit offsets, CDF-5 with 64-bit data); values
 * are read by region, decoded by CF's conventions.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 * @example
 * ```ts
 * const file = await openNetCdf3('ice_conc_nh_201909091200.nc');
 * const ice = file.variables.find(({ name }) => name === 'ice_conc');
 * const firstStep = await ice?.read({ start: [0, 0, 0], count: [1, 1120, 760] });
 * await file.close();
 * ```
 */
export async function openNetCdf3(path: string): Promise<RasterFile> {
  const file = await ByteFile.open(path);
  try {
    const header = await readNetcdf3Header(file);
    const dimensions = dimensionsOf(file, header);
    const recordSize = recordBytes(header);
    const variables = header.variables.map((variable) =>
      fileVariable(file, header, dimensions, recordSize, variable),
    );
    return await cfFile({
      path,
      format: 'netcdf-3',
      variables,
      attributes: header.attributes,
      close: () => file.close(),
    });
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

/** Dimensions with the length of the record dimension put in. */
function dimensionsOf(file: ByteFile, header: Netcdf3Header): readonly Dimension[] {
  const growing = header.variables.filter((variable) => isRecord(header, variable));
  const size = recordBytes(header);
  const begin = Math.min(...growing.map((variable) => variable.begin));
  // What is written in one go by streaming programs says nothing of its length.
  const room = size > 0 ? Math.max(0, Math.floor((file.size - begin) / size)) : 0;
  const records = header.records ?? room;
  return header.dimensions.map(({ name, length }, i) => ({
    name,
    id: String(i),
    length: length === 0 ? records : length,
  }));
}

function isRecord(header: Netcdf3Header, { dims }: Netcdf3Variable): boolean {
  return dims.length > 0 && header.dimensions[dims[0] ?? -1]?.length === 0;
}

/** Bytes of one record of a variable, without padding. */
function ownRecordBytes(header: Netcdf3Header, { dims, type }: Netcdf3Variable): number {
  const inner = dims.slice(1).map((dim) => header.dimensions[dim]?.length ?? 0);
  return elementCount(inner) * (type ? bytesPerElement(type) : 1);
}

/** Bytes from one record to the next; a lone record variable is not padded. */
function recordBytes(header: Netcdf3Header): number {
  const sizes = header.variables
    .filter((variable) => isRecord(header, variable))
    .map((variable) => ownRecordBytes(header, variable));
  if (sizes.length === 1) return sizes[0] ?? 0;
  return sizes.reduce((sum, size) => sum + Math.ceil(size / 4) * 4, 0);
}

function fileVariable(
  file: ByteFile,
  header: Netcdf3Header,
  dimensions: readonly Dimension[],
  recordSize: number,
  variable: Netcdf3Variable,
): FileVariable {
  const { name, attributes, type, begin } = variable;
  const dims = variable.dims.flatMap((dim) => dimensions[dim] ?? []);
  const shape = dims.map(({ length }) => length);
  const elementSize = type ? bytesPerElement(type) : 1;
  const strides = [...rowMajorStrides(shape, elementSize)];
  if (isRecord(header, variable)) strides[0] = recordSize;
  return {
    group: [],
    name,
    dims,
    type,
    attributes,
    fill: type && defaultFill(type),
    chunkShape: cheapBox(shape, elementSize),
    async load(region) {
      if (!type) throw damagedFile(file.path, `numbers in ${name}`, 'text');
      const bytes = elementCount(region.count) * elementSize;
      assertPlausible(file.path, name, bytes, file.size);
      const stored = await readStrided(file, { at: begin, elementSize, strides }, region);
      return storedArray(stored, type, true);
    },
  };
}
