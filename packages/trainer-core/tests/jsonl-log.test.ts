import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consume, fit, jsonlLogger, profileTable } from '../src/index.js';
import type { FitOptions, JsonlOptions, TrainEvent } from '../src/index.js';
import { useCpuBackend, useTemporaryFolder } from './setup.js';
import { createTinyTask } from './tiny-task.js';

useCpuBackend();
const temporary = useTemporaryFolder();

const options: FitOptions = {
  ...{ epochs: 2, batchSize: 8, seed: 1, resume: true, checkpointEvery: { seconds: 1e-9 } },
  optimizer: { kind: 'sgd', learningRate: 0.1 },
};

async function train(folder: string, events = Infinity) {
  const task = createTinyTask();
  const log = jsonlLogger(join(folder, 'log', 'steps.jsonl'), { kinds: ['batch', 'epoch'] });
  let seen = 0;
  for await (const event of fit(task, { ...options, runFolder: folder })) {
    await log(event);
    if (++seen >= events) break;
  }
  task.dispose();
  const lines = readFileSync(join(folder, 'log', 'steps.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const event = JSON.parse(line) as { kind: string; step?: number; loss?: number };
    return [event.kind, event.step ?? 0, event.loss ?? 0] as const;
  });
}

it('keeps a line per event, and after a resume those of the checkpoint', async () => {
  const whole = await train(join(temporary(), 'whole'));
  expect(whole.map(([kind]) => kind)).toEqual([
    ...['batch', 'batch', 'batch', 'epoch'],
    ...['batch', 'batch', 'batch', 'epoch'],
  ]);
  const folder = join(temporary(), 'killed');
  // Killed when a step was told and not yet in the checkpoint; the last line is cut short.
  await train(folder, 4);
  appendFileSync(join(folder, 'log', 'steps.jsonl'), '{"kind":"ba');
  expect(await train(folder)).toEqual(whole);
});

it('drops what happens again, whatever kinds are kept and however long the file is', async () => {
  const path = join(temporary(), 'log.jsonl');
  const start = (step: number): TrainEvent => ({
    ...{ kind: 'start', epochs: 9, stepsPerEpoch: 2, step, trainableValues: 1, history: [] },
  });
  const batch = (step: number): TrainEvent => ({
    ...{ kind: 'batch', epoch: 1, batch: 1, step, loss: 1, gradientNorm: 1, learningRate: 1 },
    ...{ batchSize: 1, seconds: 1, dataSeconds: 0 },
  });
  const lowered = (epoch: number): TrainEvent => ({ kind: 'lr', epoch, from: 1, to: 1 / epoch });
  const run = async (from: number, kinds: JsonlOptions['kinds']) => {
    const log = jsonlLogger(path, kinds ? { kinds } : {});
    await log(start(from));
    for (let step = from + 1; step <= 1000; step++) {
      await log(batch(step));
      if (step % 2 === 0) await log(lowered(step / 2));
    }
    return readFileSync(path, 'utf8');
  };
  const lines = await run(0, ['lr']);
  expect(JSON.parse(lines.split('\n')[2] ?? '')).toMatchObject({ epoch: 3, step: 6 });
  expect(await run(6, ['lr'])).toBe(lines);
  expect(await run(0, ['lr'])).toBe(lines);
  await jsonlLogger(path)(start(0));
  await jsonlLogger(path)(start(0));
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1);
  // Longer than what is read in one piece.
  const all = await run(0, ['lr', 'batch']);
  expect(all.length).toBeGreaterThan(65_536);
  expect(await run(999, ['lr', 'batch'])).toBe(all);
  appendFileSync(path, '\u00e9{"step":');
  expect(await run(1000, ['lr', 'batch'])).toBe(all);
});

it('writes NaN as text', async () => {
  const path = join(temporary(), 'log.jsonl');
  await jsonlLogger(path)({ kind: 'lr', epoch: 1, from: NaN, to: 1 });
  expect(readFileSync(path, 'utf8')).toBe('{"kind":"lr","epoch":1,"from":"NaN","to":1,"step":0}\n');
});

it('says where the time went', async () => {
  const task = createTinyTask();
  const { time, seconds } = await consume(fit(task, { ...options, resume: false }));
  task.dispose();
  expect(time.step).toBeGreaterThan(0);
  expect(seconds).toBeGreaterThan(time.step);
  const table = profileTable(
    { data: 1, step: 6, validation: 2, checkpoint: 0, callbacks: 0.5 },
    10,
  );
  expect(table.split('\n')).toEqual([
    'waiting for batches        1.0 s  10.0 %',
    'training steps             6.0 s  60.0 %',
    'validation                 2.0 s  20.0 %',
    'checkpoints                0.0 s   0.0 %',
    'logs and pictures          0.5 s   5.0 %',
    'other                      0.5 s   5.0 %',
  ]);
});
