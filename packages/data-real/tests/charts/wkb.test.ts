import { expect, it } from 'vitest';
import { readWkbRings, WkbError } from '../../src/charts/wkb.js';

/** Little-endian WKB: type, counts and coordinates. */
function wkb(type: number, counts: readonly number[], values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(5 + 4 * counts.length + 8 * values.length);
  bytes[0] = 1;
  bytes.writeUInt32LE(type, 1);
  counts.forEach((count, i) => bytes.writeUInt32LE(count, 5 + 4 * i));
  values.forEach((value, i) => bytes.writeDoubleLE(value, 5 + 4 * counts.length + 8 * i));
  return bytes;
}

it('takes the polygons of a collection, past the points and lines in it', () => {
  const parts = [
    wkb(1, [], [5, 6]),
    wkb(1002, [2], [0, 0, 9, 1, 1, 9]), // with z
    wkb(3, [1, 4], [0, 0, 0, 1, 1, 1, 0, 0]),
    Buffer.concat([wkb(4, [1], []), wkb(1, [], [7, 8])]),
  ];
  const collection = Buffer.concat([wkb(7, [parts.length], []), ...parts]);
  expect(readWkbRings(collection, 0).map((ring) => [...ring])).toEqual([[0, 0, 0, 1, 1, 1, 0, 0]]);
  expect(readWkbRings(parts[0] as Buffer, 0)).toEqual([]); // there is one
  expect(() => readWkbRings(wkb(8, [0], []), 0)).toThrow(WkbError); // a curve
  expect(() => readWkbRings(collection.subarray(0, 100), 0)).toThrow(WkbError);
});
