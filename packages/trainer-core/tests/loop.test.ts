import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  alone,
  consume,
  fit,
  loadWeights,
  NonFiniteError,
  type FitOptions,
  type TrainEvent,
  type ValidationRequest,
} from '../src/index.js';
import { readTensorFolder } from '../src/tensor-folder.js';
import { useCpuBackend, useTemporaryFolder } from './setup.js';
import { createTinyTask, type TinyTask } from './tiny-task.js';

useCpuBackend();
const temporary = useTemporaryFolder();

const options: FitOptions = {
  epochs: 2,
  batchSize: 8,
  seed: 1,
  optimizer: { kind: 'adamw', learningRate: 0.05 },
};

/** Trains a fresh task; what it was shown, what it told and how it ended. */
async function run(
  changed: Partial<FitOptions> = {},
  change: (task: TinyTask) => TinyTask = (t) => t,
) {
  const task = change(createTinyTask());
  const events: TrainEvent[] = [];
  try {
    const result = await consume(fit(task, { ...options, ...changed }), (e) => void events.push(e));
    return { result, events, weights: task.weights(), seen: task.seen };
  } finally {
    task.dispose();
  }
}

function ofKind<K extends TrainEvent['kind']>(events: readonly TrainEvent[], kind: K) {
  return events.filter((event): event is Extract<TrainEvent, { kind: K }> => event.kind === kind);
}

/** Without the running statistic, which parts of a batch change one after the other. */
const trained = (weights: readonly number[]) => weights.slice(0, 31);

/** A loss per sample, so that parts of a batch add up: the tiny task's own takes statistics of its batch. */
const withoutNorm = (task: TinyTask): TinyTask => ({
  ...task,
  loss: ({ x, y }) => {
    const [filter, weight, bias] = task.parameters.map((p) => p.variable) as [
      tf.Variable<tf.Rank.R4>,
      tf.Variable<tf.Rank.R2>,
      tf.Variable,
    ];
    const features = tf.mean(tf.square(tf.conv2d(x, filter, 1, 'valid')), [1, 2]) as tf.Tensor2D;
    const z = tf.squeeze(tf.add(tf.matMul(features, weight), bias), [1]);
    return tf.losses.sigmoidCrossEntropy(y, z) as tf.Scalar;
  },
});

describe('accumulate', () => {
  it('takes the steps of the whole batches, in parts', async () => {
    const whole = await run({}, withoutNorm);
    const parts = await run({ accumulate: 3 }, withoutNorm);
    expect(parts.seen.map((batch) => batch.length)).toEqual(
      [8, 8, 4, 8, 8, 4].flatMap((n) => (n === 8 ? [2, 3, 3] : [1, 1, 2])),
    );
    expect(parts.seen.flat()).toEqual(whole.seen.flat());
    const losses = (events: readonly TrainEvent[]) => ofKind(events, 'batch').map((b) => b.loss);
    losses(whole.events).forEach((loss, i) => {
      expect(losses(parts.events)[i]).toBeCloseTo(loss, 5);
    });
    trained(whole.weights).forEach((w, i) => expect(parts.weights[i]).toBeCloseTo(w, 4));
  });

  it('weighs the parts by lossWeight', async () => {
    // All weight on the samples of the first part.
    const heavy = (task: TinyTask): TinyTask => ({
      ...withoutNorm(task),
      lossWeight: ({ x }) => (x.shape[0] === 2 ? 1 : 0),
    });
    const first = await run({ epochs: 1, stepsPerEpoch: 1, accumulate: 3 }, heavy);
    const alone = await run({ epochs: 1, stepsPerEpoch: 1, accumulate: 3 }, (task) => ({
      ...withoutNorm(task),
      lossWeight: ({ x }) => tf.scalar(x.shape[0] === 2 ? 5 : 0),
    }));
    first.weights.forEach((w, i) => expect(alone.weights[i]).toBeCloseTo(w, 6));
    const even = await run({ epochs: 1, stepsPerEpoch: 1, accumulate: 3 }, withoutNorm);
    expect(even.weights).not.toEqual(first.weights);
  });

  it('leaves out parts without samples; several processes need one for each', async () => {
    const { seen } = await run({ epochs: 1, accumulate: 5 });
    expect(seen.map((part) => part.length)).toEqual([1, 2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 1, 1, 1]);
    const communicator = { ...alone, size: 2 };
    await expect(run({ accumulate: 3, communicator })).rejects.toThrow('Received: a batch of 4');
  });
});

