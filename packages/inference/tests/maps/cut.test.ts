import { describe, expect, it } from 'vitest';
import { cut } from '../../src/maps/cut.js';

describe('cut', () => {
  it('takes a rectangle with all its channels', () => {
    const image = {
      data: Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => i),
      width: 4,
      height: 3,
      channels: 3 as const,
    };
    const piece = cut(image, { x: 1, y: 1, width: 2, height: 2 });
    expect(piece).toEqual({
      width: 2,
      height: 2,
      channels: 3,
      data: Uint8Array.of(15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32),
    });
    expect(cut(image, { x: 0, y: 0, width: 4, height: 3 })).toEqual(image);
  });
});
