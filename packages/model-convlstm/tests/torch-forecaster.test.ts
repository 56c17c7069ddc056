import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createConvLstm, type ConvLstmConfig } from '../src/index.js';
import { noise } from './noise.js';

interface Case {
  readonly config: ConvLstmConfig;
  readonly grid: [number, number];
  readonly prediction: number[];
  readonly loss: number;
  /** Of each gradient the norm and the projection on noise. */
  readonly gradients: Record<string, [number, number]>;
}

const cases = JSON.parse(
  readFileSync(new URL('./fixtures/torch-forecaster.json', import.meta.url), 'utf8'),
) as Case[]; // written by tools/fixtures/torch_forecaster.py

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(cases)(
  'patch $config.patchSize, hidden $config.hiddenChannels, loss $config.loss',
  ({ config, grid, prediction, loss, gradients }) => {
    it('equals the same network in PyTorch: forecast, loss, gradients', async () => {
      const before = tf.memory().numTensors;
      const model = createConvLstm(config, { seed: 1 });
      const state = await model.store.stateDict();
      expect([...state.keys()].sort()).toEqual(Object.keys(gradients).sort());
      model.store.loadStateDict(
        new Map(
          [...state].map(([name, { shape, data }]) => [
            name,
            { shape, data: noise(name, data.length).map((value) => 0.3 * value) },
          ]),
        ),
      );
      tf.tidy(() => {
        const [T, [H, W]] = [config.outputSteps, grid];
        const tensor = <R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]) =>
          tf.tensor<R>(noise(name, tf.util.sizeFromShape(shape)), shape);
        const shape: [number, number, number, number] = [2, T, H, W];
        const weights = tf.relu(tensor<tf.Rank.R4>('weights', shape));
        const target = tf.where<tf.Tensor4D>(
          tf.greater(weights, 0),
          tensor<tf.Rank.R4>('target', shape),
          tf.fill(shape, NaN),
        );
        const inputs = {
          past: tensor<tf.Rank.R5>('past', [2, config.inputSteps, H, W, config.inputChannels]),
          ...(config.futureChannels === 0
            ? {}
            : { future: tensor<tf.Rank.R5>('future', [...shape, config.futureChannels]) }),
          reference: tensor<tf.Rank.R4>('reference', shape),
        };
        const output = model.forward(inputs, true);
        expect(output.shape).toEqual(shape);
        expectNear([...output.dataSync()], prediction);

        const { value, grads } = tf.variableGrads(() =>
          model.loss(model.forward(inputs, true), { target, weights }),
        );
        expectNear([...value.dataSync()], [loss]);
        for (const { name, variable } of model.store.parameters) {
          const gradient = grads[variable.name];
          if (gradient === undefined) throw new Error(`no gradient for ${name}`);
          // Filters are [k,k,in,out] in memory and [out,in,k,k] in torch.
          const onFile = gradient.rank === 4 ? tf.transpose(gradient, [3, 2, 0, 1]) : gradient;
          const probe = noise(`probe ${name}`, gradient.size);
          const values = Float32Array.from(onFile.dataSync());
          const projection = values.reduce((sum, g, i) => sum + g * (probe[i] ?? 0), 0);
          expectNear([Number(tf.norm(gradient).dataSync()[0]), projection], gradients[name] ?? []);
        }
      });
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
);

/** Each number within 1e-4 of the expected one, on the scale of the largest. */
function expectNear(received: readonly number[], expected: readonly number[]): void {
  expect(received.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  const worst = expected.map((value, i) => Math.abs(value - (received[i] ?? NaN)) / scale);
  expect(Math.max(...worst)).toBeLessThan(1e-4);
}