describe('prefetch', () => {
  it('asks ahead, by no more than it says, and changes nothing', async () => {
    const plain = await run();
    const ahead = await run({ prefetch: 2 });
    expect(ahead.weights).toEqual(plain.weights);
    expect(ahead.seen).toEqual(plain.seen);
    const task = createTinyTask();
    for await (const event of fit(task, { ...options, prefetch: 2 })) {
      if (event.kind === 'batch') expect(task.seen).toHaveLength(Math.min(event.step + 2, 6));
    }
    task.dispose();
  });

  it('disposes what was asked for and not wanted, and tells of errors in their turn', async () => {
    const task = createTinyTask();
    for await (const event of fit(task, { ...options, prefetch: 3 })) {
      if (event.kind === 'batch') break;
    }
    const failing: TinyTask = {
      ...task,
      trainBatch: (indices, rngs) => {
        if (task.seen.length === 3) throw new Error('batch 4');
        return task.trainBatch(indices, rngs);
      },
    };
    task.seen.length = 0;
    let steps = 0;
    const training = consume(fit(failing, { ...options, prefetch: 3 }), (event) => {
      if (event.kind === 'batch') steps = event.step;
    });
    await expect(training).rejects.toThrow('batch 4');
    expect(steps).toBe(3);
    task.dispose();
  });
});

describe('freeze', () => {
  it('lets parameters stand still, for some epochs or for good', async () => {
    const start = createTinyTask();
    const before = start.weights();
    start.dispose();
    const moved = (weights: readonly number[], from: number, to: number) =>
      weights.slice(from, to).some((w, i) => w !== before[from + i]);
    const still = await run({ freeze: [{ match: 'conv' }] });
    expect(moved(still.weights, 0, 27)).toBe(false);
    expect(moved(still.weights, 27, 31)).toBe(true);
    const one = await run({ epochs: 1, freeze: [{ match: /^linear/, epochs: 1 }] });
    expect(moved(one.weights, 27, 31)).toBe(false);
    const two = await run({ epochs: 2, freeze: [{ match: /^linear/, epochs: 1 }] });
    expect(moved(two.weights, 27, 31)).toBe(true);
  });

  it('refuses what fits nothing or everything', async () => {
    await expect(run({ freeze: [{ match: 'cnv' }] })).rejects.toThrow('Received: cnv');
    await expect(run({ freeze: [{ match: '' }] })).rejects.toThrow('not frozen');
  });
});

describe('short runs', () => {
  it('fastDevRun takes a step, validates on a batch and writes nothing', async () => {
    const requests: ValidationRequest[] = [];
    const runFolder = join(temporary(), 'run');
    const { result, seen } = await run({ fastDevRun: 1, runFolder }, (task) => ({
      ...task,
      validate: (request) => {
        requests.push(request);
        return task.validate(request);
      },
    }));
    expect(result).toMatchObject({ reason: 'completed', epochs: 1, steps: 1 });
    expect(seen).toHaveLength(1);
    expect(requests).toEqual([{ maxBatches: 1, rank: 0, ranks: 1 }]);
    expect(existsSync(runFolder)).toBe(false);
  });

  it('limits batches of an epoch by number and by share', async () => {
    const steps = async (limitTrainBatches: number) =>
      (await run({ epochs: 1, limitTrainBatches })).result.steps;
    expect(await steps(2)).toBe(2);
    expect(await steps(0.3)).toBe(1);
    expect(await steps(99)).toBe(3);
  });

  it('overfits the same few batches, augmented alike', async () => {
    const { seen, events } = await run({ epochs: 30, overfitBatches: 1 });
    expect(new Set(seen.map(String)).size).toBe(1);
    const losses = ofKind(events, 'batch').map((batch) => batch.loss);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
  });

  it('validates before the first step where asked to, not after a resume', async () => {
    const runFolder = join(temporary(), 'run');
    const { events } = await run({ epochs: 1, sanityValidation: 1, runFolder });
    expect(events[1]).toMatchObject({
      kind: 'sanity',
      scores: { val_accuracy: expect.any(Number) },
    });
    const resumed = await run({ sanityValidation: 1, runFolder, resume: true });
    expect(ofKind(resumed.events, 'sanity')).toEqual([]);
    const broken = run({ sanityValidation: 1 }, (task) => ({
      ...task,
      validate: () => Promise.reject(new Error('no such column')),
    }));
    await expect(broken).rejects.toThrow('no such column');
  });
});

