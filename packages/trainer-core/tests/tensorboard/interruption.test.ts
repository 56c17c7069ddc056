import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  fit,
  OptionsError,
  tensorBoardLogger,
  type FitOptions,
  type TensorBoardOptions,
  type TrainEvent,
} from '../../src/index.js';
import { useCpuBackend, useTemporaryFolder } from '../setup.js';
import { createTinyTask } from '../tiny-task.js';
import { readFolder, shownIn } from './read-events.js';
import { greyPng } from './reference.js';

useCpuBackend();
const temporary = useTemporaryFolder();

const EPOCHS_ONLY: Partial<FitOptions> = { checkpointEvery: { minSeconds: 0 } };
const board = () => join(temporary(), 'board');
const starts = () => readFolder(board()).filter(({ sessionStatus }) => sessionStatus === 1);
const stepsOf = (tag: string) =>
  shownIn(board())
    .get(tag)
    ?.map(([step]) => step);

/** Three epochs of three steps, as a process of its own; killed after the step `until`. */
async function train(
  { until = Infinity, ...changed }: Partial<FitOptions> & { readonly until?: number },
  now: TensorBoardOptions['now'] = () => 1_700_000_000_250,
  histogramEpochs = 1,
) {
  const task = createTinyTask();
  const log = tensorBoardLogger({
    ...{ folder: board(), everySteps: 1, parameters: task.parameters, histogramEpochs, now },
    images: async () => ({ map: greyPng() }),
  });
  const options: FitOptions = {
    ...{ epochs: 3, batchSize: 8, seed: 1, runFolder: temporary(), ...EPOCHS_ONLY, ...changed },
    optimizer: { kind: 'adamw', learningRate: 0.05 },
  };
  for await (const event of fit(task, options)) {
    await log(event);
    if (event.kind === 'batch' && event.step === until) break;
  }
  task.dispose();
}

it('shows every value once, as a run that was not interrupted', async () => {
  // The clock goes back in between, and one kill comes while a record is written.
  await train({ until: 5 });
  await train({ resume: true, until: 8 }, () => 1_600_000_000_000);
  const [first, second = ''] = readdirSync(board());
  expect(first).toBe('events.out.tfevents.1700000000.0000.arctic');
  truncateSync(join(board(), second), readFileSync(join(board(), second)).length - 5);
  await train({ resume: true }, () => 1_650_000_000_000);
  expect(readdirSync(board())).toHaveLength(3);
  expect(starts().map(({ step }) => step)).toEqual([1, 4, 7]);
  const broken = shownIn(board());

  await train({});
  const whole = shownIn(board());
  expect(whole.get('train/loss')?.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...whole.keys()]).toEqual(
    expect.arrayContaining(['epoch/val_loss', 'parameters/conv.weight', 'map']),
  );
  expect([...broken].sort()).toEqual([...whole].sort());
});

it('has histograms after every so many epochs', async () => {
  await train({}, undefined, 2);
  expect(stepsOf('parameters/conv.weight')).toEqual([6]);
  expect(stepsOf('map')).toEqual([3, 6, 9]);
});

it('keeps the steps of a checkpoint within an epoch', async () => {
  const often = { checkpointEvery: { seconds: 1e-9 } };
  await train({ ...often, until: 5 });
  await train({ ...often, resume: true });
  expect(starts().map(({ step }) => step)).toEqual([1, 5]);
  expect(stepsOf('train/loss')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('drops the files of the run before when one begins afresh, and no others', async () => {
  const other = 'events.out.tfevents.1700000000.host.1.0';
  await train({ until: 4 });
  writeFileSync(join(board(), other), '');
  await train({});
  expect(readdirSync(board())).toEqual(['events.out.tfevents.1700000000.0001.arctic', other]);
  expect(stepsOf('train/loss')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('leaves out what was not asked for or has no value, and says what is wrong', async () => {
  const events: TrainEvent[] = [
    { ...{ kind: 'start', epochs: 1, stepsPerEpoch: 1, step: 0, trainableValues: 1, history: [] } },
    {
      ...{ kind: 'batch', epoch: 1, batch: 1, step: 1, loss: 1, gradientNorm: 1, learningRate: 1 },
      ...{ batchSize: 1, seconds: 1, dataSeconds: 0 },
    },
    {
      ...{ kind: 'epoch', epoch: 1, seconds: 1 },
      metrics: { epoch: 1, step: 1, learning_rate: 1, train_loss: 1, gradient_norm: 1, f1: NaN },
      time: { data: 0, step: 0, validation: 0, checkpoint: 0, callbacks: 0 },
    },
  ];
  const common = { folder: board(), now: () => 1_700_000_000_250 };
  const log = tensorBoardLogger({ ...common, everySteps: 0 });
  for (const event of events) await log(event);
  expect([...shownIn(board()).keys()]).toEqual(
    ['learning_rate', 'train_loss', 'gradient_norm'].map((name) => `epoch/${name}`),
  );
  const wrong = tensorBoardLogger({ ...common, images: async () => ({ map: new Uint8Array(3) }) });
  await expect(
    (async () => {
      for (const event of events) await wrong(event);
    })(),
  ).rejects.toThrow('Expected image "map" as the bytes of a PNG. Received: 3 bytes');
  expect(() => tensorBoardLogger({ ...common, everySteps: 0.5 })).toThrow(OptionsError);
  expect(() => tensorBoardLogger({ ...common, histogramEpochs: 0 })).toThrow(OptionsError);
});
