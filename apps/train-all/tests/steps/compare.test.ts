import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compare, compareRuns, describeComparison } from '../../src/steps/compare.js';

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'compare-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

interface Run {
  readonly learningRate?: number;
  readonly losses?: readonly number[];
  readonly weights?: string;
  readonly accuracy?: number;
  readonly threads?: number;
  readonly commit?: string;
  readonly train?: string;
}

/** A run of the classifier as the app leaves it. */
function makeRun(name: string, run: Run = {}): string {
  const { learningRate = 1e-3, losses = [2, 1], weights = 'a', accuracy = 0.5, threads = 2 } = run;
  const { commit = 'c'.repeat(40), train = 't'.repeat(64) } = run;
  const folder = join(out, 'runs', name);
  const write = (path: string, value: unknown) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), typeof value === 'string' ? value : JSON.stringify(value));
  };
  write('config.json', { name, out, seed: 1, classifier: { learningRate }, siamese: { a: name } });
  const data = { classifier: { train }, siamese: { train: name } };
  const session = { at: name, versions: { node: 'v20' }, git: { commit }, backend: { threads } };
  write('environment.json', { schema: 1, sessions: [{ at: 'x' }, { ...session, data }] });
  const rows = losses.map((loss, i) => `${i + 1},${loss},${loss + 1}`);
  write('classifier/metrics.csv', `epoch,train_loss,val_loss\n${rows.join('\n')}\n`);
  write('classifier/checkpoints/best/state.json', { checksums: { tensors: weights } });
  const leads = [1, 2].map((lead) => ({ lead, n: 9, rmse: lead }));
  const test = { n: 9, accuracy, leads, confusion: [[1, 0]], perClass: [{ f1: 1 }] };
  write('classifier/test.json', { test });
  return folder;
}

describe('compareRuns', () => {
  it('finds nothing between equal runs but their names', () => {
    const { settings, environment, data, models } = compareRuns(makeRun('a'), makeRun('b'));
    expect({ settings, environment, data }).toEqual({ settings: [], environment: [], data: [] });
    expect(models.classifier).toMatchObject({ metrics: 'same', weights: 'same' });
    expect(models.classifier?.scores).toEqual([
      { name: 'epochs', left: 2, right: 2 },
      { name: 'best epoch', left: 2, right: 2 },
      { name: 'best train_loss', left: 1, right: 1 },
      { name: 'best val_loss', left: 2, right: 2 },
      { name: 'test n', left: 9, right: 9 },
      { name: 'test accuracy', left: 0.5, right: 0.5 },
      { name: 'test day 1 rmse', left: 1, right: 1 },
      { name: 'test day 2 rmse', left: 2, right: 2 },
    ]);
  });

  it('tells settings, circumstances, data, metrics and weights that differ', () => {
    const b = { learningRate: 0.1, losses: [2, 0.5, 3], weights: 'b', accuracy: 0.75 };
    const [commit, train] = ['d'.repeat(40), 'u'.repeat(64)];
    const right = makeRun('b', { ...b, threads: 4, commit, train });
    const { settings, environment, data, models } = compareRuns(makeRun('a'), right);
    expect(settings).toEqual([{ name: 'classifier.learningRate', left: 1e-3, right: 0.1 }]);
    expect(environment).toEqual([
      { name: 'git.commit', left: 'c'.repeat(40), right: commit },
      { name: 'backend.threads', left: 2, right: 4 },
    ]);
    expect(data).toEqual([{ name: 'classifier.train', left: 't'.repeat(64), right: train }]);
    const { metrics, weights, scores } = models.classifier ?? {};
    expect({ metrics, weights }).toEqual({ metrics: { firstDifference: 2 }, weights: 'different' });
    expect(scores).toContainEqual({ name: 'best val_loss', left: 2, right: 1.5 });
    expect(scores).toContainEqual({ name: 'epochs', left: 2, right: 3 });
  });

  it('does without what older or unfinished runs lack', () => {
    const [left, right] = [makeRun('a'), makeRun('b')];
    for (const path of ['environment.json', 'classifier/test.json', 'classifier/checkpoints'])
      rmSync(join(right, path), { recursive: true });
    const comparison = compareRuns(left, right);
    expect(comparison).toMatchObject({ environment: null, data: null });
    expect(comparison.models.classifier?.weights).toBeNull();
    expect(comparison.models.classifier?.scores).toContainEqual({
      name: 'test accuracy',
      left: 0.5,
      right: undefined,
    });
    expect(describeComparison(comparison).join('\n')).toContain('no record in one of the runs');
    rmSync(join(right, 'classifier'), { recursive: true });
    const lines = describeComparison(compareRuns(left, right));
    expect(lines.at(-1)).toBe('no model that both runs trained');
  });
});

describe('compare', () => {
  function printed(runs: [string, string], json = false): string {
    let text = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    try {
      compare({ runs, out, json });
    } finally {
      write.mockRestore();
    }
    return text;
  }

  it('prints tables with differences', () => {
    makeRun('a');
    makeRun('b', { accuracy: 0.75, learningRate: 0.1, threads: 3 });
    const text = printed(['a', join(out, 'runs', 'b')]);
    expect(text).toMatch(/settings\n {2}classifier.learningRate {2}0.001 {2}0.1\n/);
    expect(text).toMatch(/environment\n {2}backend.threads {2}2 {2}3\n/);
    expect(text).toMatch(/data\n {2}the same\n/);
    expect(text).toMatch(/test accuracy +0.5 +0.75 +\+0.25\n/);
    expect(text).toMatch(/best val_loss +2 +2 +=\n/);
    expect(JSON.parse(printed(['a', 'b'], true))).toMatchObject({ left: 'a', right: 'b' });
  });

  it('says what is missing', () => {
    makeRun('a');
    mkdirSync(join(out, 'runs', 'empty'));
    expect(() => printed(['a', 'none'])).toThrow(/compare none: expected a run.*nothing in/);
    expect(() => printed(['empty', 'a'])).toThrow(/compare empty: .*without one/);
  });
});
