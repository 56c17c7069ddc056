import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  OptionsError,
  search,
  type SearchEvent,
  type SearchOptions,
  type SearchResult,
  type TrialRunner,
} from '../../src/index.js';
import { useTemporaryFolder } from '../setup.js';

const temporary = useTemporaryFolder();

/** Score (x − 3)² + 1 / epoch; a job begins where the one before it ended. */
const run: TrialRunner = (job, { report }) => {
  for (let epoch = 1; epoch <= job.budget; epoch++)
    report({
      budget: epoch,
      scores: { val_loss: (Number(job.settings['x']) - 3) ** 2 + 1 / epoch },
    });
  return Promise.resolve('done');
};

function options(changed: Partial<SearchOptions> = {}): SearchOptions {
  return {
    space: { x: { kind: 'uniform', low: 0, high: 10 } },
    strategy: { kind: 'halving', trials: 9, minBudget: 1, maxBudget: 9 },
    objective: { name: 'val_loss', mode: 'min' },
    seed: 1,
    folder: temporary(),
    run,
    now: () => 0,
    ...changed,
  };
}

async function collect(events: AsyncGenerator<SearchEvent, SearchResult>) {
  const seen: SearchEvent[] = [];
  let result: SearchResult | undefined;
  for await (const event of events) {
    seen.push(event);
    if (event.kind === 'end') result = event.result;
  }
  return { seen, result: result as SearchResult };
}
const ofKind = <K extends SearchEvent['kind']>(events: readonly SearchEvent[], kind: K) =>
  events.filter((event): event is Extract<SearchEvent, { kind: K }> => event.kind === kind);

