import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signedArea, type Position } from '../../src/vector/geometry.js';
import { polygonise } from '../../src/vector/polygonise.js';
import { failure, fixture } from '../helpers.js';

interface Case {
  readonly height: number;
  readonly width: number;
  readonly transform: [number, number, number, number, number, number];
  readonly classes: readonly number[];
  readonly shapes: readonly { readonly value: number; readonly rings: Position[][] }[];
}

/** Rings from their smallest position on, so that the same outline is the same text. */
function outline(value: number, rings: readonly (readonly Position[])[]): string {
  const texts = rings.map((ring) => {
    const open = ring.slice(1).map(String);
    const first = open.indexOf(open.toSorted()[0] ?? '');
    return [...open.slice(first), ...open.slice(0, first)].join(' ');
  });
  return `${value}: ${texts[0]}; ${texts.slice(1).sort().join('; ')}`;
}

const UNIT = [0, 1, 0, 0, 0, -1] as const;

describe('polygonise', () => {
  const { cases }: { cases: Case[] } = JSON.parse(
    readFileSync(fixture('vector/shapes.json'), 'utf8'),
  );
  for (const { height, width, transform, classes, shapes } of cases) {
    it(`${height} × ${width}: the outlines of rasterio`, () => {
      const regions = polygonise(Uint8Array.from(classes), height, width, { transform });
      // GDAL's outer rings run the same way, counter-clockwise.
      expect(regions.map((one) => outline(one.value, one.geometry.coordinates)).sort()).toEqual(
        shapes.map(({ value, rings }) => outline(value, rings)).sort(),
      );
    });
  }
  it('rings wind left round the inside and have the pixels’ area, whatever the map', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 80 }),
        (width, cells) => {
          const height = Math.ceil(cells.length / width);
          const classes = Uint8Array.from({ length: height * width }, (_, i) => cells[i] ?? 0);
          const regions = polygonise(classes, height, width, { transform: UNIT });
          expect(regions.reduce((sum, one) => sum + one.cells, 0)).toBe(classes.length);
          for (const { cells: count, geometry } of regions) {
            const areas = geometry.coordinates.map(signedArea);
            expect(areas.reduce((sum, area) => sum + area, 0)).toBe(count);
            expect(areas.map(Math.sign)).toEqual(areas.map((_, i) => (i === 0 ? 1 : -1)));
            for (const ring of geometry.coordinates) {
              expect(new Set(ring.map(String)).size).toBe(ring.length - 1);
            }
          }
        },
      ),
    );
  });
  it('keeps the wanted values and what is not masked', () => {
    const classes = Uint8Array.from([0, 1, 1, 2]);
    const mask = Uint8Array.from([1, 1, 0, 1]);
    const regions = polygonise(classes, 2, 2, { transform: UNIT, values: [1], mask });
    expect(regions).toEqual([
      {
        value: 1,
        cells: 1,
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [1, 0],
              [1, -1],
              [2, -1],
              [2, 0],
              [1, 0],
            ],
          ],
        },
      },
    ]);
  });
  it('pixels that touch at a corner are two regions', () => {
    const regions = polygonise(Uint8Array.from([1, 0, 0, 1]), 2, 2, {
      transform: UNIT,
      values: [1],
    });
    expect(regions.map(({ cells }) => cells)).toEqual([1, 1]);
  });
  it('is quick on a million pixels', () => {
    const classes = Uint8Array.from({ length: 1 << 20 }, (_, i) =>
      Math.sin((i % 1024) / 9) + Math.cos(i / 9000) > 0 ? 1 : 0,
    );
    const regions = polygonise(classes, 1024, 1024, { transform: UNIT });
    expect(regions.reduce((sum, { cells }) => sum + cells, 0)).toBe(1 << 20);
  });
  it('names a mask of another size', async () => {
    const run = () =>
      polygonise(new Uint8Array(4), 2, 2, { transform: UNIT, mask: new Uint8Array(3) });
    expect(await failure(run, 'WrongShape')).toContain('mask of 2 × 2 = 4 cells. Received: 3');
  });
});
