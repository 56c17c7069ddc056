import type { Siamese } from '@arctic/model-siamese';
import { shareOf, type TrainTask, type WorkerPool } from '@arctic/trainer-core';
import { changeCounts, changeScores } from '@arctic/metrics';
import * as tf from '@tensorflow/tfjs-core';
import { type Normalisation, imageTensor } from '@arctic/inference';
import { batchRequest } from '../feeding/open-feeder.js';
import type * as feeding from '../feeding/siamese-worker.js';
import { batches, item, type LabelledPairs } from '../imagery/arrays.js';
import { binary } from '../imagery/arrays.js';
import { fieldTensor, maskTensor } from '../tensors.js';

export interface SiameseTaskOptions {
  readonly normalisation: Normalisation;
  /** Weight of a changed pixel in the cross-entropy. */
  readonly positiveWeight: number;
}

type Batch = { readonly a: tf.Tensor4D; readonly b: tf.Tensor4D; readonly target: tf.Tensor4D };

/** Training the change detector on pairs that the feeder augments; validation gives the loss and the pooled F1 at probability 0.5. */
export function siameseTask(
  model: Siamese,
  feeder: WorkerPool<typeof feeding>,
  trainSize: number,
  validation: LabelledPairs,
  { normalisation, positiveWeight }: SiameseTaskOptions,
): TrainTask<Batch> {
  return {
    parameters: model.store.parameters,
    trainSize,
    async trainBatch(indices, rngs) {
      const { height, width, a, b, target } = await feeder.run(batchRequest(indices, rngs));
      const tensor = (data: Float32Array, channels: number) =>
        fieldTensor(data, [indices.length, height, width, channels]);
      return { a: tensor(a, 3), b: tensor(b, 3), target: tensor(target, 1) };
    },
    loss: ({ a, b, target }) =>
      model.loss(model.forward({ a, b }, true), target, { positiveWeight }),
    async validate(request) {
      let loss = 0;
      const counts = [];
      const share = shareOf(batches(validation.n, 1), request).flat();
      for (const i of share) {
        const truth = binary(item(validation.change, i, validation.n));
        const logits = pairLogits(model, validation, i, normalisation);
        const cost = tf.tidy(() =>
          model.loss(logits, maskTensor(truth, [1, validation.height, validation.width]), {
            positiveWeight,
          }),
        );
        loss += (await cost.data())[0] ?? NaN;
        const values = await logits.data();
        tf.dispose([cost, logits]);
        counts.push(
          changeCounts(
            Uint8Array.from(values, (v) => (v > 0 ? 1 : 0)),
            truth,
          ),
        );
      }
      const { truePositives, falsePositives, falseNegatives } = changeScores(counts);
      const found = 2 * truePositives;
      return {
        val_loss: { sum: loss, weight: share.length },
        val_f1: { sum: found, weight: found + falsePositives + falseNegatives },
      };
    },
  };
}

function pairLogits(
  model: Siamese,
  { before, after, n, height, width }: LabelledPairs,
  index: number,
  normalisation: Normalisation,
): tf.Tensor4D {
  return tf.tidy(() => {
    const shape: [number, number, number, number] = [1, height, width, 3];
    const a = imageTensor(item(before, index, n), shape, normalisation);
    const b = imageTensor(item(after, index, n), shape, normalisation);
    return model.forward({ a, b }, false);
  });
}
