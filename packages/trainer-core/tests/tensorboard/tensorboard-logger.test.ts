import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consume, fit, tensorBoardLogger, type TensorBoardOptions } from '../../src/index.js';
import { crc32c, maskedCrc32c } from '../../src/tensorboard/crc32c.js';
import { histogramOf } from '../../src/tensorboard/histogram.js';
import { frameRecord } from '../../src/tensorboard/record-file.js';
import { useCpuBackend, useTemporaryFolder } from '../setup.js';
import { createTinyTask } from '../tiny-task.js';
import { decode, readRecords, type Message } from './decode.js';

useCpuBackend();
const temporary = useTemporaryFolder();

const text = (value: unknown) => new TextDecoder().decode(value as Uint8Array);

/** A PNG of 2 × 3 pixels as far as anybody reads it: signature and header. */
const PNG = Uint8Array.from([
  ...[137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82],
  ...[0, 0, 0, 2, 0, 0, 0, 3, 8, 6, 0, 0, 0],
]);

async function train(folder: string, epochs: number, options: Partial<TensorBoardOptions> = {}) {
  const task = createTinyTask();
  const log = tensorBoardLogger({
    ...{ folder: join(folder, 'board'), everySteps: 2, now: () => 1_700_000_000_000 },
    ...{ parameters: task.parameters, ...options },
  });
  const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
  const run = { epochs, batchSize: 8, seed: 1, optimizer, runFolder: folder, resume: true };
  await consume(fit(task, run), log);
  task.dispose();
}

/** Every value of a folder's files: step, tag and the field that holds it. */
function valuesIn(folder: string) {
  return readdirSync(folder).map((name) =>
    readRecords(join(folder, name)).map((record) => {
      const event = decode(record);
      const values = (event.get(5) ?? []).flatMap((summary) =>
        (decode(summary as Uint8Array).get(1) ?? []).map((value) => decode(value as Uint8Array)),
      );
      return { event, step: Number(event.get(2)?.[0] ?? 0), values };
    }),
  );
}

const tags = (values: readonly Message[]) => values.map((value) => text(value.get(1)?.[0]));

it('writes scalars of steps and epochs, histograms of what is trained and pictures', async () => {
  const images = async (epoch: number) => ({ [`samples/${epoch}`]: PNG });
  await train(temporary(), 2, { images, histogramEpochs: 2 });
  const [file = []] = valuesIn(join(temporary(), 'board'));
  expect(text(file[0]?.event.get(3)?.[0])).toBe('brain.Event:2');
  expect(file[0]?.event.get(1)).toEqual([1_700_000_000]);
  expect(file.slice(2).map(({ step, values }) => [step, tags(values)[0]])).toEqual([
    [2, 'train/loss'],
    [3, 'epoch/learning_rate'],
    [4, 'train/loss'],
    [6, 'train/loss'],
    [6, 'epoch/learning_rate'],
  ]);
  const last = file.at(-1)?.values ?? [];
  expect(tags(last)).toEqual([
    ...['learning_rate', 'train_loss', 'gradient_norm', 'val_loss', 'val_accuracy'].map(
      (name) => `epoch/${name}`,
    ),
    ...['conv.weight', 'linear.weight', 'linear.bias'].map((name) => `parameters/${name}`),
    'samples/2',
  ]);
  const histogram = decode(last[5]?.get(5)?.[0] as Uint8Array);
  expect(histogram.get(3)).toEqual([27]);
  const doubles = (field: number) => {
    const bytes = (histogram.get(field)?.[0] as Uint8Array).slice();
    return [...new Float64Array(bytes.buffer)];
  };
  expect(doubles(7).reduce((a, b) => a + b)).toBe(27);
  expect(doubles(6)).toHaveLength(30);
  const image = decode(last.at(-1)?.get(4)?.[0] as Uint8Array);
  expect([image.get(1), image.get(2), image.get(4)]).toEqual([[3], [2], [PNG]]);
});

it('begins a file after a resume that voids the steps made again', async () => {
  await train(temporary(), 1);
  await train(temporary(), 2);
  const [first, second] = valuesIn(join(temporary(), 'board'));
  expect(first?.length).toBe(4);
  const restart = second?.[1];
  expect(restart?.step).toBe(4);
  expect(decode(restart?.event.get(7)?.[0] as Uint8Array).get(1)).toEqual([1]);
});

it('frames records with checksums', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc32c(bytes)).toBe(0xe3069283); // the check value of the catalogue of CRCs
  const record = frameRecord(bytes);
  const view = new DataView(record.buffer);
  expect(view.getUint32(0, true)).toBe(9);
  expect(view.getUint32(8, true)).toBe(maskedCrc32c(record.subarray(0, 8)));
  expect(view.getUint32(21, true)).toBe(maskedCrc32c(bytes));
});

it('counts finite values only', () => {
  const histogram = histogramOf([1, 2, NaN, 3, Infinity]);
  expect(histogram).toMatchObject({ min: 1, max: 3, count: 3, sum: 6, sumOfSquares: 14 });
  expect(histogram?.counts.reduce((a, b) => a + b)).toBe(3);
  expect(histogramOf([NaN])).toBeNull();
  expect(histogramOf([4, 4])?.counts[0]).toBe(2);
});