describe('search', () => {
  it('finds the best by halving and spends the budgets as planned', async () => {
    const { seen, result } = await collect(search(options()));
    expect(seen[0]).toMatchObject({ kind: 'start', found: 0, rungs: [{ trials: 9 }, {}, {}] });
    expect(ofKind(seen, 'trial').map(({ budget }) => budget)).toEqual([
      ...Array<number>(9).fill(1),
      ...Array<number>(3).fill(3),
      9,
    ]);
    const [first, second] = ofKind(seen, 'rung');
    expect(first?.promoted).toHaveLength(3);
    expect(second?.promoted).toHaveLength(1);
    const distance = (x: unknown) => Math.abs(Number(x) - 3);
    const nearest = result.trials.reduce((a, b) =>
      distance(a.settings['x']) < distance(b.settings['x']) ? a : b,
    );
    expect(result.best).toEqual(nearest);
    expect(result.best?.budget).toBe(9);
    expect(result.best?.reports).toHaveLength(9);
    expect(result.trials).toHaveLength(9);
    expect(result.reason).toBe('completed');
  });

  it('is the same with any number of trials at a time', async () => {
    const slow: TrialRunner = async (job, hooks) => {
      // Later trials end earlier.
      await new Promise((resolve) => setTimeout(resolve, 30 - 3 * job.trial));
      return run(job, hooks);
    };
    const one = await collect(search(options({ folder: join(temporary(), '1') })));
    let atOnce = 0;
    let most = 0;
    const counted: TrialRunner = async (job, hooks) => {
      most = Math.max(most, ++atOnce);
      return slow(job, hooks).finally(() => atOnce--);
    };
    const folder = join(temporary(), '4');
    const four = await collect(search(options({ folder, run: counted, concurrency: 4 })));
    expect(four.result).toEqual(one.result);
    expect(most).toBe(4);
  });

  it('takes the largest score where that is better, and the last one where that is asked for', async () => {
    const up: TrialRunner = (job, { report }) => {
      for (const [budget, f1] of [0.1, 0.9, 0.2].entries())
        report({ budget: budget + 1, scores: { f1: f1 * job.trial } });
      return Promise.resolve('done');
    };
    const strategy = { kind: 'random', trials: 3, budget: 3 } as const;
    const common = options({ run: up, strategy, objective: { name: 'f1', mode: 'max' } });
    const { result } = await collect(search(common));
    expect(result.trials.map(({ trial }) => trial)).toEqual([3, 2, 1]);
    expect(result.best?.score).toBeCloseTo(2.7);
    const objective = { name: 'f1', mode: 'max', take: 'last' } as const;
    const last = await collect(search({ ...common, objective }));
    expect(last.result.best?.score).toBeCloseTo(0.6);
  });

  it('goes on without trials that fail', async () => {
    const fragile: TrialRunner = (job, hooks) => {
      if (job.trial === 2) throw new Error('out of memory');
      if (job.trial === 3) return Promise.resolve('done');
      if (job.trial === 4) hooks.report({ budget: 1, scores: { val_loss: NaN } });
      return job.trial === 4 ? Promise.resolve('done') : run(job, hooks);
    };
    const { result } = await collect(search(options({ run: fragile })));
    const failed = result.trials.slice(-3);
    expect(failed.map(({ trial, status, score, error }) => [trial, status, score, error])).toEqual([
      [2, 'failed', null, 'out of memory'],
      [3, 'failed', null, 'Expected a finite "val_loss" among the scores. Received: no report.'],
      [4, 'failed', null, 'Expected a finite "val_loss" among the scores. Received: val_loss.'],
    ]);
    expect(result.best?.score).toBeGreaterThan(0);
    const all = await collect(
      search(
        options({ run: () => Promise.reject(new Error('no')), folder: join(temporary(), 'a') }),
      ),
    );
    expect(all.result.best).toBeNull();
    expect(all.result.trials).toHaveLength(9);
  });

  describe('its journal', () => {
    it('resumes after every job as if nothing had been', async () => {
      const whole = await collect(search(options({ folder: join(temporary(), 'whole') })));
      const folder = join(temporary(), 'broken');
      let result: SearchResult | undefined;
      let begun = 0;
      for (let call = 0; result === undefined; call++) {
        expect(call).toBeLessThan(20);
        for await (const event of search(options({ folder, resume: true }))) {
          if (event.kind === 'trial') begun++;
          if (event.kind === 'end') result = event.result;
          if (event.kind === 'outcome') break; // as a kill would, after one job
        }
      }
      expect(result).toEqual(whole.result);
      // The queue may hold the next job already when the loop is left.
      expect(begun).toBeLessThanOrEqual(13);
    });

    it('does the job that a crash cut short once more, and resumes its trial', async () => {
      const jobs: [number, boolean][] = [];
      const noted: TrialRunner = (job, hooks) => {
        jobs.push([job.trial, job.resume]);
        return run(job, hooks);
      };
      const strategy = { kind: 'random', trials: 3, budget: 2 } as const;
      const first = await collect(search(options({ strategy, run: noted })));
      const path = join(temporary(), 'journal.jsonl');
      const text = readFileSync(path, 'utf8');
      truncateSync(path, text.length - 20); // the outcome of trial 3 is not whole
      jobs.length = 0;
      const second = await collect(search(options({ strategy, run: noted, resume: true })));
      expect(jobs).toEqual([[3, true]]);
      expect(second.seen[0]).toMatchObject({ kind: 'start', found: 2 });
      expect(second.result).toEqual(first.result);
      expect(
        readFileSync(path, 'utf8')
          .trimEnd()
          .split('\n')
          .map((l) => JSON.parse(l) as unknown),
      ).toHaveLength(8);
    });

    it('keeps scores that are not finite', async () => {
      const strategy = { kind: 'random', trials: 1, budget: 1 } as const;
      const odd: TrialRunner = (_, { report }) => {
        report({ budget: 1, scores: { val_loss: 1, f1: NaN } });
        return Promise.resolve('done');
      };
      const first = await collect(search(options({ strategy, run: odd })));
      const second = await collect(search(options({ strategy, run: odd, resume: true })));
      expect(second.result).toEqual(first.result);
      expect(second.result.best?.reports[0]?.scores['f1']).toBeNaN();
    });

    it('takes more trials, and failed ones again where that is asked for', async () => {
      let healthy = false;
      const jobs: number[] = [];
      const ill: TrialRunner = (job, hooks) => {
        jobs.push(job.trial);
        if (job.trial === 1 && !healthy) throw new Error('disk full');
        return run(job, hooks);
      };
      const strategy = (trials: number) => ({ kind: 'random', trials, budget: 2 }) as const;
      await collect(search(options({ strategy: strategy(2), run: ill })));
      healthy = true;
      const common = { strategy: strategy(3), run: ill, resume: true };
      const more = await collect(search(options(common)));
      expect(more.result.trials.map(({ status }) => status)).toEqual(['done', 'done', 'failed']);
      const mended = await collect(search(options({ ...common, retryFailed: true })));
      expect(mended.result.trials.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
      expect(jobs).toEqual([1, 2, 3, 1]);
    });

    it('is that of one search', async () => {
      await collect(search(options({ context: { preset: 'tiny' } })));
      const other = (changed: Partial<SearchOptions>) =>
        collect(search(options({ context: { preset: 'tiny' }, resume: true, ...changed })));
      await expect(other({ seed: 2 })).rejects.toThrow(
        /Expected the seed .*, 1. Received: 2. Start/,
      );
      await expect(other({ context: {} })).rejects.toThrow(OptionsError);
      await expect(other({ strategy: { kind: 'random', trials: 9, budget: 4 } })).rejects.toThrow(
        'Expected the maxBudget',
      );
      // Begun anew, the old one is kept aside.
      await collect(search(options({ seed: 2 })));
      expect(existsSync(join(temporary(), 'journal.jsonl.old'))).toBe(true);
    });

    it('ends the search where it cannot be written, and trials under way', async () => {
      const folder = join(temporary(), 'gone');
      const removing: TrialRunner = async (job, hooks) => {
        rmSync(folder, { recursive: true, force: true });
        return run(job, hooks);
      };
      await expect(
        collect(search(options({ folder, run: removing, concurrency: 2 }))),
      ).rejects.toThrow('ENOENT');
    });

    it('says which line is damaged', async () => {
      writeFileSync(join(temporary(), 'journal.jsonl'), '{"kind":"search"}\nx\n{}\n');
      await expect(collect(search(options({ resume: true })))).rejects.toThrow(
        /Expected line 2 of .*journal.jsonl to be JSON. Received: x/,
      );
    });
  });

  it('stops when it is told to, and goes on from there', async () => {
    const controller = new AbortController();
    let jobs = 0;
    const patient: TrialRunner = async (job, hooks) => {
      if (++jobs < 3) return run(job, hooks);
      controller.abort();
      return hooks.signal.aborted ? 'stopped' : 'done';
    };
    const { result } = await collect(search(options({ run: patient, signal: controller.signal })));
    expect(result.reason).toBe('aborted');
    expect(result.trials).toHaveLength(2);
    const { result: whole } = await collect(search(options({ resume: true })));
    expect(whole.trials).toHaveLength(9);
    expect(whole.reason).toBe('completed');
  });

  it('stops the trials under way when the loop is left', async () => {
    let told = false;
    const endless: TrialRunner = (_, { signal, report }) =>
      new Promise((resolve) => {
        report({ budget: 1, scores: {} });
        signal.addEventListener('abort', () => {
          told = true;
          resolve('stopped');
        });
      });
    for await (const event of search(options({ run: endless }))) if (event.kind === 'report') break;
    expect(told).toBe(true);
  });

  it('refuses impossible options before anything is written', async () => {
    const folder = join(temporary(), 'none');
    for (const wrong of [{ concurrency: 0 }, { space: {} }] as const)
      await expect(collect(search(options({ ...wrong, folder })))).rejects.toThrow(OptionsError);
    expect(existsSync(folder)).toBe(false);
  });
});
