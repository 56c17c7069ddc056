const CLEAR = 256;
const END = 257;
const LARGEST_TABLE = 4096;

/**
 * Unpacks TIFF's LZW (codes of 9 to 12 bits, highest bit first) into `length` bytes; shorter where
 * the codes end before.
 *
 * @throws Error on codes that no table has.
 */
export function unpackLzw(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  // Each code stands for an earlier piece of the output, so the table needs no strings of its own.
  const start = new Int32Array(LARGEST_TABLE);
  const size = new Int32Array(LARGEST_TABLE);
  let next = END + 1;
  let width = 9;
  let bits = 0;
  let held = 0;
  let from = 0;
  let at = 0;
  let previousAt = 0;
  let previousSize = 0;
  while (at < length) {
    while (held < width) {
      if (from >= bytes.length) return out.subarray(0, at);
      bits = ((bits << 8) | (bytes[from++] ?? 0)) & 0xff_ffff;
      held += 8;
    }
    held -= width;
    const code = (bits >> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = END + 1;
      width = 9;
      previousSize = 0;
      continue;
    }
    const here = at;
    let count: number;
    if (code < CLEAR) {
      out[at++] = code;
      count = 1;
    } else if (code < next || (code === next && previousSize > 0)) {
      const own = code === next;
      count = own ? previousSize + 1 : (size[code] ?? 0);
      const piece = own ? previousAt : (start[code] ?? 0);
      const end = Math.min(length, at + count);
      // Byte by byte: a piece may reach into what it makes.
      for (let i = piece; at < end;) out[at++] = out[i++] ?? 0;
    } else {
      throw new Error(`LZW code ${code} in a table of ${next}`);
    }
    if (previousSize > 0 && next < LARGEST_TABLE) {
      start[next] = previousAt;
      size[next] = previousSize + 1;
      next += 1;
      // Codes grow one entry early, as TIFF has it.
      if (next === 511) width = 10;
      else if (next === 1023) width = 11;
      else if (next === 2047) width = 12;
    }
    previousAt = here;
    previousSize = count;
  }
  return out.subarray(0, at);
}

/** Unpacks Apple's PackBits into `length` bytes; shorter where the runs end before. */
export function unpackPackBits(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (let from = 0; from < bytes.length && at < length;) {
    const head = bytes[from++] ?? 0;
    if (head < 128) {
      // Mostly a few bytes, for which a loop is faster than a copy of a piece.
      const end = Math.min(length, at + head + 1, at + bytes.length - from);
      while (at < end) out[at++] = bytes[from++] ?? 0;
    } else if (head > 128) {
      const end = Math.min(length, at + 257 - head);
      const value = bytes[from++] ?? 0;
      while (at < end) out[at++] = value;
    }
  }
  return out.subarray(0, at);
}
