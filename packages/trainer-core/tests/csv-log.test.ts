import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { csvLogger, type MetricsRow, type TrainEvent } from '../src/index.js';
import { useTemporaryFolder } from './setup.js';

const temporary = useTemporaryFolder();

const row = (epoch: number, scores: Record<string, number>): MetricsRow => ({
  epoch,
  step: epoch * 10,
  learning_rate: 0.01,
  train_loss: 0.5,
  gradient_norm: 1,
  ...scores,
});
const start = (history: MetricsRow[]): TrainEvent => ({
  kind: 'start',
  epochs: 3,
  stepsPerEpoch: 10,
  step: history.length * 10,
  trainableValues: 1,
  history,
});
const epoch = (metrics: MetricsRow): TrainEvent => ({
  kind: 'epoch',
  epoch: metrics.epoch,
  metrics,
  seconds: 1,
  time: { data: 0, step: 1, validation: 0, checkpoint: 0, callbacks: 0 },
});

it('has a row per epoch, a column per metric, and is never cut short', async () => {
  const path = join(temporary(), 'run', 'metrics.csv');
  const log = csvLogger(path);
  await log(start([]));
  await log(epoch(row(1, { val_loss: 0.25, 'f1, macro': NaN })));
  await log(epoch(row(2, { val_loss: 0.125, extra: 3 })));
  expect(readFileSync(path, 'utf8')).toBe(
    'epoch,step,learning_rate,train_loss,gradient_norm,val_loss,"f1, macro",extra\n' +
      '1,10,0.01,0.5,1,0.25,,\n' +
      '2,20,0.01,0.5,1,0.125,,3\n',
  );
  expect(readdirSync(join(path, '..'))).toEqual(['metrics.csv']);
});

it('drops rows that are not in the checkpoint a run goes on from', async () => {
  const path = join(temporary(), 'metrics.csv');
  const log = csvLogger(path);
  await log(start([]));
  for (const n of [1, 2, 3]) await log(epoch(row(n, {})));
  await csvLogger(path)(start([row(1, {})]));
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2);
  await csvLogger(path)(start([]));
  expect(existsSync(path)).toBe(false);
});
