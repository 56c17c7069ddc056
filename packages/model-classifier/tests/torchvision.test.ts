import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findNativeBackend } from '../../../tools/native-backend.js';
import { type Classifier, createClassifier } from '../src/index.js';
import { noise, noiseState } from './noise.js';

interface Case {
  readonly model: string;
  readonly classes: number;
  readonly parameters: number;
  readonly size: number;
  readonly batch: number;
  readonly inference: { readonly logits: number[][] };
  readonly training?: {
    readonly logits: number[][];
    readonly loss: number;
    readonly gradientNorms: Record<string, number>;
    readonly runningNorms: Record<string, number>;
  };
}

const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/torchvision-resnet.json', import.meta.url), 'utf8'),
) as { cases: Case[] }; // written by tools/fixtures/torchvision_resnet.py

function create(name: string, classes: number): Classifier {
  const slim = name.startsWith('slim') ? { width: 8, blocks: [1, 1, 1, 1] } : {};
  // The names in the fixture end with one of the three depths.
  const depth = Number(/\d+$/.exec(name)?.[0]) as 18 | 34 | 50;
  const names = Array.from({ length: classes }, (_, k) => `class ${k}`);
  return createClassifier({ depth, classes: names, ...slim }, { seed: 1 });
}

/** Largest difference from torch, as a part of the largest value, or of 1 where that is smaller. */
function difference(received: ArrayLike<number>, expected: readonly number[]): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  expect(received.length).toBe(expected.length);
  return (
    expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (received[i] ?? NaN))), 0) /
    scale
  );
}

const native = await findNativeBackend();

describe('pure JavaScript', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  // The full models at full size would take minutes.
  it.each(fixture.cases.filter(({ model, size }) => model.startsWith('slim') || size < 40))(
    '$model at $size pixels is as in torchvision',
    compare,
  );
});

describe.skipIf(native.name === undefined)(`native backend ${native.reason}`, () => {
  beforeAll(async () => {
    await tf.setBackend(native.name ?? '');
  });
  it.each(fixture.cases.filter(({ model }) => model.startsWith('resnet')))(
    '$model at $size pixels is as in torchvision',
    compare,
  );
});

async function compare({
  model: name,
  classes,
  parameters,
  batch,
  size,
  inference,
  training,
}: Case): Promise<void> {
  const before = tf.memory().numTensors;
  const model = create(name, classes);
  expect(model.store.count()).toBe(parameters);
  const state = await noiseState(model.store);
  state.set('bn1.num_batches_tracked', { shape: [], data: new Int32Array(1) });
  model.store.loadStateDict(state);
  const images = tf.tensor4d(noise('input', batch * size * size * 3), [batch, size, size, 3]);
  const logits = model.forward(images, false);
  expect(difference(logits.dataSync(), inference.logits.flat())).toBeLessThan(1e-4);
  tf.dispose(logits);
  if (training) compareTraining(model, images, training);
  images.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

function compareTraining(
  model: Classifier,
  images: tf.Tensor4D,
  expected: NonNullable<Case['training']>,
): void {
  const labels = tf.range(0, images.shape[0], 1, 'int32');
  const trained = model.store.parameters.filter(({ trainable }) => trainable);
  const { value, grads } = tf.variableGrads(
    () => {
      const logits = model.forward(images, true);
      expect(difference(logits.dataSync(), expected.logits.flat())).toBeLessThan(1e-4);
      return model.loss(logits, labels);
    },
    trained.map(({ variable }) => variable),
  );
  expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 4);
  expect(Object.keys(expected.gradientNorms).sort()).toEqual(
    trained.map(({ name }) => name).sort(),
  );
  const norm = (x: tf.Tensor | undefined): number =>
    tf.tidy(() => Number(x && tf.norm(x).dataSync()[0]));
  for (const { name, variable } of trained) {
    const ratio = norm(grads[variable.name]) / (expected.gradientNorms[name] ?? NaN);
    // In single precision a few of the million activations near zero fall to the other side of a ReLU, and in the
    // last stages of 2×2 pixels each of them shows.
    expect(Math.abs(ratio - 1), name).toBeLessThan(2e-2);
  }
  for (const { name, variable } of model.store.parameters.filter(({ trainable }) => !trainable)) {
    expect(norm(variable) / (expected.runningNorms[name] ?? NaN), name).toBeCloseTo(1, 4);
  }
  tf.dispose([labels, value]);
  tf.dispose(grads);
}

it('has the parameter counts of torchvision', () => {
  const counted = fixture.cases.find(
    ({ model, classes }) => model === 'resnet50' && classes === 1000,
  );
  expect(counted?.parameters).toBe(25_557_032); // built and compared above
  const model = create('resnet50', 3);
  expect(model.store.count()).toBe(23_514_179);
  model.dispose();
});
