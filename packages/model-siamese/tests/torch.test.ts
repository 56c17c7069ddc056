import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findNativeBackend } from '../../../tools/native-backend.js';
import { createSiamese, presets } from '../src/index.js';
import { noise, noiseState } from './noise.js';

interface Case {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly training: boolean;
  readonly logits: number[];
  readonly loss: number;
  readonly gradientNorms: Record<string, number>;
  readonly parameters: number;
  readonly encoderParameters: number;
}

const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/siamese-unet.json', import.meta.url), 'utf8'),
) as { cases: Case[] }; // written by tools/fixtures/siamese_unet.py

const native = await findNativeBackend();

for (const backend of ['cpu', native.name]) {
  describe.skipIf(backend === undefined)(
    backend ?? `native backend (not here: ${native.reason})`,
    () => {
      beforeAll(async () => {
        await tf.setBackend(backend ?? 'cpu');
      });
      it.each(fixture.cases)(
        '$batch × $height × $width, training: $training, is as in PyTorch',
        compare,
      );
    },
  );
}

async function compare(each: Case): Promise<void> {
  const before = tf.memory().numTensors;
  const model = createSiamese(presets.tiny, { seed: 1 });
  model.store.loadStateDict(await noiseState(model.store));
  expect(model.store.count()).toBe(each.parameters);
  const image = (name: string, channels: number): tf.Tensor4D => {
    const shape: [number, number, number, number] = [each.batch, each.height, each.width, channels];
    return tf.tensor4d(noise(name, tf.util.sizeFromShape(shape)), shape);
  };
  const [a, b] = [image('a', 3), image('b', 3)];
  const [target, valid] = tf.tidy(() => [
    tf.cast(tf.greater(image('target', 1), 0.5), 'float32') as tf.Tensor4D,
    tf.cast(tf.greater(image('valid', 1), -0.5), 'float32') as tf.Tensor4D,
  ]) as [tf.Tensor4D, tf.Tensor4D];
  const trained = model.store.parameters.filter(({ trainable }) => trainable);
  const { value, grads } = tf.variableGrads(
    () => {
      const logits = model.forward({ a, b }, each.training);
      const received = logits.dataSync().filter((_, index) => index % 5 === 0);
      expect(received.length).toBe(each.logits.length);
      const largest = Math.max(
        ...each.logits.map((expected, i) => Math.abs(expected - (received[i] ?? NaN))),
      );
      expect(largest).toBeLessThan(1e-4);
      return model.loss(logits, target, { positiveWeight: 3, valid });
    },
    trained.map(({ variable }) => variable),
  );
  expect(value.dataSync()[0]).toBeCloseTo(each.loss, 4);
  expect(Object.keys(each.gradientNorms).sort()).toEqual(trained.map(({ name }) => name).sort());
  for (const { name, variable } of trained) {
    const norm = tf.tidy(() => Number(tf.norm(grads[variable.name] as tf.Tensor).dataSync()[0])); // one for each
    expect(Math.abs(norm / (each.gradientNorms[name] ?? NaN) - 1), name).toBeLessThan(1e-3);
  }
  tf.dispose([a, b, target, valid, value]);
  tf.dispose(grads);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}
