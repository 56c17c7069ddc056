import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  avgPool2d,
  batchNorm2d,
  conv2d,
  convTranspose2d,
  depthToSpace,
  globalAvgPool2d,
  linear,
  maxPool2d,
  ParameterStore,
  relu,
  sigmoid,
  spaceToDepth,
  tanh,
  upsample2d,
} from '../src/index.js';
import { onEachBackend } from './backends.js';
import {
  array,
  cases,
  expectClose,
  expectParameterGradients,
  folder,
  type Options,
  tensor,
  trainable,
} from './torch-fixture.js';

type Apply = (x: tf.Tensor4D, extra: tf.Tensor4D[]) => tf.Tensor;

/** The layer of a case; options are as the fixture script wrote them. */
function build(store: ParameterStore, options: Options): Apply {
  // Each kind has the options of its own layer.
  const own = options as never;
  const training = options['training'] === true;
  switch (options.kind) {
    case 'conv2d': {
      const layer = conv2d(store, '', own);
      return (x) => layer(x, true);
    }
    case 'convTranspose2d': {
      const layer = convTranspose2d(store, '', own);
      return (x) => layer(x, true);
    }
    case 'batchNorm2d': {
      const layer = batchNorm2d(store, '', own);
      return (x) => layer(x, training);
    }
    case 'normResidual': {
      const layer = batchNorm2d(store, 'norm', { channels: 3, activation: 'relu' });
      return (x, [residual]) => layer(x, training, residual);
    }
    case 'linear': {
      const layer = linear(store, '', own);
      return (x) => layer(x as tf.Tensor as tf.Tensor2D);
    }
    case 'maxPool2d':
      return (x) => maxPool2d(x, own);
    case 'avgPool2d':
      return (x) => avgPool2d(x, own);
    case 'globalAvgPool2d':
      return globalAvgPool2d;
    case 'upsample2d':
      return (x) => upsample2d(x, own);
    case 'spaceToDepth':
      return (x) => spaceToDepth(x, Number(options['block']));
    case 'depthToSpace':
      return (x) => depthToSpace(x, Number(options['block']));
    case 'relu':
      return relu;
    case 'sigmoid':
      return sigmoid;
    case 'tanh':
      return tanh;
    default:
      throw new Error(`No layer for "${options.kind}".`);
  }
}

onEachBackend(() => {
  describe('equal to torch', () => {
    test.each(cases.filter(([, { kind }]) => kind !== 'convLstm'))('%s', async (name, options) => {
      const store = new ParameterStore({ seed: 1 });
      const apply = build(store, options);
      store.loadStateDict(folder(`${name}/param`));
      tf.tidy(() => {
        if (options['steps'] === 2) apply(tensor(`${name}/first`), []);
        const x = tensor<tf.Tensor4D>(`${name}/x`);
        const dy = tensor(`${name}/dy`);
        const extra =
          options.kind === 'normResidual' ? [tensor<tf.Tensor4D>(`${name}/residual`)] : [];
        const variables = trainable(store).map(({ variable }) => variable);
        const run = (): tf.Tensor => apply(x, extra);
        const inputs = [x, ...extra, ...variables];
        const { value, grads } = tf.valueAndGrads(run)(inputs, dy);
        const [dx, ...others] = grads as [tf.Tensor, ...tf.Tensor[]];
        expect(value.shape).toEqual(array(`${name}/y`).shape);
        expectClose(value.dataSync(), array(`${name}/y`).data, 'output');
        expectClose(dx.dataSync(), array(`${name}/dx`).data, 'gradient of x');
        if (extra.length > 0) {
          const residual = others.shift() as tf.Tensor;
          expectClose(residual.dataSync(), array(`${name}/dresidual`).data, 'gradient of residual');
        }
        expectParameterGradients(
          store,
          others,
          new Map([...folder(`${name}/grad`)].filter(([key]) => key !== 'residual')),
        );
      });
      const state = await store.stateDict();
      for (const [key, { data }] of folder(`${name}/after`)) {
        expectClose(state.get(key)?.data ?? [], data, `${key} afterwards`);
      }
      store.dispose();
    });
  });
});
