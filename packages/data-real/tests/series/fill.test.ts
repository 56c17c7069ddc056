import { readCube, writeCube, type SicCube } from '@arctic/raster';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fillInTime, fillPoleHole } from '../../src/index.js';
import { failure, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

/** A series of one row; null is missing. */
function cube(
  steps: readonly (readonly (number | null)[])[],
  parts: Partial<SicCube> = {},
): SicCube {
  const width = steps[0]?.length ?? 0;
  return {
    sic: Float32Array.from(steps.flat(), (value) => value ?? NaN),
    days: Int32Array.from(steps, (_, t) => t),
    ocean: new Uint8Array(width).fill(1),
    area: new Float32Array(width).fill(625),
    height: 1,
    width,
    grid: { name: 'row', crs: null, transform: null },
    attrs: { source: 'test', synthetic: true },
    ...parts,
  };
}

it('fills short gaps in a straight line, marks them, and leaves long ones and both ends', () => {
  const filled = fillInTime(
    cube([
      [null, 0, 0, 1],
      [0, null, null, 1],
      [null, null, null, 1],
      [0.5, 0.75, null, null],
      [1, 1, 1, null],
    ]),
    2,
  );
  const column = (i: number) => [0, 1, 2, 3, 4].map((t) => filled.sic[t * 4 + i]);
  expect(column(0)).toEqual([NaN, 0, 0.25, 0.5, 1]);
  expect(column(1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(column(2)).toEqual([0, NaN, NaN, NaN, 1]);
  expect(column(3)).toEqual([1, 1, 1, NaN, NaN]);
  expect(Array.from(filled.filled ?? [])).toEqual([
    0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  ]);
});

it('counts days, not steps, and never fills land', () => {
  const steps = [
    [0, 0],
    [null, null],
    [1, 1],
  ];
  const parts = { days: Int32Array.of(0, 1, 9), ocean: Uint8Array.of(1, 0) };
  expect(fillInTime(cube(steps, parts), 7).sic[2]).toBeNaN();
  const filled = fillInTime(cube(steps, parts), 8);
  expect(filled.sic[2]).toBeCloseTo(1 / 9);
  expect(filled.sic[3]).toBeNaN();
});

it('refuses a gap of no days', async () => {
  expect(await failure(() => fillInTime(cube([[0]]), 0), 'InvalidOption')).toContain('Received: 0');
});

it('gives the pole hole the mean of its ring, step by step', () => {
  const steps = [
    [1, 0.5, null, 0.5, 0, 0, 0],
    [null, null, null, null, null, null, 1],
  ];
  const filled = fillPoleHole(cube(steps, { poleHole: Uint8Array.of(0, 0, 1, 0, 0, 0, 0) }));
  expect(filled.sic[2]).toBeCloseTo(2 / 5); // within three cells: 1, 0.5, 0.5, 0, 0
  expect(filled.sic[9]).toBeNaN();
  expect(Array.from(filled.filled ?? []).indexOf(2)).toBe(2);
  const without = cube(steps);
  expect(fillPoleHole(without)).toBe(without);
});

it('what was filled survives the store', async () => {
  const filled = fillInTime(cube([[0], [null], [1]]), 1);
  await writeCube(join(folder, 'filled.zarr'), filled);
  const back = await readCube(join(folder, 'filled.zarr'));
  expect(back.filled).toEqual(filled.filled);
  expect(back.sic).toEqual(filled.sic);
});
