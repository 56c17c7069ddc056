import { ByteFile } from '../byte-file.js';
import { isRasterError, RasterError } from '../errors.js';
import { makeVariable } from '../make-variable.js';
import type { RasterFile, RasterFormat, RasterVariable } from '../raster-file.js';
import type { NpyArray } from '../npy.js';
import { readNpyHeader, type ByteSource, type NpyHeader } from './npy-header.js';
import { readNpyRegion } from './npy-values.js';
import { ZipFile } from './zip-file.js';

/**
 * Opens a `.npy` file as one variable, `array`, with axes `axis0`, `axis1` …: numbers of any type
 * and byte order; C or Fortran order.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat` for other types
 */
export async function openNpy(path: string): Promise<RasterFile> {
  const file = await ByteFile.open(path);
  try {
    const variable = variableOf(file, 'array', await readNpyHeader(file, path));
    return rasterFile(path, 'npy', [variable], () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens a `.npz` archive: a variable per array of numbers, named and ordered as
 * `np.load(path).files`. Arrays of text, objects or fields are passed over: nothing is unpickled.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat` where no member is numbers
 */
export async function openNpz(path: string): Promise<RasterFile> {
  const zip = await ZipFile.open(path);
  try {
    const variables = (await readMembers(zip)).map(({ name, source, header }) =>
      variableOf(source, name, header),
    );
    return rasterFile(path, 'npz', variables, () => zip.close());
  } catch (error) {
    await zip.close();
    throw error;
  }
}

/**
 * All arrays of numbers in a `.npz` archive, by name, in the archive's order.
 *
 * @throws as `openNpz`
 * @example
 * ```ts
 * const { x, y } = Object.fromEntries(await readNpz('training_set.npz'));
 * ```
 */
export async function readNpz(path: string): Promise<Map<string, NpyArray>> {
  const zip = await ZipFile.open(path);
  try {
    const arrays = new Map<string, NpyArray>();
    for (const { name, source, header } of await readMembers(zip)) {
      arrays.set(name, {
        shape: header.shape,
        data: await readNpyRegion(source, header, whole(header)),
      });
    }
    return arrays;
  } finally {
    await zip.close();
  }
}

interface Member {
  readonly name: string;
  readonly source: ByteSource;
  readonly header: NpyHeader;
}

async function readMembers(zip: ZipFile): Promise<Member[]> {
  const members: Member[] = [];
  let refused: RasterError | undefined;
  for (const source of zip.members()) {
    if (!source.name.endsWith('.npy')) continue;
    try {
      const header = await readNpyHeader(source, source.path);
      members.push({ name: source.name.slice(0, -4), source, header });
    } catch (error) {
      if (!isRasterError(error, 'UnsupportedFormat')) throw error;
      refused ??= error;
    }
  }
  if (members.length > 0) return members;
  throw (
    refused ??
    new RasterError(
      'UnsupportedFormat',
      `${zip.file.path}: expected an archive with .npy members. Received: ${zip.members().length} others. Save it with np.savez.`,
    )
  );
}

function variableOf(source: ByteSource, name: string, header: NpyHeader): RasterVariable {
  return makeVariable({
    path: source.path,
    name,
    dims: header.shape.map((_, axis) => `axis${axis}`),
    shape: header.shape,
    dtype: header.dtype,
    load: (region) => readNpyRegion(source, header, region),
  });
}

function rasterFile(
  path: string,
  format: RasterFormat,
  variables: readonly RasterVariable[],
  close: () => Promise<void>,
): RasterFile {
  return { path, format, crs: null, transform: null, times: [], variables, attributes: {}, close };
}

function whole({ shape }: NpyHeader) {
  return { start: shape.map(() => 0), count: shape };
}
