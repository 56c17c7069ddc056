import * as classifier from '@arctic/model-classifier';
import * as convlstm from '@arctic/model-convlstm';
import * as siamese from '@arctic/model-siamese';
import { createRng, type NamedArray, type ParameterStore } from '@arctic/nn';
import type * as tf from '@tensorflow/tfjs-core';
import type { BatchSize, Network } from './rows.js';

/** A batch by name: what a network reads, and what its answer is held against. */
export type Batch = Readonly<Record<string, tf.Tensor>>;

/** One of the networks with what a step needs. */
export interface Subject {
  readonly store: ParameterStore;
  /** The answer to a batch. */
  forward(batch: Batch, training: boolean): tf.Tensor;
  /** The mean loss of an answer. */
  loss(answer: tf.Tensor, batch: Batch): tf.Scalar;
  /** Writes the model folder. */
  save(options: { readonly folder: string }): Promise<unknown>;
  dispose(): void;
}

const CONVLSTM = { patchSize: 1, hiddenChannels: [32, 32], headInit: 'kaiming' } as const;
const PAST_STEPS = 30;
const FUTURE_STEPS = 7;
const CLASSES = 3;

/** A network with weights of a seed. */
export function createSubject(network: Network, seed: number): Subject {
  switch (network) {
    case 'resnet50':
      return resnet50(classifier.createClassifier({}, { seed }));
    case 'convlstm':
      return forecaster(convlstm.createConvLstm(CONVLSTM, { seed }));
    case 'siamese':
      return detector(siamese.createSiamese(siamese.presets.resnet34, { seed }));
  }
}

/** A network from a model folder. */
export async function openSubject(network: Network, folder: string): Promise<Subject> {
  switch (network) {
    case 'resnet50':
      return resnet50(await classifier.fromPretrained(folder));
    case 'convlstm':
      return forecaster(await convlstm.fromPretrained(folder));
    case 'siamese':
      return detector(await siamese.fromPretrained(folder));
  }
}

function resnet50(model: classifier.Classifier): Subject {
  return {
    ...model,
    forward: ({ images }, training) => model.forward(images as tf.Tensor4D, training),
    loss: (logits, { labels }) => model.loss(logits as tf.Tensor2D, labels as tf.Tensor1D),
  };
}

function forecaster(model: convlstm.ConvLstm): Subject {
  return {
    ...model,
    forward: (batch, training) =>
      model.forward(
        {
          past: batch['past'] as tf.Tensor5D,
          future: batch['future'] as tf.Tensor5D,
          reference: batch['reference'] as tf.Tensor4D,
        },
        training,
      ),
    loss: (prediction, { target, weights }) =>
      model.loss(prediction as tf.Tensor4D, {
        target: target as tf.Tensor4D,
        weights: weights as tf.Tensor4D,
      }),
  };
}

function detector(model: siamese.Siamese): Subject {
  return {
    ...model,
    forward: ({ a, b }, training) =>
      model.forward({ a: a as tf.Tensor4D, b: b as tf.Tensor4D }, training),
    loss: (logits, { target }) => model.loss(logits as tf.Tensor4D, target as tf.Tensor4D),
  };
}

/** A batch of noise for a network, the same for the same seed; channels last. */
export function createBatch(
  network: Network,
  { batch, height, width }: BatchSize,
  seed: number,
): Map<string, NamedArray> {
  const fill = (
    name: string,
    shape: number[],
    value: (random: Random) => number,
  ): [string, NamedArray] => {
    const random = createRng(seed).fork(name);
    const length = shape.reduce((a, b) => a * b);
    return [name, { shape, data: Float32Array.from({ length }, () => value(random)) }];
  };
  const image = [batch, height, width, 3];
  const leads = [batch, FUTURE_STEPS, height, width];
  const part = ({ next }: Random) => next();
  const noise = ({ normal }: Random) => normal();
  const some =
    (share: number) =>
    ({ next }: Random) =>
      next() < share ? 1 : 0;
  switch (network) {
    case 'resnet50': {
      const labels = Int32Array.from({ length: batch }, (_, i) => i % CLASSES);
      return new Map([fill('images', image, noise), ['labels', { shape: [batch], data: labels }]]);
    }
    case 'convlstm':
      return new Map([
        fill('past', [batch, PAST_STEPS, height, width, 1], part),
        fill('future', [...leads, 1], part),
        fill('reference', leads, part),
        fill('target', leads, part),
        fill('weights', leads, some(0.8)),
      ]);
    case 'siamese':
      return new Map([
        fill('a', image, noise),
        fill('b', image, noise),
        fill('target', [batch, height, width, 1], some(0.2)),
      ]);
  }
}

interface Random {
  next(): number;
  normal(): number;
}
