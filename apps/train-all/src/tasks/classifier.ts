import type { Classifier } from '@arctic/model-classifier';
import { shareOf, type TrainTask, type WorkerPool } from '@arctic/trainer-core';
import * as tf from '@tensorflow/tfjs-core';
import { classProbabilities, type Normalisation } from '@arctic/inference';
import type * as feeding from '../feeding/classifier-worker.js';
import { batchRequest } from '../feeding/open-feeder.js';
import { batches, type LabelledImages } from '../imagery/arrays.js';
import { fieldTensor, labelTensor } from '../tensors.js';

/** What decides the loss and the input of the classifier beside its weights. */
export interface ClassifierTaskOptions {
  readonly normalisation: Normalisation;
  readonly classWeights: readonly number[];
  readonly labelSmoothing: number;
}

type Batch = { readonly images: tf.Tensor4D; readonly labels: tf.Tensor1D };

/** Images per forward pass outside training. */
const EVALUATION_BATCH = 16;
/** Training the classifier on scenes that the feeder augments; validation gives loss and accuracy. */
export function classifierTask(
  model: Classifier,
  feeder: WorkerPool<typeof feeding>,
  train: Omit<LabelledImages, 'images'>,
  validation: LabelledImages,
  options: ClassifierTaskOptions,
): TrainTask<Batch> {
  const { normalisation, classWeights, labelSmoothing } = options;
  return {
    parameters: model.store.parameters,
    trainSize: train.n,
    async trainBatch(indices, rngs) {
      const images = await feeder.run(batchRequest(indices, rngs));
      const { height, width } = train;
      return {
        images: fieldTensor(images, [indices.length, height, width, 3]),
        labels: labelTensor(indices.map((i) => train.labels[i] as number)),
      };
    },
    loss: ({ images, labels }) =>
      model.loss(model.forward(images, true), labels, { classWeights, labelSmoothing }),
    lossWeight: ({ labels }) =>
      tf.tidy(() =>
        tf.sum<tf.Scalar>(tf.gather(tf.tensor1d([...classWeights]), tf.cast(labels, 'int32'))),
      ),
    async validate(request) {
      const share = shareOf(batches(validation.n, EVALUATION_BATCH), request).flat();
      const probabilities = await classProbabilities(model, validation, normalisation, share);
      const classes = model.config.classes.length;
      let loss = 0;
      let right = 0;
      share.forEach((image, i) => {
        const label = validation.labels[image] as number; // one for each image
        const row = probabilities.subarray(i * classes, (i + 1) * classes);
        loss -= Math.log(Math.max(row[label] as number, 1e-7));
        if (row.every((p) => p <= (row[label] as number))) right++;
      });
      const weight = share.length;
      return { val_loss: { sum: loss, weight }, val_accuracy: { sum: right, weight } };
    },
  };
}
