import { damagedFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { BitReader } from './bit-reader.js';
import { ByteCursor } from './byte-cursor.js';

/** Parameters of szip, the adaptive entropy coder of CCSDS 121.0-B. */
export interface SzipCoding {
  readonly options: number;
  readonly bitsPerPixel: number;
  readonly pixelsPerBlock: number;
  readonly pixelsPerLine: number;
}

const MSB_FIRST = 16;
const NEAREST_NEIGHBOUR = 32;
/** Set since HDF 4.2r1, which puts a flag and a length before the packed bits. */
const WITH_PREAMBLE = 0x10000;
/** The code for "zeros to the end of the segment". */
const REST_OF_SEGMENT = 5;

/**
 * Unpacks szip.
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export function decodeSzip(
  path: string,
  packed: Uint8Array,
  size: number,
  coding: SzipCoding,
): Uint8Array<ArrayBuffer> {
  const { options, bitsPerPixel, pixelsPerBlock, pixelsPerLine } = coding;
  let bits = packed;
  if (options & WITH_PREAMBLE) {
    const cursor = new ByteCursor(path, 'szip data', packed);
    const stored = cursor.u8() === 1;
    const length = cursor.count();
    bits = cursor.bytes(Math.min(length, cursor.left));
    if (stored) {
      if (bits.length < size) throw damagedFile(path, `${size} bytes`, String(bits.length));
      return bits.slice(0, size);
    }
  }
  const wide = bitsPerPixel === 32 || bitsPerPixel === 64;
  if (!wide && !(bitsPerPixel >= 1 && bitsPerPixel <= 24)) {
    throw new RasterError(
      'UnsupportedFormat',
      `${path}: expected szip pixels of 1 to 24, 32 or 64 bits. Received: ${bitsPerPixel}. Unpack it with hrepack -t '*:NONE'.`,
    );
  }
  if (!(pixelsPerBlock >= 2 && pixelsPerBlock <= 256 && pixelsPerLine >= 1)) {
    throw damagedFile(
      path,
      'szip blocks of 2 to 256 pixels on lines of some',
      `${pixelsPerBlock} on ${pixelsPerLine}`,
    );
  }
  // Pixels of 32 and 64 bits are coded as planes of bytes.
  const sampleBits = wide ? 8 : bitsPerPixel;
  const sampleBytes = sampleBits > 16 ? 4 : sampleBits > 8 ? 2 : 1;
  const samples = decodeSamples(new BitReader(path, bits), path, {
    count: Math.ceil(size / sampleBytes),
    sampleBits,
    pixelsPerBlock,
    pixelsPerLine,
    predicted: (options & NEAREST_NEIGHBOUR) !== 0,
  });
  if (wide) return fromPlanes(samples, size, bitsPerPixel / 8);
  return toSampleBytes(samples, size, sampleBytes, (options & MSB_FIRST) !== 0);
}

interface Segments {
  readonly count: number;
  readonly sampleBits: number;
  readonly pixelsPerBlock: number;
  readonly pixelsPerLine: number;
  /** Whether samples are differences from the one before, mapped to positive numbers. */
  readonly predicted: boolean;
}

/** One segment per line, padded to whole blocks; the padding is dropped. */
function decodeSamples(bits: BitReader, path: string, segments: Segments): Uint32Array {
  const { count, sampleBits, pixelsPerBlock, pixelsPerLine, predicted } = segments;
  const out = new Uint32Array(count);
  const blocks = Math.ceil(pixelsPerLine / pixelsPerBlock);
  const line = new Uint32Array(
    Math.min(blocks, Math.ceil(count / pixelsPerBlock)) * pixelsPerBlock,
  );
  for (let at = 0; at < count; at += pixelsPerLine) {
    const wanted = Math.min(pixelsPerLine, count - at);
    decodeSegment(bits, path, segments, blocks, line, wanted);
    if (predicted) undoPrediction(line.subarray(0, wanted), 2 ** sampleBits - 1);
    out.set(line.subarray(0, wanted), at);
  }
  return out;
}

function decodeSegment(
  bits: BitReader,
  path: string,
  { sampleBits, pixelsPerBlock, predicted }: Segments,
  blocks: number,
  line: Uint32Array,
  wanted: number,
): void {
  const idBits = sampleBits > 16 ? 5 : sampleBits > 8 ? 4 : 3;
  const uncoded = 2 ** idBits - 1;
  for (let block = 0, at = 0; at < wanted; block++) {
    const end = at + pixelsPerBlock;
    const reference = predicted && block === 0;
    const id = bits.bits(idBits);
    if (id === uncoded) {
      while (at < end) line[at++] = bits.bits(sampleBits);
      continue;
    }
    const secondExtension = id === 0 && bits.bit() === 1;
    if (reference) line[at++] = bits.bits(sampleBits);
    if (secondExtension) {
      at = decodePairs(bits, path, line, at, end);
    } else if (id === 0) {
      const code = bits.zeros() + 1;
      const run =
        code === REST_OF_SEGMENT
          ? Math.min(blocks - block, 64 - (block % 64))
          : code > REST_OF_SEGMENT
            ? code - 1
            : code;
      const to = Math.min(line.length, (block + run) * pixelsPerBlock);
      line.fill(0, at, to);
      at = to;
      block += run - 1;
    } else {
      const low = id - 1;
      for (let i = at; i < end; i++) line[i] = bits.zeros() * 2 ** low;
      for (; at < end; at++) line[at] = (line[at] ?? 0) + bits.bits(low);
    }
  }
}

/** Two small samples share a code: with sum s and second sample b it is s(s+1)/2 + b. */
function decodePairs(
  bits: BitReader,
  path: string,
  line: Uint32Array,
  start: number,
  end: number,
): number {
  let at = start;
  // Where the reference takes the first place, its partner comes alone.
  let second = at % 2 === 1;
  while (at < end) {
    const code = bits.zeros();
    if (code > 90) throw damagedFile(path, 'a szip pair code up to 90', String(code));
    const sum = Math.floor((Math.sqrt(8 * code + 1) - 1) / 2);
    const b = code - (sum * (sum + 1)) / 2;
    if (!second) line[at++] = sum - b;
    line[at++] = b;
    second = false;
  }
  return at;
}

function undoPrediction(line: Uint32Array, largest: number): void {
  let value = line[0] ?? 0;
  for (let i = 1; i < line.length; i++) {
    const mapped = line[i] ?? 0;
    const room = Math.min(value, largest - value);
    if (mapped <= 2 * room) value += mapped % 2 === 0 ? mapped / 2 : -(mapped + 1) / 2;
    else value = value <= largest / 2 ? mapped : largest - mapped;
    line[i] = value;
  }
}

function fromPlanes(samples: Uint32Array, size: number, width: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  const pixels = Math.floor(size / width);
  for (let i = 0; i < pixels; i++) {
    for (let j = 0; j < width; j++) out[i * width + j] = samples[j * pixels + i] ?? 0;
  }
  return out;
}

function toSampleBytes(
  samples: Uint32Array,
  size: number,
  width: number,
  msbFirst: boolean,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const place = i % width;
    const shift = 8 * (msbFirst ? width - 1 - place : place);
    out[i] = (samples[Math.floor(i / width)] ?? 0) >>> shift;
  }
  return out;
}
