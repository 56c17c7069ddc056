import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { runModelTest } from '../../../tools/run-model-test.js';
import {
  type Classifier,
  ClassifierError,
  createClassifier,
  fromPretrained,
  presets,
} from '../src/index.js';
import { noise } from './noise.js';

const SIZE = 16;
const labels = (): tf.Tensor1D => tf.tensor1d([0, 1, 2, 1], 'int32');
const images = (): tf.Tensor4D =>
  tf.tensor4d(noise('images', 4 * SIZE * SIZE * 3), [4, SIZE, SIZE, 3]);

for (const depth of [18, 50] as const) {
  runModelTest<Classifier, { images: tf.Tensor4D; labels: tf.Tensor1D }>({
    name: `tiny classifier with the blocks of ResNet-${depth}`,
    create: (seed) =>
      createClassifier(
        { ...presets.tiny, depth, width: depth === 18 ? 8 : 4, zeroInitResidual: false },
        { seed },
      ),
    batch: () => ({ images: images(), labels: labels() }),
    loss: (model, batch) => model.loss(model.forward(batch.images, true), batch.labels),
    output: (model, batch) => model.forward(batch.images, false),
    reload: async (model) => fromPretrained(await model.save()),
    outputShape: [4, 3],
    parameterCount: depth === 18 ? 78_507 : 33_383,
    overfit: { steps: 12 },
  });
}

it('decodes logits to probabilities and the likeliest class', () => {
  const model = createClassifier(presets.tiny, { seed: 1 });
  const before = tf.memory().numTensors;
  const logits = tf.tensor2d([[0, Math.log(3), 0]]);
  const { probabilities, classIndex } = model.decode(logits);
  expect(probabilities.shape).toEqual([1, 3]);
  [0.2, 0.6, 0.2].forEach((expected, k) =>
    expect(probabilities.dataSync()[k]).toBeCloseTo(expected, 6),
  );
  expect([...classIndex.dataSync()]).toEqual([1]);
  expect(tf.memory().numTensors - before).toBe(3);
  tf.dispose([logits, probabilities, classIndex]);
  model.dispose();
});

it('keeps weight decay off norms and biases', () => {
  const model = createClassifier(presets.tiny, { seed: 1 });
  const decayed = model.store.parameters.filter(({ decay }) => decay).map(({ name }) => name);
  expect(decayed).toContain('conv1.weight');
  expect(decayed).toContain('fc.weight');
  expect(decayed.some((name) => /bn|bias|downsample\.1/.test(name))).toBe(false);
  model.dispose();
});

it('takes any number of channels and classes, and any size', () => {
  const model = createClassifier(
    { ...presets.tiny, inChannels: 5, classes: ['a', 'b'] },
    { seed: 1 },
  );
  const output = tf.tidy(() => model.forward(tf.zeros([1, 37, 50, 5]), false));
  expect(output.shape).toEqual([1, 2]);
  output.dispose();
  model.dispose();
});

it('refuses images of another shape', () => {
  const model = createClassifier(presets.tiny, { seed: 1 });
  const one = tf.zeros<tf.Rank.R4>([1, 32, 32, 1]);
  expect(() => model.forward(one, false)).toThrow(ClassifierError);
  expect(() => model.forward(one, false)).toThrow('[B,H,W,3]. Received: [1,32,32,1]');
  one.dispose();
  model.dispose();
});
