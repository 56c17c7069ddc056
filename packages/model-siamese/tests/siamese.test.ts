import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { runModelTest } from '../../../tools/run-model-test.js';
import {
  createSiamese,
  fromPretrained,
  presets,
  type Siamese,
  SiameseError,
} from '../src/index.js';
import { noise } from './noise.js';

const SIZE = 16;

interface Batch {
  readonly [name: string]: tf.Tensor4D;
  readonly a: tf.Tensor4D;
  readonly b: tf.Tensor4D;
  readonly target: tf.Tensor4D;
}

/** Noise in which a square brightens: at another place in each sample. */
function batch(): Batch {
  return tf.tidy(() => {
    const a = tf.tensor4d(noise('a', 4 * SIZE * SIZE * 3), [4, SIZE, SIZE, 3]);
    const places = [0, 1, 2, 3].map((sample) =>
      tf.pad(tf.ones([7, 7]), [
        [3 * sample, 9 - 3 * sample],
        [9 - 3 * sample, 3 * sample],
      ]),
    );
    const target = tf.expandDims(tf.stack(places), 3) as tf.Tensor4D; // [B,H,W,1]
    return { a, b: tf.add(a, tf.mul(target, 2)), target };
  });
}

beforeAll(async () => {
  await tf.ready();
});

runModelTest<Siamese, Batch>({
  name: 'tiny siamese',
  create: (seed) => createSiamese({ ...presets.tiny, zeroInitResidual: false }, { seed }),
  batch,
  loss: (model, { a, b, target }) =>
    model.loss(model.forward({ a, b }, true), target, { positiveWeight: 3 }),
  output: (model, { a, b }) => model.forward({ a, b }, false),
  reload: async (model) => fromPretrained(await model.save()),
  outputShape: [4, SIZE, SIZE, 1],
  parameterCount: 34_181,
  overfit: { steps: 35, learningRate: 0.03, fraction: 0.4 },
  // |A − B| has kinks: small steps, and torch.test.ts holds the gradients to 1e-3 besides.
  gradients: { lossStep: 2e-5, tolerance: 0.05 },
});

it('has the parameters of one encoder, whatever the dates', () => {
  const model = createSiamese(presets.default, { seed: 1 });
  const encoder = model.store.parameters.filter(
    ({ name, trainable }) => trainable && name.startsWith('encoder.'),
  );
  const count = encoder.reduce((sum, { variable }) => sum + variable.size, 0);
  expect(count).toBe(11_689_512 - 512 * 1000 - 1000); // ResNet-18 without its classifier
  model.dispose();
});

it('gives the same map for exchanged dates, and no dependence on what both share', () => {
  const model = createSiamese(presets.tiny, { seed: 1 });
  const { a, b, target } = batch();
  tf.tidy(() => {
    const [there, back] = [model.forward({ a, b }, false), model.forward({ a: b, b: a }, false)];
    expect(Number(tf.max(tf.abs(tf.sub(there, back))).dataSync()[0])).toBeLessThan(1e-5);
    const [same, other] = [model.forward({ a, b: a }, false), model.forward({ a: b, b }, false)];
    expect(Number(tf.max(tf.abs(tf.sub(same, other))).dataSync()[0])).toBeLessThan(1e-5);
  });
  tf.dispose([a, b, target]);
  model.dispose();
});

it.each([
  [1, 32, 32],
  [2, 45, 71],
  [1, 7, 96],
])('maps %i pair of %i×%i pixels at full size', (count, height, width) => {
  const model = createSiamese(presets.tiny, { seed: 1 });
  const output = tf.tidy(() => {
    const a = tf.zeros<tf.Rank.R4>([count, height, width, 3]);
    return model.forward({ a, b: tf.onesLike(a) }, false);
  });
  expect(output.shape).toEqual([count, height, width, 1]);
  output.dispose();
  model.dispose();
});

it('decodes logits to a probability and a map by the threshold', () => {
  const model = createSiamese({ ...presets.tiny, threshold: 0.7 }, { seed: 1 });
  const before = tf.memory().numTensors;
  const logits = tf.tensor4d([-1, 0, 0.8, 0.9], [1, 2, 2, 1]);
  const { probability, binary } = model.decode(logits);
  expect(probability.dataSync()[1]).toBeCloseTo(0.5, 6);
  expect(binary.dtype).toBe('int32');
  expect([...binary.dataSync()]).toEqual([0, 0, 0, 1]);
  const other = model.decode(logits, 0.4);
  expect([...other.binary.dataSync()]).toEqual([0, 1, 1, 1]);
  expect(tf.memory().numTensors - before).toBe(5);
  tf.dispose([logits, probability, binary, other.probability, other.binary]);
  model.dispose();
});

it('refuses pairs that do not fit', () => {
  const model = createSiamese(presets.tiny, { seed: 1 });
  tf.tidy(() => {
    const a = tf.zeros<tf.Rank.R4>([1, 32, 32, 3]);
    const b = tf.zeros<tf.Rank.R4>([1, 32, 64, 3]);
    expect(() => model.forward({ a, b }, false)).toThrow(SiameseError);
    expect(() => model.forward({ a, b }, false)).toThrow('Received: [1,32,32,3] and [1,32,64,3]');
  });
  model.dispose();
});
