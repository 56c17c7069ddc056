import type { Siamese } from '@arctic/model-siamese';
import { augmentSample } from '@arctic/preprocess';
import { shareOf, type Rng, type TrainTask } from '@arctic/trainer-core';
import { changeCounts, changeScores } from '@arctic/metrics';
import * as tf from '@tensorflow/tfjs-core';
import { batches, item, join, type LabelledPairs } from '../imagery/arrays.js';
import { imageTensor, maskTensor, type Normalisation } from '../tensors.js';

export interface SiameseTaskOptions {
  readonly normalisation: Normalisation;
  /** Weight of a changed pixel in the cross-entropy. */
  readonly positiveWeight: number;
  /** Pixels a side of the random crops trained on; 0 for whole images. */
  readonly cropSize: number;
}

type Batch = { readonly a: tf.Tensor4D; readonly b: tf.Tensor4D; readonly target: tf.Tensor4D };

/** The two dates are lit apart: light is no change. */
const AUGMENTATION = {
  geometry: 'symmetries',
  brightness: 0.1,
  contrast: 0.2,
  noise: 0.01,
  light: 'independent',
} as const;

/** Training the change detector on augmented pairs; validation gives the loss and the pooled F1 at probability 0.5. */
export function siameseTask(
  model: Siamese,
  train: LabelledPairs,
  validation: LabelledPairs,
  { normalisation, positiveWeight, cropSize }: SiameseTaskOptions,
): TrainTask<Batch> {
  const augmentation = cropSize === 0 ? AUGMENTATION : { ...AUGMENTATION, cropSize };
  return {
    parameters: model.store.parameters,
    trainSize: train.n,
    trainBatch(indices, rngs) {
      const { n, height, width } = train;
      const samples = indices.map((i, position) =>
        augmentSample(
          {
            height,
            width,
            channels: 3,
            images: [item(train.before, i, n), item(train.after, i, n)],
            masks: [item(train.change, i, n)],
          },
          augmentation,
          rngs[position] as Rng, // one for each sample
        ),
      );
      const { height: rows = height, width: columns = width } = samples[0] ?? {};
      const shape: [number, number, number, number] = [indices.length, rows, columns, 3];
      const stack = (pick: (sample: (typeof samples)[number]) => Uint8Array | undefined) =>
        join(samples.map((s) => pick(s) as Uint8Array)); // two images, one mask
      return {
        a: imageTensor(
          stack(({ images }) => images[0]),
          shape,
          normalisation,
        ),
        b: imageTensor(
          stack(({ images }) => images[1]),
          shape,
          normalisation,
        ),
        target: maskTensor(binary(stack(({ masks }) => masks[0])), [indices.length, rows, columns]),
      };
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

/** The probability of change of one pair, [H,W] 0..1. @param before and after: [H,W,3] uint8 */
export async function changeProbability(
  model: Siamese,
  before: Uint8Array,
  after: Uint8Array,
  height: number,
  width: number,
  normalisation: Normalisation,
): Promise<Float32Array> {
  const probability = tf.tidy(() => {
    const shape: [number, number, number, number] = [1, height, width, 3];
    const pair = {
      a: imageTensor(before, shape, normalisation),
      b: imageTensor(after, shape, normalisation),
    };
    return model.decode(model.forward(pair, false)).probability;
  });
  const values = (await probability.data()) as Float32Array; // probabilities are float32
  probability.dispose();
  return values;
}

function binary(mask: Uint8Array): Uint8Array {
  return mask.map((v) => (v > 0 ? 1 : 0));
}
