import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readImage } from '@arctic/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findNativeBackend } from '../../../tools/native-backend.js';
import { listFiles, runCli } from './run-cli.js';

const native = await findNativeBackend();

let out = '';
const at = (...parts: string[]) => join(out, ...parts);
const read = (...parts: string[]) => JSON.parse(readFileSync(at(...parts), 'utf8')) as never;

async function app(...args: string[]) {
  const result = await runCli([...args, '--out', out]);
  expect(result.code, `${result.out}\n${result.err}`).toBe(0);
  return result;
}

const title = native.name ? 'native' : `native (not here: ${native.reason})`;
describe.skipIf(!native.name)(
  `round a training on the ${title} backend`,
  { timeout: 240_000 },
  () => {
    const smoke = ['--profile', 'smoke', '--samples', '10', '--model', 'classifier'];
    beforeAll(() => {
      out = mkdtempSync(join(tmpdir(), 'search-'));
    });
    afterAll(() => {
      rmSync(out, { recursive: true, force: true });
    });

    it('finds a learning rate, makes the data for it and leaves no run behind', async () => {
      const result = await app('find-lr', ...smoke, '--steps', '40', '--name', 'lr');
      expect(result.out).toMatch(/^classifier: .*rate/);
      const found: { points: { learningRate: number }[] } = read(
        'runs/lr/classifier/learning-rate.json',
      );
      expect(found.points[0]?.learningRate).toBeCloseTo(1e-7, 12);
      expect(found.points.length).toBeGreaterThan(10);
      const { width } = await readImage(at('runs/lr/classifier/learning-rate.png'));
      expect(width).toBeGreaterThan(600);
      expect(readFileSync(at('runs/lr/classifier/learning-rate.svg'), 'utf8')).toContain('<svg');
      expect(existsSync(at('runs/lr/config.json'))).toBe(false);
    });

    it('notes the circumstances of a training, and compares two', async () => {
      await app('train', ...smoke, '--name', 'a');
      await app('train', ...smoke, '--name', 'b');
      await app('train', ...smoke, '--name', 'c', '--seed', '8', '--epochs', '1');
      const same = (await app('compare', 'a', 'b')).out;
      expect(same).toContain('settings\n  the same');
      expect(same).toContain('environment\n  the same');
      expect(same).toContain('data\n  the same');
      expect(same).toContain('metrics.csv: the same');
      expect(same).toContain('best weights: the same');
      const other = (await app('compare', 'a', 'c')).out;
      expect(other).toMatch(/seed +7 +8/);
      expect(other).toContain('metrics.csv: differs from epoch 1 on');
      expect(other).toContain('best weights: different');
    });

    it('searches, killed on the way and resumed, as if nothing had been', async () => {
      writeFileSync(
        at('space.json'),
        JSON.stringify({
          learningRate: { kind: 'choice', values: [1e-3, 1e-2, 1e-4] },
          labelSmoothing: { kind: 'uniform', low: 0, high: 0.2 },
        }),
      );
      const plan = ['--space', at('space.json'), '--trials', '3', '--epochs', '3', '--jobs', '2'];
      await app('search', ...smoke, ...plan, '--name', 'whole');
      const killed = await runCli(
        ['search', ...smoke, ...plan, '--name', 'killed', '--out', out],
        'trial 1: val_loss',
      );
      expect(killed.code).toBeNull();
      const resumed = await app('search', '--resume', '--name', 'killed');
      expect(resumed.err).toMatch(/; [1-3] of them done/);
      const scores = (name: string) => {
        const { trials }: { trials: { trial: number; score: number; budget: number }[] } = read(
          'searches',
          name,
          'result.json',
        );
        return trials.map(({ trial, score, budget }) => ({ trial, score, budget }));
      };
      expect(scores('killed')).toEqual(scores('whole'));
      expect(scores('whole').map(({ budget }) => budget)).toEqual([3, 1, 1]);
      expect(resumed.out).toMatch(/^rank +trial +learningRate +labelSmoothing +budget +val_loss/);
      for (const file of ['trials.csv', 'search.svg', 'journal.jsonl', 'search.json'])
        expect(existsSync(at('searches/killed', file)), file).toBe(true);
      expect((await readImage(at('searches/killed/search.png'))).width).toBeGreaterThan(900);
      const best: { classifier: { labelSmoothing: number } } = read('searches/killed/best.json');
      expect(best.classifier.labelSmoothing).not.toBe(0.05);
      await app('train', '--config', at('searches/killed/best.json'), '--name', 'best');
    });

    it.each([
      [['--name', 'whole'], /--name whole: expected a new name, or --resume/],
      [['--name', 'none', '--resume'], /--name none: expected a search with .*Received: nothing/],
      [
        ['--name', 'whole', '--resume', '--epochs', '9'],
        /Expected the maxBudget .* began, 3. Received: 9/,
      ],
      [['--only', 'classifier,siamese'], /search: expected one model/],
      [['--space', 'none.json'], /--space .*none.json: expected a readable JSON file/],
      [['--space', 'data.json'], /--space, inputSize: expected settings that leave data/],
      [['--space', 'wrong.json'], /classifier.preset: .*Received: "huge"/],
    ])(
      'answers search %j with one sentence and leaves everything as it was',
      async (args, message) => {
        writeFileSync(at('data.json'), '{"inputSize":{"kind":"int","low":16,"high":32}}');
        writeFileSync(at('wrong.json'), '{"preset":{"kind":"choice","values":["huge"]}}');
        const before = listFiles(at('searches'));
        const given = args.map((value) => (value.endsWith('.json') ? at(value) : value));
        const model = args.includes('--only') || args.includes('--resume') ? [] : smoke;
        const { code, err } = await runCli(['search', ...model, ...given, '--out', out]);
        expect(code, err).toBe(2);
        expect(err.trimEnd().split('\n').at(-1)).toMatch(message);
        expect(listFiles(at('searches'))).toEqual(before);
      },
    );
  },
);
