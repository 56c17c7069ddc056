import { appendFileSync, mkdirSync, readFileSync, renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consume, csvLogger, fit, type FitOptions, type TrainEvent } from '../src/index.js';
import { useCpuBackend, useTemporaryFolder } from './setup.js';
import { createTinyTask } from './tiny-task.js';

useCpuBackend();
const temporary = useTemporaryFolder();

const options: FitOptions = {
  epochs: 2,
  batchSize: 8,
  seed: 1,
  optimizer: { kind: 'adamw', learningRate: 0.05 },
  schedule: { kind: 'cosine', warmupSteps: 2 },
  clipNorm: 1,
  // A checkpoint after every step.
  checkpointEvery: { seconds: 1e-9 },
};

/** Trains in a process of its own, so to speak: a new task each time; killed after `events` events. */
async function train(runFolder: string, changed: Partial<FitOptions> = {}, events = Infinity) {
  const task = createTinyTask();
  const seen: TrainEvent[] = [];
  const log = csvLogger(join(runFolder, 'metrics.csv'));
  try {
    for await (const event of fit(task, { ...options, ...changed, runFolder })) {
      seen.push(event);
      await log(event);
      if (seen.length >= events) break;
    }
    return { weights: task.weights(), seen };
  } finally {
    task.dispose();
  }
}

describe.each<[string, Partial<FitOptions>, number[][]]>([
  ['checkpoints after every step', {}, [[3], [5, 6], [9]]],
  [
    'checkpoints after every epoch',
    { epochs: 3, checkpointEvery: { minSeconds: 0 } },
    [[1], [5, 4], [15, 8]],
  ],
  [
    'momentum and a plateau schedule',
    {
      epochs: 4,
      optimizer: { kind: 'sgd', learningRate: 0.3, nesterov: true, weightDecay: 0.01 },
      schedule: { kind: 'plateau', patience: 0, factor: 0.5, threshold: 0.3 },
      checkpointEvery: { minSeconds: 0 },
    },
    [[14, 8]],
  ],
  [
    'averages, parts of batches, batches asked for ahead and the best epochs kept',
    {
      epochs: 4,
      ema: { decay: 0.9 },
      accumulate: 2,
      prefetch: 2,
      topK: { k: 2 },
      freeze: [{ match: 'conv', epochs: 2 }],
    },
    [[5], [9, 14], [20]],
  ],
  [
    'early stopping',
    {
      epochs: 30,
      earlyStopping: { patience: 2, minDelta: 0.1 },
      checkpointEvery: { epochs: 2, minSeconds: 0 },
    },
    [[13], [18]],
  ],
])('a run with %s, killed and resumed', (_, changed, killings) => {
  it('ends with the same weights, result and metrics file', async () => {
    const whole = await train(join(temporary(), 'whole'), changed);
    const expected = whole.seen.at(-1);
    if (expected?.kind !== 'end') throw new Error('the run did not end');
    for (const kills of killings) {
      const name = `killed-${kills.join('-')}`;
      const folder = join(temporary(), name);
      for (const events of kills) {
        const { seen } = await train(folder, { ...changed, resume: true }, events);
        expect(seen).toHaveLength(events);
      }
      const { weights, seen } = await train(folder, { ...changed, resume: true });
      expect(weights).toEqual(whole.weights);
      const end = seen.at(-1);
      if (end?.kind !== 'end') throw new Error('the resumed run did not end');
      const untimed = { seconds: 0, time: null };
      expect({ ...end.result, ...untimed }).toEqual({ ...expected.result, ...untimed });
      const file = (run: string) => readFileSync(join(temporary(), run, 'metrics.csv'), 'utf8');
      expect(file(name)).toBe(file('whole'));
    }
  });
});

describe('resume', () => {
  it('starts afresh where there is no checkpoint', async () => {
    const { seen } = await train(temporary(), { resume: true, epochs: 1 });
    expect(seen.map((event) => event.kind)).not.toContain('resumed');
  });

  it('has nothing left to do after the end, and goes on when there are more epochs', async () => {
    const folder = temporary();
    const flat: Partial<FitOptions> = { schedule: { kind: 'constant' } };
    const first = await train(folder, { ...flat, epochs: 1 });
    const again = await train(folder, { ...flat, epochs: 1, resume: true });
    expect(again.seen.map((event) => event.kind)).toEqual(['start', 'resumed', 'end']);
    expect(again.weights).toEqual(first.weights);
    const more = await train(folder, { ...flat, epochs: 2, resume: true });
    expect(more.weights).toEqual((await train(join(folder, 'whole'), flat)).weights);
  });

  it('goes on after it was stopped in order', async () => {
    const folder = join(temporary(), 'stopped');
    const controller = new AbortController();
    const task = createTinyTask();
    const run = { ...options, runFolder: folder, signal: controller.signal };
    await consume(fit(task, run), (event) => {
      if (event.kind === 'batch' && event.step === 5) controller.abort();
    });
    task.dispose();
    const resumed = await train(folder, { resume: true });
    expect(resumed.weights).toEqual((await train(join(temporary(), 'whole'))).weights);
  });

  it.each([
    ['damaged', (folder: string) => truncateSync(join(folder, 'tensors.bin'), 100)],
    ['missing', (folder: string) => renameSync(folder, `${folder}.gone`)],
  ])('uses the checkpoint before one that is %s, with a word', async (_, harm) => {
    const folder = join(temporary(), 'harmed');
    await train(folder, {}, 7);
    const last = join(folder, 'checkpoints', 'last');
    harm(last);
    const { weights, seen } = await train(folder, { resume: true });
    const resumed = seen.find((event) => event.kind === 'resumed');
    expect(resumed?.kind === 'resumed' && resumed.warning).toMatch(
      /checkpoint.*Going on from the checkpoint before it\.$/,
    );
    expect(weights).toEqual((await train(join(temporary(), 'whole'))).weights);
  });

  it('ignores what a kill left half written', async () => {
    const folder = join(temporary(), 'half');
    await train(folder, {}, 9);
    const half = join(folder, 'checkpoints', 'last.tmp');
    mkdirSync(half);
    appendFileSync(join(half, 'tensors.bin'), 'half');
    const { weights } = await train(folder, { resume: true });
    expect(weights).toEqual((await train(join(temporary(), 'whole'))).weights);
  });

  it('refuses a checkpoint of other settings, and leaves weights as they are', async () => {
    const folder = temporary();
    await train(folder, { epochs: 1 });
    const resumed = (changed: Partial<FitOptions>) => train(folder, { ...changed, resume: true });
    await expect(resumed({ seed: 2 })).rejects.toThrow('a run with seed 2. Received: 1.');
    await expect(resumed({ batchSize: 4 })).rejects.toThrow('batchSize');
    await expect(resumed({ optimizer: { kind: 'sgd', learningRate: 0.1 } })).rejects.toThrow(
      'optimizer sgd. Received: adamw',
    );

    const task = createTinyTask();
    const parameters = task.parameters.map((parameter) =>
      parameter.name === 'linear.bias' ? { ...parameter, name: 'other.bias' } : parameter,
    );
    const before = task.weights();
    const other = consume(
      fit({ ...task, parameters }, { ...options, runFolder: folder, resume: true }),
    );
    await expect(other).rejects.toThrow('other.bias');
    expect(task.weights()).toEqual(before);
    task.dispose();
  });
});
