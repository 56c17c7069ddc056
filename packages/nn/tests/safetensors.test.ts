import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNnError, type NamedArray, readSafetensors, writeSafetensors } from '../src/index.js';

const reference = readFileSync(new URL('./fixtures/dtypes.safetensors', import.meta.url));

describe('the Python reference file', () => {
  const { tensors, metadata } = readSafetensors(reference);
  const values = (name: string): number[] => [...(tensors.get(name)?.data ?? [])];

  test('has all names, shapes and metadata', () => {
    expect(metadata).toEqual({ format: 'pt', note: 'Grönland' });
    expect(tensors.size).toBe(13);
    expect(tensors.get('float32')?.shape).toEqual([2, 3]);
    expect(tensors.get('scalar')).toEqual({ shape: [], data: Float32Array.of(3.5) });
    expect(tensors.get('empty')).toEqual({ shape: [0, 4], data: new Float32Array(0) });
  });

  test('floats of every width become 32 bits wide', () => {
    const exact = [0, -1.5, 2.25, Math.fround(1e-3), 65504, -0.09375];
    expect(values('float32')).toEqual(exact);
    expect(values('float64')).toEqual(exact);
    expect(values('float16')).toEqual([0, -1.5, 2.25, Math.fround(0.0010004043), 65504, -0.09375]);
    expect(values('bfloat16')).toEqual([
      0,
      -1.5,
      2.25,
      Math.fround(0.00099945068),
      65536,
      -0.09375,
    ]);
    expect(values('half_extremes')).toEqual([2 ** -24, Infinity, -Infinity, NaN]);
  });

  test('whole numbers of every width become 32-bit integers', () => {
    for (const name of ['int64', 'int32', 'int16', 'int8']) {
      expect(tensors.get(name)?.data).toEqual(Int32Array.of(0, 1, -7, 100));
    }
    expect(values('uint8')).toEqual([0, 255]);
    expect(values('bool')).toEqual([1, 0, 1]);
  });
});

test('what is written is read again, at any offset in memory', () => {
  const array = fc
    .tuple(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }), fc.boolean(), fc.integer())
    .map(([shape, whole, seed]): NamedArray => {
      const length = shape.reduce((a, b) => a * b, 1);
      const data = Array.from({ length }, (_, i) => (seed % 1000) + i);
      return { shape, data: whole ? Int32Array.from(data) : Float32Array.from(data) };
    });
  const name = fc
    .string()
    .filter((s) => s !== '__metadata__' && !/^\d+$/.test(s) && s !== '__proto__');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, array)),
      fc.integer({ min: 0, max: 9 }),
      (entries, offset) => {
        const state = new Map(entries);
        const bytes = writeSafetensors(state, { a: 'ß' });
        expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
        const shifted = new Uint8Array(bytes.length + offset);
        shifted.set(bytes, offset);
        const file = readSafetensors(shifted.subarray(offset));
        expect(file.tensors).toEqual(state);
        expect(file.metadata).toEqual({ a: 'ß' });
      },
    ),
  );
});

test('damage is named', () => {
  const good = writeSafetensors(new Map([['w', { shape: [2], data: Float32Array.of(1, 2) }]]));
  const withHeader = (header: unknown, values = 8): Uint8Array => {
    const text = new TextEncoder().encode(
      typeof header === 'string' ? header : JSON.stringify(header),
    );
    const bytes = new Uint8Array(8 + text.length + values);
    new DataView(bytes.buffer).setUint32(0, text.length, true);
    bytes.set(text, 8);
    return bytes;
  };
  const entry = (change: object): unknown => ({
    w: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...change },
  });
  const damaged: [Uint8Array, string][] = [
    [good.subarray(0, 5), 'at least 8 bytes'],
    [good.subarray(0, 20), 'cut short'],
    [good.subarray(0, good.length - 1), 'which "w" needs'],
    [new Uint8Array(64).fill(255), 'at most 100 MB'],
    [withHeader('{"w":'), 'JSON'],
    [withHeader('[]'), 'JSON object'],
    [withHeader({ __metadata__: 3 }, 0), '__metadata__'],
    [withHeader({ w: 7 }), 'one of F64'],
    [withHeader(entry({ dtype: 'F8' })), 'one of F64'],
    [withHeader(entry({ shape: [-2] })), 'whole lengths'],
    [withHeader(entry({ data_offsets: [0] })), 'two offsets'],
    [withHeader(entry({ shape: [3] })), '12 bytes for "w"'],
    [withHeader(entry({}), 16), 'as the header says'],
    [
      withHeader({ w: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }).fill(127, -8),
      '32 bits',
    ],
  ];
  for (const [bytes, message] of damaged) {
    try {
      readSafetensors(bytes);
      expect.unreachable(`read in spite of: ${message}`);
    } catch (error) {
      expect(isNnError(error) && error.reason, String(error)).toBe('format');
      expect(String(error)).toContain(message);
    }
  }
});

test('an array with a wrong count of values is not written', () => {
  const state = new Map([['w', { shape: [3], data: Float32Array.of(1, 2) }]]);
  expect(() => writeSafetensors(state)).toThrow('Expected 3 values for "w". Received: 2.');
});
