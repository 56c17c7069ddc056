import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOfDrag, faultOf, outlineOf, turnBetween, widthOf } from '../../page/src/box.js';

describe('boxOfDrag', () => {
  it('takes the way that the pointer took', () => {
    expect(boxOfDrag([10, 70], [40, 80], 30)).toEqual({ west: 10, east: 40, south: 70, north: 80 });
    expect(boxOfDrag([10, 70], [40, 80], -330)).toEqual({
      west: 40,
      east: 10,
      south: 70,
      north: 80,
    });
  });

  it('crosses the dateline', () => {
    const box = boxOfDrag([170, 75], [-160, 65], 30);
    expect(box).toEqual({ west: 170, east: -160, south: 65, north: 75 });
    expect(widthOf(box)).toBe(30);
  });

  it('takes all longitudes after a whole turn', () => {
    expect(boxOfDrag([10, 60], [10, 85], 365)).toEqual({
      west: -180,
      east: 180,
      south: 60,
      north: 85,
    });
  });

  it('ends at 180 rather than begins at -180', () => {
    expect(boxOfDrag([150, 60], [180, 85], 30)).toEqual({
      west: 150,
      east: 180,
      south: 60,
      north: 85,
    });
  });

  it('gives boxes of the width of the turn', () => {
    const degrees = fc.integer({ min: -180, max: 179 });
    fc.assert(
      fc.property(degrees, fc.integer({ min: -350, max: 350 }), (from, turn) => {
        fc.pre(turn !== 0);
        const box = boxOfDrag([from, 60], [0, 80], turn);
        expect(faultOf(box)).toBeNull();
        expect(widthOf(box)).toBeCloseTo(Math.abs(turn), 6);
      }),
    );
  });
});

it('turns the short way', () => {
  expect(turnBetween(170, -170)).toBe(20);
  expect(turnBetween(-170, 170)).toBe(-20);
});

it.each([
  [{ west: 0, east: 10, south: 80, north: 70 }, /southern edge below/],
  [{ west: 10, east: 10, south: 60, north: 70 }, /some width/],
  [{ west: NaN, east: 10, south: 60, north: 70 }, /all four edges/],
  [{ west: 0, east: 190, south: 60, north: 70 }, /-180 to 180/],
  [{ west: 0, east: 10, south: 60, north: 91 }, /-90 to 90/],
])('tells what is wrong with %j', (box, fault) => {
  expect(faultOf(box)).toMatch(fault);
});

it('goes round the box and comes back', () => {
  const ring = outlineOf({ west: 170, east: -170, south: 60, north: 70 });
  expect(ring[0]).toEqual(ring.at(-1));
  expect(Math.max(...ring.map(([longitude]) => longitude))).toBe(190);
});
