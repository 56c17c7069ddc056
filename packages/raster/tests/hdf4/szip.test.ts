import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSzip } from '../../src/hdf4/szip.js';
import { isRasterError } from '../../src/index.js';

const MSB_FIRST = 16;
const NEAREST_NEIGHBOUR = 32;
const WITH_PREAMBLE = 0x10000;

/** Bits from the highest of each byte on. */
class BitWriter {
  readonly #bits: number[] = [];

  put(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) this.#bits.push(Math.floor(value / 2 ** i) % 2);
  }

  unary(zeros: number): void {
    for (let i = 0; i < zeros; i++) this.#bits.push(0);
    this.#bits.push(1);
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, i) => (out[i >> 3] = (out[i >> 3] ?? 0) | (bit << (7 - (i & 7)))));
    return out;
  }
}

/** How a block of the encoder below is coded. */
type BlockKind = 'uncoded' | 'split' | 'pairs';

/** Codes samples of one segment per line by CCSDS 121.0-B, each block as asked for. */
function encode(
  samples: readonly number[],
  bits: number,
  block: number,
  line: number,
  kinds: readonly BlockKind[],
): Uint8Array {
  const writer = new BitWriter();
  const idBits = bits > 16 ? 5 : bits > 8 ? 4 : 3;
  const largest = 2 ** bits - 1;
  let made = 0;
  for (let at = 0; at < samples.length; at += line) {
    const segment = samples.slice(at, at + line);
    while (segment.length % block) segment.push(segment[segment.length - 1] ?? 0);
    const mapped = segment.map((value, i) => {
      const before = segment[i - 1];
      if (before === undefined) return value;
      const difference = value - before;
      const room = Math.min(before, largest - before);
      if (Math.abs(difference) <= room)
        return difference < 0 ? -2 * difference - 1 : 2 * difference;
      return room + Math.abs(difference);
    });
    for (let b = 0; b < mapped.length; b += block) {
      const cells = mapped.slice(b, b + block);
      const reference = b === 0 ? 1 : 0;
      const coded = cells.slice(reference);
      const kind = kinds[made++ % kinds.length];
      const pairs = reference ? [0, ...coded] : coded;
      const zero = coded.every((cell) => cell === 0);
      if (zero) {
        writer.put(0, idBits + 1);
        if (reference) writer.put(cells[0] ?? 0, bits);
        writer.unary(0);
      } else if (kind === 'pairs' && Math.max(...coded) < 6) {
        writer.put(1, idBits + 1);
        if (reference) writer.put(cells[0] ?? 0, bits);
        for (let i = 0; i < pairs.length; i += 2) {
          const [a = 0, c = 0] = [pairs[i], pairs[i + 1]];
          writer.unary(((a + c) * (a + c + 1)) / 2 + c);
        }
      } else if (kind === 'split' && Math.max(...coded) < 2 ** Math.min(bits, 10)) {
        const low = Math.min(bits - 3, 6);
        writer.put(low + 1, idBits);
        if (reference) writer.put(cells[0] ?? 0, bits);
        for (const cell of coded) writer.unary(Math.floor(cell / 2 ** low));
        for (const cell of coded) writer.put(cell % 2 ** low, low);
      } else {
        writer.put(2 ** idBits - 1, idBits);
        for (const cell of cells) writer.put(cell, bits);
      }
    }
  }
  return writer.bytes();
}

describe('decodeSzip', () => {
  it('undoes every kind of block', () => {
    const walk = array(integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 200 });
    const jumps = array(integer({ min: 0, max: 65535 }), { minLength: 1, maxLength: 200 });
    const kinds = array(constantFrom<BlockKind>('uncoded', 'split', 'pairs'), { minLength: 1 });
    assert(
      property(
        tuple(
          walk,
          jumps,
          kinds,
          constantFrom(4, 8, 16),
          constantFrom(8, 12, 16),
          integer({ min: 4, max: 40 }),
        ),
        ([steps, far, order, block, bits, line]) => {
          let value = 100;
          const calm = steps.map((step) => (value = Math.max(0, value + step)));
          const samples = [...calm, ...far.map((sample) => sample % 2 ** bits)];
          const packed = encode(samples, bits, block, line, order);
          const width = bits > 8 ? 2 : 1;
          const bytes = decodeSzip('x.hdf', packed, samples.length * width, {
            options: MSB_FIRST | NEAREST_NEIGHBOUR,
            bitsPerPixel: bits,
            pixelsPerBlock: block,
            pixelsPerLine: line,
          });
          const view = new DataView(bytes.buffer);
          const back = samples.map((_, i) =>
            width === 2 ? view.getUint16(2 * i) : view.getUint8(i),
          );
          expect(back).toEqual(samples);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads planes of bytes for 32-bit pixels, and data stored as they are', () => {
    const planes = [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1];
    const packed = encode(planes, 8, 4, 12, ['split']);
    const coding = {
      options: MSB_FIRST | NEAREST_NEIGHBOUR,
      bitsPerPixel: 32,
      pixelsPerBlock: 4,
      pixelsPerLine: 12,
    };
    const bytes = decodeSzip('x.hdf', packed, 12, coding);
    expect(Array.from(bytes)).toEqual([0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1]);
    const stored = Uint8Array.of(1, 0, 0, 0, 3, 7, 8, 9);
    const plain = decodeSzip('x.hdf', stored, 3, { ...coding, options: WITH_PREAMBLE });
    expect(Array.from(plain)).toEqual([7, 8, 9]);
    const preamble = Uint8Array.of(0, 0, 0, 0, packed.length, ...packed);
    expect(
      decodeSzip('x.hdf', preamble, 12, { ...coding, options: coding.options | WITH_PREAMBLE }),
    ).toEqual(bytes);
  });

  it('fills the rest of a segment with zeros', () => {
    const writer = new BitWriter();
    writer.put(0, 4);
    writer.put(9, 8);
    writer.unary(4);
    const bytes = decodeSzip('x.hdf', writer.bytes(), 40, {
      options: NEAREST_NEIGHBOUR,
      bitsPerPixel: 8,
      pixelsPerBlock: 8,
      pixelsPerLine: 40,
    });
    expect(Array.from(bytes)).toEqual(new Array(40).fill(9));
  });

  it('ends in a typed error where bits are missing or parameters make no sense', () => {
    const coding = { options: 0, bitsPerPixel: 8, pixelsPerBlock: 8, pixelsPerLine: 8 };
    const failing = (bytes: Uint8Array, more: Partial<typeof coding>) => () => {
      try {
        decodeSzip('x.hdf', bytes, 64, { ...coding, ...more });
      } catch (error) {
        return isRasterError(error) ? error._tag : error;
      }
      return 'none';
    };
    expect(failing(Uint8Array.of(1), {})()).toBe('DamagedFile');
    expect(failing(new Uint8Array(0), { pixelsPerBlock: 0 })()).toBe('DamagedFile');
    expect(failing(new Uint8Array(0), { bitsPerPixel: 40 })()).toBe('UnsupportedFormat');
  });
});
