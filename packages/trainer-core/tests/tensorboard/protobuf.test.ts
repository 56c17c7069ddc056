import { expect, it } from 'vitest';
import {
  bytesField,
  floatField,
  doubleField,
  doublesField,
  join,
  textField,
  wholeField,
} from '../../src/tensorboard/protobuf.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// From the description of the encoding: field 1 = 150, field 2 = "testing", a message in field 3.
it('encodes the examples of the format description', () => {
  expect(hex(wholeField(1, 150))).toBe('089601');
  expect(hex(textField(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(bytesField(3, wholeField(1, 150)))).toBe('1a03089601');
});

it.each([
  [1, '0801'],
  [127, '087f'],
  [128, '088001'],
  [2 ** 31, '088080808008'],
  [2 ** 32 + 1, '088180808010'],
  [Number.MAX_SAFE_INTEGER, '08ffffffffffffff0f'],
])('encodes the whole number %d', (value, expected) => {
  expect(hex(wholeField(1, value))).toBe(expected);
});

it('encodes numbers with a point, little-endian', () => {
  expect(hex(doubleField(1, 1))).toBe('09000000000000f03f');
  expect(hex(floatField(2, 1))).toBe('150000803f');
  expect(hex(doublesField(6, [1, -2]))).toBe('3210000000000000f03f00000000000000c0');
});

it('leaves zeros away, but not those that mean something', () => {
  const nothing = [wholeField(1, 0), doubleField(1, 0)];
  expect(hex(join([...nothing, doublesField(1, [])]))).toBe('');
  expect(hex(floatField(2, 0))).toBe('1500000000');
  expect(hex(doubleField(1, -0))).toBe('090000000000000080');
  expect(hex(bytesField(5, join([])))).toBe('2a00');
});
