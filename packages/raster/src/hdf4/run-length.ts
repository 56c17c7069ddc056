import { damagedFile } from '../byte-file.js';

/**
 * HDF4's run lengths: a byte from 0x80 repeats the next byte, one below copies the bytes after it.
 *
 * @throws RasterError `DamagedFile` where the packed bytes end before `size`.
 */
export function decodeRunLengths(
  path: string,
  packed: Uint8Array,
  size: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let at = 0;
  for (let done = 0; done < size;) {
    const head = packed[at++];
    const run = head !== undefined && head >= 0x80;
    const length = Math.min(size - done, run ? (head & 0x7f) + 3 : (head ?? 0) + 1);
    if (head === undefined || at + (run ? 1 : length) > packed.length) {
      throw damagedFile(path, `${size} bytes of run lengths`, `${done} and no more`);
    }
    if (run) out.fill(packed[at++] ?? 0, done, done + length);
    else out.set(packed.subarray(at, (at += length)), done);
    done += length;
  }
  return out;
}
