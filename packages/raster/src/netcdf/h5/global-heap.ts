import { damagedFile } from '../../byte-file.js';
import type { H5Blocks } from './h5-blocks.js';
import { NOWHERE } from './h5-cursor.js';

/** The collections of strings and lists of any length, read once each. */
export class GlobalHeap {
  readonly #blocks: H5Blocks;
  readonly #collections = new Map<number, Promise<ReadonlyMap<number, Uint8Array>>>();

  constructor(blocks: H5Blocks) {
    this.#blocks = blocks;
  }

  /** Bytes of an object; none for the empty one. @throws RasterError `DamagedFile` */
  async object(address: number, index: number): Promise<Uint8Array> {
    if (address === NOWHERE || (address === 0 && index === 0)) return new Uint8Array();
    let collection = this.#collections.get(address);
    if (!collection) {
      collection = this.#read(address);
      this.#collections.set(address, collection);
    }
    const bytes = (await collection).get(index);
    if (!bytes) throw damagedFile(this.#blocks.path, 'an object of the HDF5 heap', `no ${index}`);
    return bytes;
  }

  async #read(address: number): Promise<ReadonlyMap<number, Uint8Array>> {
    const { length } = this.#blocks.widths;
    const head = await this.#blocks.readSigned(address, 8 + length, 'GCOL');
    head.skip(4);
    const size = head.length();
    const body = await this.#blocks.read(address + 8 + length, Math.max(0, size - 8 - length));
    const objects = new Map<number, Uint8Array>();
    while (body.left >= 8 + length) {
      const index = body.u16();
      body.skip(6);
      const count = body.length();
      // Object 0 is the free space at the end.
      if (index === 0) break;
      objects.set(index, body.slice(count));
      body.skip(Math.min(body.left, (8 - (count % 8)) % 8));
    }
    return objects;
  }
}
