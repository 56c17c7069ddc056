import type { ByteFile } from '../byte-file.js';
import { damagedFile } from '../byte-file.js';
import { MARKER, type MainHeader } from './codestream.js';
import { viewOf } from './box.js';

/** One tile-part in the file: its SOT marker segment and what follows. */
export interface TilePart {
  /** Offset of the SOT marker. */
  readonly start: number;
  readonly end: number;
  /** Number of this part within its tile, and of all parts (0 where not said). */
  readonly part: number;
  readonly parts: number;
}

const SOT_BYTES = 12;

/**
 * The tile-parts of every tile, in file order, found by following their lengths. A tile whose data
 * the file does not hold whole has no entry.
 */
export async function scanTileParts(
  file: ByteFile,
  header: MainHeader,
  end: number,
): Promise<ReadonlyMap<number, readonly TilePart[]>> {
  const tiles = new Map<number, TilePart[]>();
  const cut = new Set<number>();
  const count = header.tilesAcross * header.tilesDown;
  for (let at = header.end; at + SOT_BYTES <= end;) {
    const sot = viewOf(await file.read(at, SOT_BYTES));
    if (sot.getUint16(0) !== MARKER.SOT || sot.getUint16(2) !== 10) break;
    const tile = sot.getUint16(4);
    // Only the last part may leave its length open.
    const length = sot.getUint32(6) || end - at;
    if (tile >= count || length < SOT_BYTES + 2) {
      throw damagedFile(
        file.path,
        `tile-parts of ${count} tiles`,
        `tile ${tile} of ${length} bytes at ${at}`,
      );
    }
    if (at + length > end) {
      cut.add(tile);
      break;
    }
    const part = { start: at, end: at + length, part: sot.getUint8(10), parts: sot.getUint8(11) };
    const parts = tiles.get(tile);
    if (parts) parts.push(part);
    else tiles.set(tile, [part]);
    at += length;
  }
  for (const tile of cut) tiles.delete(tile);
  return tiles;
}
