import type { StoredArray } from '../raster-file.js';
import { decodeBlock } from './decode-block.js';
import type { TiffBytes } from './directory.js';
import { rowsOfBlock, samplesOfBlock, type ImageLayout } from './image-layout.js';
import { storedArray } from './samples.js';

/** Reads boxes of one band of an image. */
export interface ImageReader {
  readonly layout: ImageLayout;
  /** Stored numbers of [height, width] pixels, rows as the file has them. */
  read(
    band: number,
    row: number,
    column: number,
    height: number,
    width: number,
  ): Promise<StoredArray>;
}

/** Decoded blocks that an image keeps, so that its bands and near windows need not decode again. */
const KEPT_BYTES = 1 << 26;

/** Blocks are fetched and decoded together up to this size of packed and unpacked bytes. */
const BATCH_BYTES = 1 << 24;

/** Bytes between two blocks that are cheaper to read than to skip. */
const GAP_BYTES = 1 << 13;

/** @param empty what blocks hold that the file leaves out (nodata, or 0). */
export function imageReader(file: TiffBytes, layout: ImageLayout, empty: number): ImageReader {
  const { blockHeight, blockWidth, blocksAcross, blocksDown, separate, dtype } = layout;
  const samples = samplesOfBlock(layout);
  const kept = keptBlocks();
  const blockBytes = storedArray(dtype, 1).BYTES_PER_ELEMENT * blockHeight * blockWidth * samples;

  /** Starts to fetch and decode what is not kept, several near blocks in one read. */
  const blocksOf = (indices: readonly number[]): Promise<StoredArray>[] => {
    const { offsets, byteCounts } = layout;
    // Held here too: reads that run beside this one may push blocks out of what is kept.
    const held = new Map<number, Promise<StoredArray>>();
    for (const index of indices) {
      const block = kept.get(index);
      if (block) held.set(index, block);
    }
    const wanted = indices
      .filter((index) => !held.has(index) && byteCounts[index] !== 0)
      .sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
    for (let i = 0; i < wanted.length;) {
      const from = offsets[wanted[i] ?? 0] ?? 0;
      let end = from;
      const group: number[] = [];
      for (; i < wanted.length; i++) {
        const index = wanted[i] ?? 0;
        const at = offsets[index] ?? 0;
        const after = at + (byteCounts[index] ?? 0);
        if (group.length > 0 && (at > end + GAP_BYTES || after - from > BATCH_BYTES)) break;
        group.push(index);
        end = Math.max(end, after);
      }
      const bytes = file.read(from, end - from);
      for (const index of group) {
        const at = (offsets[index] ?? 0) - from;
        const blockRow = Math.floor(index / blocksAcross) % blocksDown;
        const block = bytes.then((all) => {
          const packed = all.subarray(at, at + (byteCounts[index] ?? 0));
          return decodeBlock(file.path, layout, blockRow, packed);
        });
        held.set(index, block);
        kept.set(index, block, blockBytes);
      }
    }
    return indices.map((index) => {
      const block = held.get(index);
      if (block) return block;
      const blockRow = Math.floor(index / blocksAcross) % blocksDown;
      const length = rowsOfBlock(layout, blockRow) * blockWidth * samples;
      return Promise.resolve(storedArray(dtype, length).fill(empty));
    });
  };

  return {
    layout,
    async read(band, row, column, height, width) {
      const out = storedArray(dtype, height * width);
      if (out.length === 0) return out;
      const sample = separate ? 0 : band;
      const plane = separate ? band * blocksAcross * blocksDown : 0;
      const batch = Math.max(1, Math.floor(BATCH_BYTES / blockBytes));
      const boxes: { blockRow: number; blockColumn: number }[] = [];
      const flush = async (): Promise<void> => {
        const blocks = blocksOf(
          boxes.map((b) => plane + b.blockRow * blocksAcross + b.blockColumn),
        );
        const decoded = await Promise.all(blocks);
        boxes.forEach(({ blockRow, blockColumn }, i) => {
          const block = decoded[i];
          if (!block) return;
          const top = blockRow * blockHeight;
          const left = blockColumn * blockWidth;
          const firstRow = Math.max(row, top);
          const lastRow = Math.min(row + height, top + rowsOfBlock(layout, blockRow));
          const first = Math.max(column, left);
          const count = Math.min(column + width, left + blockWidth) - first;
          for (let r = firstRow; r < lastRow; r++) {
            const from = ((r - top) * blockWidth + first - left) * samples + sample;
            copyInto(out, (r - row) * width + first - column, block, from, samples, count);
          }
        });
        boxes.length = 0;
      };
      const lastBlockRow = Math.floor((row + height - 1) / blockHeight);
      const lastBlockColumn = Math.floor((column + width - 1) / blockWidth);
      for (let r = Math.floor(row / blockHeight); r <= lastBlockRow; r++) {
        for (let c = Math.floor(column / blockWidth); c <= lastBlockColumn; c++) {
          boxes.push({ blockRow: r, blockColumn: c });
          if (boxes.length >= batch) await flush();
        }
      }
      if (boxes.length > 0) await flush();
      return out;
    },
  };
}

function copyInto(
  out: StoredArray,
  to: number,
  block: StoredArray,
  from: number,
  step: number,
  count: number,
): void {
  if (step === 1) out.set(block.subarray(from, from + count), to);
  // One function for the commonest type: a shared one would be slow for all.
  else if (out instanceof Uint8Array && block instanceof Uint8Array) {
    pickBytesInto(out, to, block, from, step, count);
  } else pickInto(out, to, block, from, step, count);
}

function pickBytesInto(
  out: Uint8Array,
  to: number,
  block: Uint8Array,
  from: number,
  step: number,
  count: number,
): void {
  for (let i = 0, at = from; i < count; i++, at += step) out[to + i] = block[at] ?? 0;
}

function pickInto(
  out: StoredArray,
  to: number,
  block: StoredArray,
  from: number,
  step: number,
  count: number,
): void {
  for (let i = 0, at = from; i < count; i++, at += step) out[to + i] = block[at] ?? 0;
}

/** Blocks under their numbers; those not asked for the longest are dropped first. */
function keptBlocks() {
  const blocks = new Map<number, { block: Promise<StoredArray>; bytes: number }>();
  let total = 0;
  const drop = (index: number): void => {
    total -= blocks.get(index)?.bytes ?? 0;
    blocks.delete(index);
  };
  return {
    get(index: number): Promise<StoredArray> | undefined {
      const found = blocks.get(index);
      if (found) {
        blocks.delete(index);
        blocks.set(index, found);
      }
      return found?.block;
    },
    set(index: number, block: Promise<StoredArray>, bytes: number): void {
      blocks.set(index, { block, bytes });
      total += bytes;
      // A block that failed may be asked for again.
      block.catch(() => drop(index));
      for (const oldest of blocks.keys()) {
        if (total <= KEPT_BYTES || oldest === index) break;
        drop(oldest);
      }
    },
  };
}
