import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { runModelTest } from '../../../tools/run-model-test.js';
import {
  createConvLstm,
  fromPretrained,
  presets,
  type ConvLstm,
  type ConvLstmConfig,
  type ConvLstmInputs,
} from '../src/index.js';
import { noise } from './noise.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const tiny = { ...presets.tiny, headInit: 'kaiming' } as const;

/** Smooth-looking concentrations between 0 and 1 from the name alone. */
function field<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const values = noise(name, tf.util.sizeFromShape(shape));
  return tf.tensor<R>(
    values.map((value) => 0.5 + 0.5 * value),
    shape,
  );
}

function inputsFor(
  config: ConvLstmConfig,
  B: number,
  H: number,
  W: number,
): Required<ConvLstmInputs> {
  const { inputSteps, outputSteps, inputChannels, futureChannels } = config;
  return {
    past: field<tf.Rank.R5>('past', [B, inputSteps, H, W, inputChannels]),
    future: field<tf.Rank.R5>('future', [B, outputSteps, H, W, futureChannels]),
    reference: field<tf.Rank.R4>('reference', [B, outputSteps, H, W]),
  };
}

/** 4·hidden·(in + hidden)·k² + 4·hidden a layer, and a 1×1 convolution from all hidden channels. */
function countByHand(config: ConvLstmConfig): number {
  const { hiddenChannels, kernelSize, patchSize, inputChannels, futureChannels } = config;
  const stack = (first: number) =>
    hiddenChannels.reduce((sum, hidden, n) => {
      const inChannels = hiddenChannels[n - 1] ?? first;
      return sum + 4 * hidden * ((inChannels + hidden) * kernelSize ** 2 + 1);
    }, 0);
  const features = hiddenChannels.reduce((sum, hidden) => sum + hidden, 0);
  return (
    stack(inputChannels * patchSize ** 2) +
    stack(futureChannels * patchSize ** 2 || 1) +
    patchSize ** 2 * (features + 1)
  );
}

interface Batch extends Required<ConvLstmInputs> {
  readonly target: tf.Tensor4D;
  readonly weights: tf.Tensor4D;
  readonly [name: string]: tf.Tensor;
}

runModelTest<ConvLstm, Batch>({
  name: 'tiny forecaster',
  create: (seed) => createConvLstm({ ...tiny, hiddenChannels: [4, 4] }, { seed }),
  batch: () =>
    tf.tidy(() => {
      const past = field<tf.Rank.R5>('past', [4, 4, 6, 6, 1]);
      const last = tf.reshape<tf.Rank.R4>(
        tf.slice(past, [0, 3, 0, 0, 0], [4, 1, 6, 6, 1]),
        [4, 1, 6, 6],
      );
      const reference = tf.concat<tf.Tensor4D>([last, last], 1); // persistence
      // The ice goes where the last day says: less of it on the first day ahead, half on the second.
      const target = tf.concat<tf.Tensor4D>(
        [tf.mul<tf.Tensor4D>(last, 0.8), tf.mul<tf.Tensor4D>(last, 0.5)],
        1,
      );
      const weights = tf.cast<tf.Tensor4D>(
        tf.greater<tf.Tensor4D>(field<tf.Rank.R4>('weights', [4, 2, 6, 6]), 0.2),
        'float32',
      );
      return { past, future: tf.expandDims<tf.Tensor5D>(reference, 4), reference, target, weights };
    }),
  loss: (model, batch) => model.loss(model.forward(batch, true), batch),
  output: (model, batch) => model.forward(batch, false),
  reload: async (model) => fromPretrained(await model.save()),
  outputShape: [4, 2, 6, 6],
  parameterCount: 4_708,
  overfit: { steps: 40, learningRate: 0.03, fraction: 0.2 },
});

