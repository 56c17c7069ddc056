import { ByteFile } from '../byte-file.js';
import { ByteCache } from './byte-cache.js';
import { readDescriptors, type Descriptors } from './descriptors.js';
import type { Vdata, Vgroup } from './vset.js';

/** Unpacked bytes kept for the next read of the same chunk or array. */
const CACHE_BYTES = 1 << 26;

/** An open HDF4 file: its bytes, its table of contents, and what was unpacked lately. */
export interface Hdf4File {
  readonly path: string;
  readonly file: ByteFile;
  readonly descriptors: Descriptors;
  readonly cache: ByteCache;
  /** Groups and tables already read, by reference: many are named again and again. */
  readonly groups: Map<number, Vgroup>;
  readonly tables: Map<number, Vdata>;
}

/** @throws RasterError `MissingFile`, `UnsupportedFormat`, `DamagedFile` */
export async function openHdf4File(path: string): Promise<Hdf4File> {
  const file = await ByteFile.open(path);
  try {
    const descriptors = await readDescriptors(file);
    const cache = new ByteCache(CACHE_BYTES);
    return { path, file, descriptors, cache, groups: new Map(), tables: new Map() };
  } catch (cause) {
    await file.close();
    throw cause;
  }
}
