import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  consume,
  fit,
  isTrainerError,
  loadWeights,
  NonFiniteError,
  type FitOptions,
  type TrainEvent,
  type TrainTask,
} from '../src/index.js';
import { useCpuBackend, useTemporaryFolder } from './setup.js';
import { createTinyTask, type TinyTask } from './tiny-task.js';

useCpuBackend();
const temporary = useTemporaryFolder();

const options: FitOptions = {
  epochs: 3,
  batchSize: 8,
  seed: 1,
  optimizer: { kind: 'adamw', learningRate: 0.05 },
};

async function withTask<R>(work: (task: TinyTask) => Promise<R>): Promise<R> {
  const task = createTinyTask();
  try {
    return await work(task);
  } finally {
    task.dispose();
  }
}

async function eventsOf(task: TinyTask, changed: Partial<FitOptions> = {}): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  await consume(fit(task, { ...options, ...changed }), (event) => void events.push(event));
  return events;
}

const kinds = (events: readonly TrainEvent[]) => events.map((event) => event.kind);
function ofKind<K extends TrainEvent['kind']>(events: readonly TrainEvent[], kind: K) {
  return events.filter((event): event is Extract<TrainEvent, { kind: K }> => event.kind === kind);
}

describe('fit', () => {
  it('tells what happens in order, with counts from 1', () =>
    withTask(async (task) => {
      const events = await eventsOf(task, { epochs: 1 });
      expect(kinds(events)).toEqual([
        'start',
        'batch',
        'batch',
        'batch',
        'epoch',
        'improved',
        'end',
      ]);
      expect(events[0]).toMatchObject({
        epochs: 1,
        stepsPerEpoch: 3,
        step: 0,
        trainableValues: 31,
      });
      expect(
        ofKind(events, 'batch').map(({ epoch, batch, step, batchSize }) => [
          epoch,
          batch,
          step,
          batchSize,
        ]),
      ).toEqual([
        [1, 1, 1, 8],
        [1, 2, 2, 8],
        [1, 3, 3, 4],
      ]);
      const batches = ofKind(events, 'batch');
      const [row] = ofKind(events, 'epoch').map((event) => event.metrics);
      const mean = batches.reduce((sum, { loss, batchSize }) => sum + loss * batchSize, 0) / 20;
      expect(row?.train_loss).toBeCloseTo(mean, 12);
      expect(Object.keys(row ?? {})).toEqual([
        'epoch',
        'step',
        'learning_rate',
        'train_loss',
        'gradient_norm',
        'val_loss',
        'val_accuracy',
      ]);
    }));

  it('learns', () =>
    withTask(async (task) => {
      const result = await consume(fit(task, { ...options, epochs: 25 }));
      expect(result).toMatchObject({
        reason: 'completed',
        epochs: 25,
        steps: 75,
        restoredBest: false,
      });
      expect(result.history.at(-1)?.val_accuracy).toBe(1);
      expect(result.best?.score).toBe(
        Math.min(...result.history.map((row) => row.val_loss ?? NaN)),
      );
    }));

  it('does the same with the same seed, and something else with another', async () => {
    const weights = async (seed: number) =>
      withTask(async (task) => {
        await eventsOf(task, { seed });
        return task.weights();
      });
    expect(await weights(1)).toEqual(await weights(1));
    expect(await weights(1)).not.toEqual(await weights(2));
  });

  it('holds no more tensors after one step than after another', () =>
    withTask(async (task) => {
      const counts = new Set<number>();
      for await (const event of fit(task, {
        ...options,
        optimizer: { kind: 'sgd', learningRate: 0.01 },
      })) {
        if (event.kind === 'batch') counts.add(tf.memory().numTensors);
      }
      expect(counts.size).toBe(1);
    }));

  it('shows every sample equally often with an epoch length of its own', () =>
    withTask(async (task) => {
      await eventsOf(task, { stepsPerEpoch: 2, epochs: 6, batchSize: 5 });
      const counts = new Map<number, number>();
      for (const index of task.seen.flat()) counts.set(index, (counts.get(index) ?? 0) + 1);
      expect(counts.size).toBe(20);
      expect(new Set(counts.values())).toEqual(new Set([3]));
    }));

  it('follows schedule and warm-up', () =>
    withTask(async (task) => {
      const events = await eventsOf(task, {
        schedule: { kind: 'step', everyEpochs: 1, factor: 0.1, warmupSteps: 3 },
      });
      const rates = ofKind(events, 'batch').map((event) => event.learningRate);
      expect(rates.map((rate) => Math.round(rate * 1e6) / 1e6)).toEqual([
        0.016667, 0.033333, 0.05, 0.05, 0.05, 0.05, 0.005, 0.005, 0.005,
      ]);
    }));

  it('lowers the rate on a plateau', () =>
    withTask(async (task) => {
      const events = await eventsOf(
        { ...task, validate: async () => ({ val_loss: 1 }) },
        {
          schedule: { kind: 'plateau', patience: 0, factor: 0.5 },
        },
      );
      expect(ofKind(events, 'lr').map(({ epoch, from, to }) => [epoch, from, to])).toEqual([
        [2, 0.05, 0.025],
        [3, 0.025, 0.0125],
      ]);
      expect(ofKind(events, 'batch').at(-1)?.learningRate).toBe(0.025);
    }));

  it('reports the gradient norm before clipping, and clips', () =>
    withTask(async (task) => {
      const before = task.weights();
      const events = await eventsOf(task, {
        epochs: 1,
        stepsPerEpoch: 1,
        optimizer: { kind: 'sgd', learningRate: 1, momentum: 0 },
        clipNorm: 1e-3,
      });
      const [batch] = ofKind(events, 'batch');
      expect(batch?.gradientNorm).toBeGreaterThan(0.01);
      const moved = task
        .weights()
        .slice(0, 31)
        .map((value, i) => value - (before[i] ?? 0));
      expect(Math.hypot(...moved)).toBeCloseTo(1e-3, 5);
    }));

  it.each(['in memory', 'in a run folder'])('stops early and restores the best, kept %s', (where) =>
    withTask(async (task) => {
      const scores = [3, 1, 2, 2, 2];
      const weights: number[][] = [];
      const judged = {
        ...task,
        validate: async () => {
          weights.push(task.weights());
          return { val_loss: scores[weights.length - 1] ?? 2 };
        },
      };
      const events = await eventsOf(judged, {
        epochs: 50,
        earlyStopping: { patience: 2 },
        ...(where === 'in a run folder' && { runFolder: temporary() }),
      });
      expect(events.at(-1)).toMatchObject({
        result: {
          reason: 'early-stopping',
          epochs: 4,
          best: { epoch: 2, score: 1 },
          restoredBest: true,
        },
      });
      expect(ofKind(events, 'stopped')[0]?.reason).toBe('early-stopping');
      expect(task.weights()).toEqual(weights[1]);
    }),
  );

  it('watches another metric, the larger the better', () =>
    withTask(async (task) => {
      let epoch = 0;
      const judged = { ...task, validate: async () => ({ score: [0.5, 0.7, 0.6][epoch++] ?? 0 }) };
      const events = await eventsOf(judged, { monitor: { name: 'score', mode: 'max' } });
      expect(
        ofKind(events, 'improved').map(({ name, score, previous }) => [name, score, previous]),
      ).toEqual([
        ['score', 0.5, null],
        ['score', 0.7, 0.5],
      ]);
    }));

  it('stops on NaN, naming step and samples, and keeps weights and checkpoints', () =>
    withTask(async (task) => {
      let weights: number[] = [];
      const poisoned: TrainTask<{ x: tf.Tensor4D; y: tf.Tensor1D }> = {
        ...task,
        loss: (batch) => {
          const loss = task.loss(batch);
          return task.seen.length === 5 ? tf.mul(loss, NaN) : loss;
        },
      };
      const runFolder = temporary();
      const run = async () => {
        for await (const event of fit(poisoned, { ...options, runFolder })) {
          if (event.kind === 'batch') weights = task.weights().slice(0, 31);
        }
      };
      const error = await run().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(NonFiniteError);
      expect(error).toMatchObject({
        _tag: 'NonFinite',
        quantity: 'loss',
        step: 5,
        epoch: 2,
        indices: task.seen[4],
      });
      expect(task.weights().slice(0, 31)).toEqual(weights);
      const [resumed] = ofKind(await eventsOf(task, { runFolder, resume: true }), 'resumed');
      expect(resumed).toMatchObject({ step: 3, epoch: 1, warning: null });
    }));

  it('stops in order when asked to or when the time is up', () =>
    withTask(async (task) => {
      const controller = new AbortController();
      const seen: TrainEvent[] = [];
      for await (const event of fit(task, {
        ...options,
        runFolder: temporary(),
        signal: controller.signal,
      })) {
        seen.push(event);
        if (event.kind === 'batch' && event.step === 4) controller.abort();
      }
      expect(kinds(seen).slice(-3)).toEqual(['checkpoint', 'stopped', 'end']);
      expect(seen.at(-1)).toMatchObject({ result: { reason: 'aborted', steps: 4, epochs: 1 } });

      let clock = 0;
      const timed = await eventsOf(task, { maxSeconds: 20, now: () => (clock += 1000) });
      expect(timed.at(-1)).toMatchObject({ result: { reason: 'time-limit' } });
      expect(ofKind(timed, 'batch').length).toBeLessThan(9);
    }));

  it('disposes everything when its events are no longer taken', () =>
    withTask(async (task) => {
      for await (const event of fit(task, options)) if (event.kind === 'batch') break;
      const failing = () => {
        throw new Error('callback');
      };
      await expect(consume(fit(task, options), failing)).rejects.toThrow('callback');
    }));

  it.each<[Partial<FitOptions>, string]>([
    [{ epochs: 0 }, 'epochs to be a whole number from 1. Received: 0.'],
    [{ batchSize: 2.5 }, 'batchSize'],
    [{ optimizer: { kind: 'sgd', learningRate: -1 } }, 'learningRate to be a number above 0'],
    [{ resume: true }, 'runFolder'],
    [{ batchSize: 32, lastBatch: 'drop' }, 'at least one full batch of 32'],
    [{ earlyStopping: { patience: 0 } }, 'patience'],
  ])('refuses %j', (changed, message) =>
    withTask(async (task) => {
      const error = await eventsOf(task, changed).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(isTrainerError(error, 'Options')).toBe(true);
      expect(String(error)).toContain(message);
    }),
  );

  it('refuses a task that does not make sense', () =>
    withTask(async (task) => {
      const [first] = task.parameters;
      if (first === undefined) throw new Error('no parameter');
      await expect(eventsOf({ ...task, parameters: [first, first] })).rejects.toThrow('unique');
      await expect(eventsOf({ ...task, parameters: [] })).rejects.toThrow('trainable parameter');
      await expect(eventsOf(task, { monitor: { name: 'val_f1', mode: 'max' } })).rejects.toThrow(
        /"val_f1".*Received: epoch, step, .*val_accuracy/,
      );
    }));
});

