import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from '../../src/tensorboard/crc32c.js';
import { slowCrc32c } from './read-events.js';
import { readReference } from './reference.js';

it.each([
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
])('is that of RFC 3720 for %s', (_, data, expected) => {
  expect(crc32c(data)).toBe(expected);
});

it('is what dividing bit by bit gives', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (data) => {
      expect(crc32c(data)).toBe(slowCrc32c(data));
    }),
  );
});

it.each(readReference().maskedCrc32c)('is masked as TensorBoard masks it: $crc', ({ hex, crc }) => {
  expect(maskedCrc32c(Buffer.from(hex, 'hex'))).toBe(crc);
});
