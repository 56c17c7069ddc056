import { damagedFile } from '../byte-file.js';

/** Reads bits from the highest of each byte on. */
export class BitReader {
  readonly #path: string;
  readonly #bytes: Uint8Array;
  #bit = 0;

  constructor(path: string, bytes: Uint8Array) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** @throws RasterError `DamagedFile` at the end of the bytes. */
  bit(): number {
    const byte = this.#bytes[this.#bit >> 3];
    if (byte === undefined) throw this.#ended();
    return (byte >> (7 - (this.#bit++ & 7))) & 1;
  }

  /** An unsigned number of up to 32 bits. */
  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0;) {
      const byte = this.#bytes[this.#bit >> 3];
      if (byte === undefined) throw this.#ended();
      const here = 8 - (this.#bit & 7);
      const taken = Math.min(here, left);
      value = value * 2 ** taken + ((byte >> (here - taken)) & ((1 << taken) - 1));
      this.#bit += taken;
      left -= taken;
    }
    return value;
  }

  /** How many bits are 0 before the next 1, which is read too. */
  zeros(): number {
    let count = 0;
    while (this.bit() === 0) count += 1;
    return count;
  }

  #ended(): Error {
    return damagedFile(this.#path, 'more packed bits', `${this.#bytes.length} bytes in all`);
  }
}