it('keeps the k best epochs by any metric', async () => {
  const scores = [1, 5, 3, 4, 2];
  let epoch = 0;
  const runFolder = join(temporary(), 'run');
  const { events } = await run(
    {
      epochs: 5,
      runFolder,
      topK: { k: 2, monitor: { name: 'score', mode: 'max' } },
    },
    (task) => ({
      ...task,
      validate: async () => ({ val_loss: 1, score: scores[epoch++] ?? NaN }),
    }),
  );
  const kept = readdirSync(join(runFolder, 'checkpoints')).filter((name) =>
    name.startsWith('epoch'),
  );
  expect(kept).toEqual(['epoch-0002', 'epoch-0004']);
  expect(ofKind(events, 'checkpoint').flatMap((e) => (e.which === 'top' ? [e.step] : []))).toEqual([
    3, 6, 9, 12,
  ]);
  const other = createTinyTask();
  await loadWeights(join(runFolder, 'checkpoints', 'epoch-0002'), other.parameters);
  const whole = await run({ epochs: 2 });
  expect(other.weights()).toEqual(whole.weights);
  other.dispose();
});

it('saves the step whose loss is not finite: weights, batch and where the run stood', async () => {
  const runFolder = join(temporary(), 'run');
  let steps = 0;
  const error: unknown = await run({ runFolder }, (task) => ({
    ...task,
    loss: (batch) => (++steps === 5 ? tf.mul(task.loss(batch), NaN) : task.loss(batch)),
  })).catch((thrown: unknown) => thrown);
  if (!(error instanceof NonFiniteError)) throw new Error('expected a NonFiniteError');
  expect(error.folder).toBe(join(runFolder, 'nonfinite', 'step-5'));
  expect(error.message).toContain('weights and batch are in');
  const { state, tensors } = await readTensorFolder<{ indices: number[] }>(error.folder ?? '');
  expect(state).toMatchObject({ step: 5, epoch: 2, quantity: 'loss', value: 'NaN', seed: 1 });
  expect(state.indices).toEqual(error.indices);
  expect(tensors.get('batch/x')?.shape).toEqual([8, 6, 6, 1]);
  expect(tensors.get('parameters/conv.weight')?.shape).toEqual([3, 3, 1, 3]);
});

it('tells of tensors left behind, once', async () => {
  const left: tf.Tensor[] = [];
  const { events } = await run({ epochs: 4, leakGuard: 5 }, (task) => ({
    ...task,
    loss: (batch) => {
      left.push(tf.keep(tf.scalar(1)), tf.keep(tf.scalar(2)));
      return task.loss(batch);
    },
  }));
  tf.dispose(left);
  const leaks = ofKind(events, 'leak');
  expect(leaks).toHaveLength(1);
  expect(leaks[0]?.perStep).toBe(2);
  expect(ofKind((await run({ epochs: 8, leakGuard: 5, prefetch: 2 })).events, 'leak')).toEqual([]);
});

it('says where the time went', async () => {
  let clock = 0;
  const { events, result } = await run({ epochs: 1, now: () => clock }, (task) => ({
    ...task,
    trainBatch: (indices, rngs) => {
      clock += 2000;
      return task.trainBatch(indices, rngs);
    },
    validate: (request) => {
      clock += 7000;
      return task.validate(request);
    },
    loss: (batch) => {
      clock += 3000;
      return task.loss(batch);
    },
  }));
  const time = { data: 6, step: 9, validation: 7, checkpoint: 0, callbacks: 0 };
  expect(ofKind(events, 'epoch')[0]?.time).toEqual(time);
  expect(result.time).toEqual(time);
});

it('moves the momentum as a one-cycle schedule says', async () => {
  const still = { kind: 'one-cycle', momentum: { low: 0.9, high: 0.9 } } as const;
  const moving = { kind: 'one-cycle', momentum: { low: 0.5, high: 0.95 } } as const;
  const [a, b] = [await run({ schedule: still }), await run({ schedule: moving })];
  expect(a.weights).not.toEqual(b.weights);
  const refused = run({ schedule: { ...moving, riseShare: 2 } });
  await expect(refused).rejects.toThrow('schedule.riseShare');
});

it('takes rates of groups and RMSprop', async () => {
  const rmsprop = { kind: 'rmsprop', learningRate: 0.01 } as const;
  const plain = await run({ optimizer: rmsprop });
  const groups = [{ match: 'conv', learningRateScale: 0 }];
  const grouped = await run({ optimizer: { ...rmsprop, groups } });
  expect(grouped.weights.slice(0, 27)).not.toEqual(plain.weights.slice(0, 27));
  const start = createTinyTask();
  expect(grouped.weights.slice(0, 27)).toEqual(start.weights().slice(0, 27));
  start.dispose();
});
