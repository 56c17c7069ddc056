import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from './errors.js';

/** A folder as the key-value store that zarrita reads from and writes its metadata to. */
export class FolderStore {
  constructor(readonly folder: string) {}

  async get(key: `/${string}`): Promise<Uint8Array | undefined> {
    return readFile(join(this.folder, key)).catch((error: unknown) => {
      // Zarr: a key that is not there is a chunk of fill values, or another metadata version.
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
      throw error;
    });
  }

  async set(key: `/${string}`, value: Uint8Array): Promise<void> {
    const path = join(this.folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, value);
  }
}
