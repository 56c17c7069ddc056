import { open } from 'node:fs/promises';
import type { WrittenType } from '../grid-dataset.js';
import type { StoredArray } from '../raster-file.js';
import { differencesInto, floatPrediction } from './predictor.js';
import { storedArray } from './samples.js';

/** What all sizes of the image have in common. */
export interface TileEncoding {
  readonly dtype: WrittenType;
  readonly bands: number;
  readonly tileSize: number;
  /** 1 none, 2 differences, 3 floats. */
  readonly predictor: 1 | 2 | 3;
  readonly compress: (bytes: Uint8Array) => Promise<Uint8Array>;
}

/** One size of the image: rows go in from the top, packed tiles into a temporary file. */
export interface LevelWriter {
  readonly height: number;
  readonly width: number;
  /** The temporary file: each tile with its length before it and its last four bytes after it. */
  readonly temporary: string;
  /** Bytes of each packed tile, row by row, without what stands around it. */
  readonly byteCounts: number[];
  /** Takes [rowCount, width, bands]. */
  push(rows: StoredArray, rowCount: number): Promise<void>;
  /** Packs what is left. */
  finish(): Promise<void>;
  /** Lets go of the temporary file, which stays. */
  close(): Promise<void>;
}

/** Bytes that stand around a packed tile. */
export const LEADER_BYTES = 4;
export const TRAILER_BYTES = 4;

/** Tiles that are packed at a time: as many as libuv has threads. */
const PACKED_TOGETHER = 4;

/** @param onTileRow called with every full row of tiles before it is packed; must not keep it. */
export async function levelWriter(
  temporary: string,
  height: number,
  width: number,
  encoding: TileEncoding,
  onTileRow: (rows: StoredArray, rowCount: number) => Promise<void>,
): Promise<LevelWriter> {
  const { dtype, bands, tileSize } = encoding;
  const handle = await open(temporary, 'w');
  const line = width * bands;
  const held = storedArray(dtype, Math.min(tileSize, height) * line);
  const byteCounts: number[] = [];
  let heldRows = 0;

  const writeTile = async (packed: Uint8Array): Promise<void> => {
    const framed = new Uint8Array(LEADER_BYTES + packed.length + TRAILER_BYTES);
    new DataView(framed.buffer).setUint32(0, packed.length, true);
    framed.set(packed, LEADER_BYTES);
    framed.set(packed.subarray(-TRAILER_BYTES), LEADER_BYTES + packed.length);
    for (let at = 0; at < framed.length;) {
      at += (await handle.write(framed, at, framed.length - at)).bytesWritten;
    }
    byteCounts.push(packed.length);
  };
  const flush = async (): Promise<void> => {
    const rows = held.subarray(0, heldRows * line);
    await onTileRow(rows, heldRows);
    const pending: Promise<Uint8Array>[] = [];
    try {
      for (let column = 0; column < width; column += tileSize) {
        const tile = encodeTile(rows, heldRows, width, column, encoding);
        pending.push(encoding.compress(tile));
        if (pending.length === PACKED_TOGETHER) await writeTile(await first(pending));
      }
      while (pending.length > 0) await writeTile(await first(pending));
    } finally {
      await Promise.allSettled(pending);
    }
    heldRows = 0;
  };

  return {
    height,
    width,
    temporary,
    byteCounts,
    async push(rows, rowCount) {
      for (let row = 0; row < rowCount;) {
        const count = Math.min(tileSize - heldRows, rowCount - row);
        held.set(rows.subarray(row * line, (row + count) * line), heldRows * line);
        heldRows += count;
        row += count;
        if (heldRows === tileSize) await flush();
      }
    },
    async finish() {
      if (heldRows > 0) await flush();
    },
    close: () => handle.close(),
  };
}

async function first(pending: Promise<Uint8Array>[]): Promise<Uint8Array> {
  const [oldest] = pending;
  const packed = oldest ? await oldest : new Uint8Array();
  pending.shift();
  return packed;
}

function encodeTile(
  rows: StoredArray,
  rowCount: number,
  width: number,
  column: number,
  { dtype, bands, tileSize, predictor }: TileEncoding,
): Uint8Array {
  // A whole tile always; what lies beyond the image is 0.
  const tile = storedArray(dtype, tileSize * tileSize * bands);
  const count = Math.min(tileSize, width - column) * bands;
  for (let row = 0; row < rowCount; row++) {
    const from = (row * width + column) * bands;
    tile.set(rows.subarray(from, from + count), row * tileSize * bands);
  }
  const bytes = new Uint8Array(tile.buffer);
  const size = tile.BYTES_PER_ELEMENT;
  if (predictor === 3) return floatPrediction(bytes, tileSize, bands, size);
  if (predictor === 2) differencesInto(bytes, tileSize, bands, size);
  return bytes;
}
