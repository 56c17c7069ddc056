import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '@arctic/nn';
import { fit, type TrainTask } from '@arctic/trainer-core';
import * as tf from '@tensorflow/tfjs-core';
import { createBatch, createSubject, openSubject, type Batch } from './models.js';
import type { Row } from './rows.js';

/** Decides weights and batches. */
const SEED = 7;

/** AdamW's settings in a training row. */
export interface StepSize {
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** A row that is ready to be measured. */
export interface Workload {
  /** One training step, or one answer; gives the loss, or the first number of the answer. */
  step(): Promise<number>;
  /** Trainable values. */
  readonly parameters: number;
  dispose(): Promise<void>;
}

/** Writes what everybody who runs the row reads: `model.safetensors`, its configuration, `batch.safetensors`. */
export async function prepareWorkload(row: Row, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const subject = createSubject(row.network, SEED);
  await subject.save({ folder });
  subject.dispose();
  const batch = createBatch(row.network, row, SEED);
  await writeFile(join(folder, 'batch.safetensors'), writeSafetensors(batch));
}

/** The row with the weights and the batch in `folder`, run as a user of the packages would run it. */
export async function openWorkload(
  row: Row,
  folder: string,
  { learningRate, weightDecay }: StepSize,
): Promise<Workload> {
  const subject = await openSubject(row.network, folder);
  const batch = await readBatch(join(folder, 'batch.safetensors'));
  const dispose = () => {
    tf.dispose(batch);
    subject.dispose();
  };
  const parameters = subject.store.count();
  if (row.mode === 'infer') {
    return {
      parameters,
      async step() {
        const answer = subject.forward(batch, false);
        const [first = NaN] = await answer.data();
        answer.dispose();
        return first;
      },
      dispose: async () => dispose(),
    };
  }
  const task: TrainTask<tf.TensorContainerObject> = {
    parameters: subject.store.parameters,
    trainSize: row.batch,
    trainBatch: () => tf.tidy(() => cloneAll(batch)), // the loop disposes what it is given
    loss: (given) => {
      const named = given as Record<string, tf.Tensor>; // as returned above
      return subject.loss(subject.forward(named, true), named);
    },
    validate: async () => ({}),
  };
  const events = fit(task, {
    epochs: 1,
    stepsPerEpoch: Number.MAX_SAFE_INTEGER, // as many as are asked for
    batchSize: row.batch,
    seed: SEED,
    optimizer: { kind: 'adamw', learningRate, weightDecay },
  });
  return {
    parameters,
    async step() {
      for (;;) {
        const { value: event, done } = await events.next();
        if (done) throw new Error('Expected training to go on. Received: its end.');
        if (event.kind === 'batch') return event.loss;
      }
    },
    async dispose() {
      await events.return(undefined as never); // nobody reads the result
      dispose();
    },
  };
}

function cloneAll(batch: Batch): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, tensor.clone()]));
}

async function readBatch(path: string): Promise<Batch> {
  const { tensors } = readSafetensors(await readFile(path));
  return Object.fromEntries(
    [...tensors].map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  );
}
