import { damagedFile } from '../byte-file.js';
import { BitReader } from './bit-reader.js';

const LEAVES = 256;
const ROOT = 0;

/** A splay tree over the 256 byte values, which turns as values pass. */
class SplayTree {
  readonly #left = new Uint16Array(LEAVES);
  readonly #right = new Uint16Array(LEAVES);
  readonly #up = new Uint16Array(2 * LEAVES);

  constructor() {
    for (let i = 0; i < 2 * LEAVES; i++) this.#up[i] = i >> 1;
    for (let i = 0; i < LEAVES; i++) {
      this.#left[i] = 2 * i;
      this.#right[i] = 2 * i + 1;
    }
  }

  next(bits: BitReader): number {
    let node = ROOT;
    do {
      node = this.#child(bits.bit() === 0 ? this.#left : this.#right, node);
    } while (node < LEAVES);
    this.#splay(node);
    return node - LEAVES;
  }

  /** Halves the way from the root to a leaf by swapping each second node with its uncle. */
  #splay(leaf: number): void {
    let node = leaf;
    do {
      const parent = this.#child(this.#up, node);
      if (parent === ROOT) return;
      const grand = this.#child(this.#up, parent);
      let uncle = this.#child(this.#left, grand);
      if (parent === uncle) {
        uncle = this.#child(this.#right, grand);
        this.#right[grand] = node;
      } else {
        this.#left[grand] = node;
      }
      if (node === this.#left[parent]) this.#left[parent] = uncle;
      else this.#right[parent] = uncle;
      this.#up[node] = grand;
      this.#up[uncle] = parent;
      node = grand;
    } while (node !== ROOT);
  }

  #child(links: Uint16Array, node: number): number {
    return links[node] ?? ROOT;
  }
}

/**
 * Skipping Huffman: each byte of a number (first, second, …) has a tree of its own.
 *
 * @param unit bytes of a number.
 * @throws RasterError `DamagedFile`
 */
export function decodeSkippingHuffman(
  path: string,
  packed: Uint8Array,
  size: number,
  unit: number,
): Uint8Array<ArrayBuffer> {
  if (!(unit >= 1 && unit <= 1024)) {
    throw damagedFile(path, 'a skipping unit of 1 to 1024 bytes', String(unit));
  }
  const bits = new BitReader(path, packed);
  const trees = Array.from({ length: unit }, () => new SplayTree());
  const out = new Uint8Array(size);
  for (let i = 0; i < size;) {
    for (const tree of trees) {
      if (i < size) out[i++] = tree.next(bits);
    }
  }
  return out;
}
