import { expect, it } from 'vitest';
import { OptionsError } from '../../src/errors.js';
import { pngHead } from '../../src/tensorboard/png.js';
import { greyPng, readReference } from './reference.js';

it.each([
  [0, { width: 5, height: 3, channels: 1 }],
  [1, { width: 200, height: 2, channels: 3 }],
  [2, { width: 1, height: 1, channels: 4 }],
])('reads size and channels of image %d', (index, head) => {
  expect(pngHead(Buffer.from(readReference().images[index]?.png ?? '', 'hex'), 'map')).toEqual(
    head,
  );
});

it('reads bytes that lie anywhere in a buffer', () => {
  const shifted = new Uint8Array([0, 0, 0, ...greyPng()]).subarray(3);
  expect(pngHead(shifted, 'map').width).toBe(5);
});

it.each([
  ['nothing', new Uint8Array(0)],
  ['ff d8 ff e0', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
  ['00 00 00 00', new Uint8Array(100)],
])('refuses what is not a PNG: %s', (start, bytes) => {
  expect(() => pngHead(bytes, 'map')).toThrow(OptionsError);
  expect(() => pngHead(bytes, 'map')).toThrow(
    `Expected image "map" as the bytes of a PNG. Received: ${bytes.length} bytes that begin with ${start}`,
  );
});