describe('createConvLstm', () => {
  it.each([
    [{}, 259_600],
    [presets.small, 37_264],
    [{ patchSize: 1 }, undefined],
    [{ inputChannels: 6, futureChannels: 5, hiddenChannels: [8, 16, 8] }, undefined],
    [{ futureChannels: 0, kernelSize: 5, patchSize: 2 }, undefined],
  ])('has the parameters of the formula with %o', (config, expected) => {
    const model = createConvLstm(config, { seed: 1 });
    expect(model.store.count()).toBe(countByHand(model.config));
    if (expected !== undefined) expect(model.store.count()).toBe(expected);
    model.dispose();
  });

  it('is the reference forecast before training', () => {
    for (const config of [presets.tiny, { ...presets.tiny, headChannels: 3, futureChannels: 0 }]) {
      const model = createConvLstm(config, { seed: 1 });
      tf.tidy(() => {
        const { past, future, reference } = inputsFor(model.config, 2, 6, 7);
        const inputs =
          model.config.futureChannels === 0 ? { past, reference } : { past, future, reference };
        expect(model.forecast(inputs).dataSync()).toEqual(reference.dataSync());
      });
      model.dispose();
    }
  });

  it('runs on any grid with the same weights; what is filled up is cut off', () => {
    const model = createConvLstm({ ...tiny, patchSize: 4 }, { seed: 1 });
    tf.tidy(() => {
      for (const [H, W] of [
        [8, 8],
        [12, 20],
        [5, 3],
      ] as const) {
        const inputs = inputsFor(model.config, 1, H, W);
        const sic = model.forward(inputs, false);
        expect(sic.shape).toEqual([1, 2, H, W]);
        expect(sic.dataSync().every(Number.isFinite)).toBe(true);
      }
      const { past, future, reference } = inputsFor(model.config, 1, 7, 10);
      const wide = [
        [0, 0],
        [0, 0],
        [0, 1],
        [0, 2],
      ] as [number, number][]; // to 8×12
      const [padded, cut] = [
        model.forward(
          {
            past: tf.pad(past, [...wide, [0, 0]]),
            future: tf.pad(future, [...wide, [0, 0]]),
            reference: tf.pad(reference, wide),
          },
          false,
        ),
        model.forward({ past, future, reference }, false),
      ];
      expect(tf.slice(padded, [0, 0, 0, 0], [1, 2, 7, 10]).dataSync()).toEqual(cut.dataSync());
    });
    model.dispose();
  });

  it('moves the forecast when the field moves by a patch', () => {
    const model = createConvLstm(tiny, { seed: 1 });
    tf.tidy(() => {
      const [size, reach] = [36, 14]; // a step of the recurrence looks one patch further
      const { past, future, reference } = inputsFor(model.config, 1, size + 2, size + 2);
      const at = (offset: number) => {
        const cut = <R extends tf.Rank>(x: tf.Tensor<R>) => {
          const begin = x.shape.map((_, axis) => (axis === 2 || axis === 3 ? offset : 0));
          const extent = x.shape.map((length, axis) => (axis === 2 || axis === 3 ? size : length));
          return tf.slice<R, tf.Tensor<R>>(x, begin as tf.ShapeMap[R], extent as tf.ShapeMap[R]); // as long as the shape
        };
        return model.forward(
          { past: cut(past), future: cut(future), reference: cut(reference) },
          false,
        );
      };
      const inside = size - 2 * reach;
      const window = (x: tf.Tensor4D, from: number) =>
        tf.slice(x, [0, 0, from, from], [1, 2, inside, inside]).dataSync();
      const [still, moved] = [window(at(0), reach + 2), window(at(2), reach)];
      expect(
        Math.max(...still.map((value, i) => Math.abs(value - (moved[i] ?? NaN)))),
      ).toBeLessThan(1e-6);
    });
    model.dispose();
  });

  it('clips only what it decodes, and leaves masked cells missing', () => {
    const model = createConvLstm(presets.tiny, { seed: 1 });
    tf.tidy(() => {
      const prediction = tf.tensor4d([-0.2, 0.4, 1.3, 0.7], [1, 1, 2, 2]);
      expect([...model.decode(prediction).dataSync()].map((v) => v.toFixed(1))).toEqual([
        '0.0',
        '0.4',
        '1.0',
        '0.7',
      ]);
      const mask = tf.tensor2d([1, 1, 0, 1], [2, 2]);
      expect([...model.decode(prediction, mask).dataSync()].map(Number.isNaN)).toEqual([
        false,
        false,
        true,
        false,
      ]);
    });
    model.dispose();
  });

  it.each([
    ['past', { past: [1, 3, 8, 8, 1] }, 'past must have shape [B,4,H,W,1]. Received: [1,3,8,8,1].'],
    [
      'reference',
      { reference: [1, 2, 8, 9] },
      'reference must have shape [1,2,8,8]. Received: [1,2,8,9].',
    ],
    [
      'future',
      { future: [1, 2, 8, 8, 2] },
      'future must have shape [1,2,8,8,1]. Received: [1,2,8,8,2].',
    ],
  ])('refuses %s of another shape', (_, shapes, message) => {
    const model = createConvLstm(presets.tiny, { seed: 1 });
    const wrong = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, tf.zeros(shape)]),
    );
    const inputs = { ...inputsFor(model.config, 1, 8, 8), ...wrong };
    expect(() => model.forward(inputs, false)).toThrow(message);
    model.dispose();
    tf.disposeVariables();
  });

  it('carries its config and meta data through its files', async () => {
    const model = createConvLstm({ ...presets.tiny, futureChannels: 2 }, { seed: 1 });
    const files = await model.save({ meta: { channels: ['sic'], grid: 'north, 25 km' } });
    const loaded = await fromPretrained(files);
    expect(loaded.config).toEqual(model.config);
    expect(loaded.meta).toEqual({ channels: ['sic'], grid: 'north, 25 km' });
    expect((await loaded.save())['config.json']).toBe(files['config.json']);
    model.dispose();
    loaded.dispose();
  });
});
