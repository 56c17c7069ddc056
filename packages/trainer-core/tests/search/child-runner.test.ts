import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  answerTrial,
  childTrialRunner,
  search,
  type ChildRunnerOptions,
  type TrialJob,
  type TrialReport,
} from '../../src/index.js';
import { useTemporaryFolder } from '../setup.js';

const temporary = useTemporaryFolder();
const CHILD = fileURLToPath(new URL('trial-child.mjs', import.meta.url));

const job = (settings: TrialJob['settings']): TrialJob => ({
  trial: 4,
  settings: { x: 1, ...settings },
  budget: 2,
  maxBudget: 2,
  seed: 1,
  folder: join(temporary(), 'trial-004'),
  resume: false,
});

async function run(
  settings: TrialJob['settings'],
  more: Partial<ChildRunnerOptions> = {},
  signal = new AbortController().signal,
) {
  const reports: TrialReport[] = [];
  const runner = childTrialRunner({ command: process.execPath, args: [CHILD], ...more });
  const end = await runner(job(settings), { report: (r) => reports.push(r), signal });
  return { end, reports };
}

describe('childTrialRunner', () => {
  it('hands over the job and takes reports; what else is printed goes to the log', async () => {
    const log: string[] = [];
    const { end, reports } = await run(
      {},
      { onLog: (trial, line) => log.push(`${trial}: ${line}`) },
    );
    expect(end).toBe('done');
    expect(reports).toEqual([
      { budget: 1, scores: { val_loss: 5 } },
      { budget: 2, scores: { val_loss: 4.5 } },
    ]);
    expect(log.sort()).toEqual(['4: a line for people', '4: trial 4 begins']);
  });

  it.each([
    ['kill', /The process of trial 4 was killed by SIGKILL:\ntrial 4 begins/],
    ['throw', /ended with code 1:[^]*Error: out of luck/],
    ['tell', 'Expected luck. Received: none.'],
  ])('makes a failure of a process that ends badly: %s', async (mode, message) => {
    await expect(run({ mode })).rejects.toThrow(message);
  });

  it('makes a failure of a program that is not there', async () => {
    await expect(run({}, { command: join(temporary(), 'none') })).rejects.toThrow(
      'It could not be started: ',
    );
  });

  it('ends a job that takes too long', async () => {
    await expect(run({ mode: 'slow' }, { timeoutSeconds: 0.3 })).rejects.toThrow(
      'It took longer than 0.3 seconds.',
    );
  });

  it('tells a process to stop, and knows one that stopped by itself', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    expect((await run({ mode: 'slow' }, {}, controller.signal)).end).toBe('stopped');
    expect((await run({}, {}, controller.signal)).reports).toEqual([]);
    expect((await run({ mode: 'stop' })).end).toBe('stopped');
  });

  it('searches with processes of which one crashes', async () => {
    const events = search({
      space: {
        x: { kind: 'choice', values: [1, 2, 3] },
        mode: { kind: 'choice', values: ['ok', 'kill'] },
      },
      strategy: { kind: 'halving', trials: 6, minBudget: 1, maxBudget: 3 },
      objective: { name: 'val_loss', mode: 'min' },
      seed: 1,
      folder: temporary(),
      run: childTrialRunner({ command: process.execPath, args: [CHILD] }),
      concurrency: 2,
    });
    for await (const event of events) {
      if (event.kind !== 'end') continue;
      const { best, trials } = event.result;
      expect(best).toMatchObject({ settings: { x: 3, mode: 'ok' }, budget: 3, score: 1 / 3 });
      expect(trials.filter(({ status }) => status === 'failed')).toHaveLength(3);
      const calls = readFileSync(join(temporary(), `trial-00${best?.trial}.calls`), 'utf8');
      expect(calls).toBe('1 false\n3 true\n');
    }
  });
});

describe('answerTrial', () => {
  function streams(line: string) {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    stdin.write(line);
    let said = '';
    stdout.on('data', (text: Buffer) => (said += text.toString()));
    return { stdin, stdout, said: () => said };
  }

  it('takes a job, reports and returns the code of the process', async () => {
    const io = streams(`${JSON.stringify(job({}))}\n`);
    const code = await answerTrial(io, ({ settings }, { report }) => {
      report({ budget: 1, scores: { val_loss: Number(settings['x']), f1: NaN } });
      return Promise.resolve('done');
    });
    expect(code).toBe(0);
    expect(io.said()).toBe('{"kind":"report","budget":1,"scores":{"val_loss":1,"f1":null}}\n');
    const stopped = streams(`${JSON.stringify(job({}))}\n`);
    expect(await answerTrial(stopped, () => Promise.resolve('stopped'))).toBe(75);
  });

  it('tells of a failure', async () => {
    const io = streams(`${JSON.stringify(job({}))}\n`);
    expect(await answerTrial(io, () => Promise.reject(new Error('no')))).toBe(1);
    expect(io.said()).toBe('{"kind":"failed","message":"no"}\n');
    const none = streams('nonsense\n');
    expect(await answerTrial(none, () => Promise.resolve('done'))).toBe(1);
    expect(none.said()).toContain('Expected a job as one line of JSON');
  });

  it('stops when the search is gone', async () => {
    const io = streams(`${JSON.stringify(job({}))}\n`);
    setTimeout(() => io.stdin.end(), 50);
    const code = await answerTrial(
      io,
      (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve('stopped');
          });
        }),
    );
    expect(code).toBe(75);
  });
});
