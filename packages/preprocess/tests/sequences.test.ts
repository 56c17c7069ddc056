import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dayNumber } from '@arctic/raster';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProcessed, loadStats, preprocessSequences, type DateSplit } from '../src/index.js';
import { makeCube, makeFolder, makeSeries } from './dataset.js';

let root: string;
let cleanUp: () => Promise<void>;
beforeEach(async () => {
  ({ folder: root, cleanUp } = await makeFolder());
});
afterEach(() => cleanUp());

const from = dayNumber('2015-01-01');
const dates: DateSplit = { kind: 'dates', trainEnd: '2016-09-30', valEnd: '2017-03-31' };

describe('preprocessSequences', () => {
  test('writes the windows of each split beside the series', async () => {
    const input = join(root, 'sic.zarr');
    await makeSeries(input, from, 943);
    const output = join(root, 'processed');
    const { counts, stats } = await preprocessSequences({ input, output, split: dates });
    expect(counts).toEqual({ train: 603, val: 72, test: 86 });
    expect(stats).toMatchObject({ activeCells: 4, from: '2015-01-01', to: '2016-09-30' });
    const { starts, days, active, info } = await loadProcessed(output, 'convlstm', 'test');
    expect(days[starts[0] ?? -1]).toBe(dayNumber('2017-04-01'));
    expect(Array.from(active)).toEqual([0, 0, 1, 1, 1, 1]);
    expect(info).toMatchObject({
      inputSteps: 30,
      outputSteps: 7,
      gapDays: 37,
      height: 2,
      width: 3,
    });
    expect((await stat(resolve(output, 'sequences', info.cube))).isDirectory()).toBe(true);
    const split = JSON.parse(await readFile(join(output, 'split.json'), 'utf8')) as {
      convlstm: Record<string, unknown>;
    };
    expect(split.convlstm['test']).toEqual({
      from: '2017-04-01',
      to: '2017-07-31',
      windows: 86,
      firstIssueDate: '2017-04-30',
      lastIssueDate: '2017-07-24',
    });
    expect(split.convlstm['rule']).toContain('37 days between blocks are unused');
  });

  test('learns nothing from days after the training', async () => {
    const cube = makeCube(from, 943);
    const output = join(root, 'processed');
    const options = { input: join(root, 'sic.zarr'), output, split: dates };
    const clean = await preprocessSequences({ ...options, cube });
    const poisoned = { ...cube, sic: cube.sic.slice() };
    poisoned.sic.fill(1, 639 * 6);
    const other = await preprocessSequences({ ...options, cube: poisoned });
    expect(other.stats).toEqual(clean.stats);
    expect(await loadStats(output, 'convlstm')).toEqual(clean.stats);
  });

  test('thins the training windows by stride, lists days with missing swaths', async () => {
    const cube = makeCube(from, 943);
    cube.sic[100 * 6 + 3] = NaN;
    const output = join(root, 'processed');
    const { counts } = await preprocessSequences({
      input: join(root, 'sic.zarr'),
      cube,
      output,
      split: dates,
      stride: 3,
    });
    expect(counts).toEqual({ train: 201, val: 72, test: 86 });
    const { info } = await loadProcessed(output, 'convlstm', 'train');
    expect(info.missingDays).toEqual([{ date: '2015-04-11', fraction: 0.25 }]);
  });

  test('splits by fractions unless told, and refuses a series too short', async () => {
    const options = { input: join(root, 'sic.zarr'), output: join(root, 'processed') };
    const { counts } = await preprocessSequences({ ...options, cube: makeCube(from, 730) });
    expect(counts.train).toBeGreaterThan(300);
    expect(counts.val).toBeGreaterThan(50);
    const short = makeCube(from, 150);
    await expect(preprocessSequences({ ...options, cube: short })).rejects.toThrow(
      /one window of 37 days/,
    );
    await expect(preprocessSequences(options)).rejects.toThrow(/sic.zarr: expected a Zarr folder/);
    expect((await loadProcessed(options.output, 'convlstm', 'val')).starts).toHaveLength(
      counts.val,
    );
  });
});