describe('checkpoints', () => {
  it('are written as the policy says, and an earlier run is moved aside', () =>
    withTask(async (task) => {
      const runFolder = temporary();
      const lastSteps = (events: readonly TrainEvent[]) =>
        ofKind(events, 'checkpoint').flatMap(({ which, step }) => (which === 'last' ? [step] : []));
      const every = { epochs: 2, minSeconds: 0 };
      expect(lastSteps(await eventsOf(task, { runFolder, checkpointEvery: every }))).toEqual([
        6, 9,
      ]);
      const often = { seconds: 1e-9 };
      expect(
        lastSteps(await eventsOf(task, { runFolder, epochs: 1, checkpointEvery: often })),
      ).toEqual([1, 2, 3]);
      expect(existsSync(join(runFolder, 'checkpoints.old', 'last', 'state.json'))).toBe(true);
    }));

  it('hold the weights of the best epoch, which can be loaded alone', () =>
    withTask(async (task) => {
      const runFolder = temporary();
      const events = await eventsOf(task, { runFolder, epochs: 1 });
      const best = ofKind(events, 'checkpoint').find(({ which }) => which === 'best');
      const weights = task.weights();
      await withTask(async (other) => {
        await loadWeights(best?.folder ?? '', other.parameters);
        expect(other.weights()).toEqual(weights);
      });
      const missing = loadWeights(join(runFolder, 'nothing'), task.parameters);
      await expect(missing).rejects.toThrow('Expected a complete checkpoint');
    }));
});
