/** Unpacks LZF as h5py writes it. @throws Error on damaged data */
export function unpackLzf(packed: Uint8Array, most: number): Uint8Array {
  const out = new Uint8Array(most);
  let at = 0;
  let end = 0;
  const byte = (): number => {
    const value = packed[at++];
    if (value === undefined) throw new Error('LZF data cut off');
    return value;
  };
  while (at < packed.length) {
    const control = byte();
    if (control < 32) {
      end = copyLiterals(packed, at, control + 1, out, end);
      at += control + 1;
      continue;
    }
    let length = control >> 5;
    if (length === 7) length += byte();
    const back = ((control & 0x1f) << 8) + byte() + 1;
    end = copyBack(out, end, back, length + 2);
  }
  return out.subarray(0, end);
}

/** Unpacks the LZ4 filter: sizes, then blocks of their own. @throws Error on damaged data */
export function unpackLz4(packed: Uint8Array, most: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const total = Number(view.getBigUint64(0));
  const blockSize = view.getUint32(8);
  if (total > most || blockSize === 0) throw new Error(`LZ4 data of ${total} bytes`);
  const out = new Uint8Array(total);
  let at = 12;
  for (let start = 0; start < total; start += blockSize) {
    const wanted = Math.min(blockSize, total - start);
    const size = view.getUint32(at);
    at += 4;
    const block = packed.subarray(at, at + size);
    const target = out.subarray(start, start + wanted);
    // Blocks that did not shrink are kept as they are.
    if (size === wanted) copyLiterals(block, 0, size, target, 0);
    else unpackLz4Block(block, target);
    at += size;
  }
  return out;
}

function unpackLz4Block(packed: Uint8Array, out: Uint8Array): void {
  let at = 0;
  let end = 0;
  const byte = (): number => {
    const value = packed[at++];
    if (value === undefined) throw new Error('LZ4 data cut off');
    return value;
  };
  const more = (length: number): number => {
    let sum = length;
    if (length === 15) {
      for (let next = 255; next === 255;) sum += next = byte();
    }
    return sum;
  };
  while (at < packed.length) {
    const token = byte();
    const literals = more(token >> 4);
    end = copyLiterals(packed, at, literals, out, end);
    at += literals;
    if (at >= packed.length) break;
    const back = byte() + byte() * 256;
    end = copyBack(out, end, back, more(token & 15) + 4);
  }
  if (end !== out.length) throw new Error(`${end} of ${out.length} bytes of LZ4 data`);
}

function copyLiterals(
  from: Uint8Array,
  at: number,
  length: number,
  out: Uint8Array,
  end: number,
): number {
  if (at + length > from.length || end + length > out.length) throw new Error('data cut off');
  out.set(from.subarray(at, at + length), end);
  return end + length;
}

/** Repeats what was written `back` bytes before; it may overlap with itself. */
function copyBack(out: Uint8Array, end: number, back: number, length: number): number {
  if (back < 1 || back > end || end + length > out.length) throw new Error('a copy from outside');
  for (let i = 0; i < length; i++) out[end + i] = out[end + i - back] ?? 0;
  return end + length;
}
