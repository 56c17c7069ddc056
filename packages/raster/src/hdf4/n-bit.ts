import { damagedFile } from '../byte-file.js';
import { bytesPerElement } from '../make-variable.js';
import { BitReader } from './bit-reader.js';
import { numberType } from './number-type.js';

/** Which bits of each number are kept. */
export interface NBitCoding {
  /** DFNT code of the numbers. */
  readonly type: number;
  readonly signExtend: boolean;
  /** Whether the bits that are not kept are 1. */
  readonly fillOne: boolean;
  /** The highest bit kept, counted from the lowest of the number as 0. */
  readonly start: number;
  /** How many bits are kept, downwards. */
  readonly bits: number;
}

/**
 * Numbers of which only some bits are stored; big-endian, as HDF4 numbers lie in files.
 *
 * @throws RasterError `DamagedFile`
 */
export function decodeNBit(
  path: string,
  packed: Uint8Array,
  size: number,
  coding: NBitCoding,
): Uint8Array<ArrayBuffer> {
  const { type, signExtend, fillOne, start, bits } = coding;
  const bytes = bytesPerElement(numberType(path, type).dtype);
  const bottom = start - bits + 1;
  if (!(bits >= 1 && bottom >= 0 && start < 8 * bytes)) {
    throw damagedFile(path, `bits of a number of ${bytes} bytes`, `${bits} down from ${start}`);
  }
  const reader = new BitReader(path, packed);
  const out = new Uint8Array(size);
  const signByte = bytes - 1 - (start >> 3);
  const aboveSign = (0xfe << (start & 7)) & 0xff;
  for (let at = 0; at + bytes <= size; at += bytes) {
    let sign = 0;
    for (let i = 0; i < bytes; i++) {
      const lowest = 8 * (bytes - 1 - i);
      const from = Math.min(start, lowest + 7);
      const to = Math.max(bottom, lowest);
      const kept = from < to ? 0 : (1 << (from - to + 1)) - 1;
      const fill = fillOne ? 0xff & ~(kept << (to - lowest)) : 0;
      const read = kept === 0 ? 0 : reader.bits(from - to + 1) << (to - lowest);
      if (i === signByte) sign = (read >> (start & 7)) & 1;
      out[at + i] = fill | read;
    }
    if (!signExtend) continue;
    const ones = sign === 1;
    out.fill(ones ? 0xff : 0, at, at + signByte);
    const byte = out[at + signByte] ?? 0;
    out[at + signByte] = ones ? byte | aboveSign : byte & ~aboveSign;
  }
  return out;
}
