import { ByteBuilder } from './write-bytes.js';
import type { FileSink } from '../file-sink.js';
import { UNDEFINED } from './write-hdf5-types.js';

/** Half the most children of a node: what readers take where the file names no other. */
const HALF = 32;

/** A chunk in the file. */
export interface StoredChunk {
  /** First element, one number per axis. */
  readonly start: readonly number[];
  readonly address: number;
  readonly bytes: number;
}

interface Child {
  readonly start: readonly number[];
  readonly bytes: number;
  readonly address: number;
}

/**
 * Writes the B-tree (version 1) over chunks that are in the order of their starts; gives the
 * address of its root.
 */
export async function writeChunkTree(
  sink: FileSink,
  chunks: readonly StoredChunk[],
  chunk: readonly number[],
  elementSize: number,
): Promise<number> {
  const last = chunks.at(-1)?.start ?? chunk.map(() => 0);
  const end = { start: last.map((from, axis) => from + (chunk[axis] ?? 1)), bytes: 0 };
  let children: readonly Child[] = chunks;
  for (let level = 0; ; level++) {
    const nodes: Child[] = [];
    const size = 24 + 2 * HALF * 8 + (2 * HALF + 1) * (8 + 8 * (chunk.length + 1));
    const count = Math.max(1, Math.ceil(children.length / (2 * HALF)));
    const base = sink.reserve(count * size);
    for (let n = 0; n < count; n++) {
      const part = children.slice(n * 2 * HALF, (n + 1) * 2 * HALF);
      const next = children[(n + 1) * 2 * HALF] ?? end;
      const node = new ByteBuilder()
        .bytes(new TextEncoder().encode('TREE'))
        .u8(1, level)
        .u16(part.length);
      for (const neighbour of [n - 1, n + 1]) {
        if (neighbour < 0 || neighbour >= count) node.bytes(UNDEFINED);
        else node.u64(base + neighbour * size);
      }
      for (const child of part) {
        key(node, child, 0);
        node.u64(child.address);
      }
      // The key after the last child lies beyond it; the final one of all beyond every chunk.
      key(node, next, next === end ? elementSize : 0);
      node.zeros(size - node.length);
      await sink.writeAt(node.build(), base + n * size);
      const first = part[0] ?? { start: last, bytes: 0 };
      nodes.push({ start: first.start, bytes: first.bytes, address: base + n * size });
    }
    if (count === 1) return base;
    children = nodes;
  }
}

function key(node: ByteBuilder, { start, bytes }: Omit<Child, 'address'>, tail: number): void {
  node.u32(bytes).u32(0);
  for (const from of start) node.u64(from);
  node.u64(tail);
}
