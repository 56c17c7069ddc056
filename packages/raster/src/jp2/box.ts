import type { ByteFile } from '../byte-file.js';
import { damagedFile } from '../byte-file.js';

/** One box of a JP2 file: where its contents lie. */
export interface Box {
  /** Four characters, such as `jp2h`. */
  readonly type: string;
  /** Offset of the contents in the file. */
  readonly start: number;
  /** Offset after the contents. */
  readonly end: number;
}

/** Boxes of a file are few; more than these is damage that would only cost time. */
const MOST_BOXES = 10_000;

/** The boxes one after another in bytes [start, end) of a file. */
export async function readBoxes(file: ByteFile, start: number, end: number): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = start; at + 8 <= end && boxes.length < MOST_BOXES;) {
    const head = viewOf(await file.read(at, Math.min(16, end - at)));
    const type = latin1(head, 4, 8);
    let length = head.getUint32(0);
    let header = 8;
    if (length === 1 && head.byteLength >= 16) {
      length = Number(head.getBigUint64(8));
      header = 16;
    } else if (length === 0) {
      length = end - at; // The last box may leave its length open.
    }
    if (length < header || at + length > end) {
      // Bytes after the codestream are none of the image's.
      if (boxes.some((box) => box.type === 'jp2c')) break;
      // A codestream cut short still has its first tiles; every other box is useless then.
      if (type !== 'jp2c' || length < header) {
        throw damagedFile(
          file.path,
          `a box ${JSON.stringify(type)} inside ${end} bytes`,
          `${length} bytes at ${at}`,
        );
      }
      length = end - at;
    }
    boxes.push({ type, start: at + header, end: at + length });
    at += length;
  }
  return boxes;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function latin1(view: DataView, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}
