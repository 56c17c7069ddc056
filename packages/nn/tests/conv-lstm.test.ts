import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  convLstm,
  type ConvLstmState,
  createRng,
  isNnError,
  ParameterStore,
} from '../src/index.js';
import { onEachBackend } from './backends.js';
import {
  array,
  cases,
  expectClose,
  expectParameterGradients,
  folder,
  tensor,
  trainable,
} from './torch-fixture.js';

onEachBackend(() => {
  describe('convLstm', () => {
    test.each(cases.filter(([, { kind }]) => kind === 'convLstm'))(
      '%s: equal to torch',
      (name, options) => {
        const store = new ParameterStore({ seed: 1 });
        const layer = convLstm(store, '', options as never); // the options that the fixture script wrote
        store.loadStateDict(folder(`${name}/param`));
        tf.tidy(() => {
          const x = tensor<tf.Tensor5D>(`${name}/x`);
          const state = options['state']
            ? { h: tensor<tf.Tensor4D>(`${name}/h0`), c: tensor<tf.Tensor4D>(`${name}/c0`) }
            : undefined;
          const end = layer(x, state);
          expect(end.outputs.shape).toEqual(array(`${name}/y`).shape);
          expectClose(end.outputs.dataSync(), array(`${name}/y`).data, 'outputs');
          expectClose(end.state.h.dataSync(), array(`${name}/h`).data, 'hidden state');
          expectClose(end.state.c.dataSync(), array(`${name}/c`).data, 'cell state');
          const loss = (): tf.Tensor => {
            const { outputs, state: final } = layer(x, state);
            return tf.addN([
              tf.sum(tf.mul(outputs, tensor(`${name}/dy`))),
              tf.sum(tf.mul(final.h, tensor(`${name}/dh`))),
              tf.sum(tf.mul(final.c, tensor(`${name}/dc`))),
            ]);
          };
          const variables = trainable(store).map(({ variable }) => variable);
          const states = state ? [state.h, state.c] : [];
          const gradients = tf.grads(loss)([x, ...states, ...variables]);
          expectClose(
            (gradients[0] as tf.Tensor).dataSync(),
            array(`${name}/dx`).data,
            'gradient of x',
          );
          for (const [index, leaf] of state ? ['dh0', 'dc0'].entries() : []) {
            expectClose(
              (gradients[index + 1] as tf.Tensor).dataSync(),
              array(`${name}/${leaf}`).data,
              leaf,
            );
          }
          expectParameterGradients(
            store,
            gradients.slice(1 + states.length),
            folder(`${name}/grad`),
          );
        });
        store.dispose();
      },
    );

    test('a run in two halves equals one run', () => {
      const store = new ParameterStore({ seed: 3 });
      const layer = convLstm(store, 'cell', { inChannels: 2, hiddenChannels: 3 });
      tf.tidy(() => {
        const x = random([2, 5, 4, 4, 2]) as tf.Tensor5D;
        const whole = layer(x);
        const first = layer(tf.slice(x, [0, 0, 0, 0, 0], [2, 2, 4, 4, 2]));
        const second = layer(tf.slice(x, [0, 2, 0, 0, 0], [2, 3, 4, 4, 2]), first.state);
        const joined = tf.concat([first.outputs, second.outputs], 1);
        expectClose(joined.dataSync(), whole.outputs.dataSync(), 'outputs');
        expectClose(second.state.c.dataSync(), whole.state.c.dataSync(), 'cell state');
      });
      store.dispose();
    });

    test.each([
      ['several groups of steps', [2, 7, 40, 40, 1]],
      ['a group for each step', [1, 3, 130, 130, 1]],
    ])('%s: equal to one step after another', (_, shape) => {
      const store = new ParameterStore({ seed: 4 });
      const layer = convLstm(store, 'cell', { inChannels: 1, hiddenChannels: 1 });
      tf.tidy(() => {
        const x = random(shape) as tf.Tensor5D;
        const weights = random([...shape.slice(0, 4), 1]);
        const whole = (): tf.Tensor => layer(x).outputs;
        const stepwise = (): tf.Tensor => {
          const outputs: tf.Tensor[] = [];
          let state: ConvLstmState | undefined;
          for (const step of tf.split<tf.Tensor5D>(x, shape[1] as number, 1)) {
            const end = layer(step, state);
            outputs.push(end.outputs);
            state = end.state;
          }
          return tf.concat(outputs, 1);
        };
        const inputs = [x, ...trainable(store).map(({ variable }) => variable)];
        const [first, second] = [whole, stepwise].map((run) =>
          tf.valueAndGrads(() => tf.sum(tf.mul(run(), weights)))(inputs),
        ) as [Gradients, Gradients];
        expectClose(first.value.dataSync(), second.value.dataSync(), 'sum of outputs');
        for (const [index, gradient] of first.grads.entries()) {
          const other = second.grads[index] as tf.Tensor;
          expectClose(gradient.dataSync(), other.dataSync(), `gradient ${index}`);
        }
      });
      store.dispose();
    });

    test('gradients agree with finite differences', () => {
      const store = new ParameterStore({ seed: 5 });
      const layer = convLstm(store, 'cell', { inChannels: 1, hiddenChannels: 2 });
      tf.tidy(() => {
        const x = tf.variable(random([1, 3, 3, 3, 1]));
        const h = tf.variable(random([1, 3, 3, 2]));
        const c = tf.variable(random([1, 3, 3, 2]));
        const weights = random([1, 3, 3, 3, 2]);
        const state = { h, c } as unknown as ConvLstmState; // rank is known from the shape
        const loss = (): tf.Tensor =>
          tf.tidy(() => {
            const end = layer(x as unknown as tf.Tensor5D, state);
            return tf.addN([tf.sum(tf.mul(end.outputs, weights)), tf.sum(tf.square(end.state.c))]);
          });
        const variables = [x, h, c, ...trainable(store).map(({ variable }) => variable)];
        const gradients = tf.grads(loss)(variables);
        for (const [index, variable] of variables.entries()) {
          const exact = (gradients[index] as tf.Tensor).dataSync();
          const spots = Array.from({ length: 4 }, (_, spot) =>
            Math.floor((spot * variable.size) / 4),
          );
          const measured = spots.map((spot) => difference(loss, variable, spot));
          expectClose(
            spots.map((spot) => exact[spot] ?? NaN),
            measured,
            `input ${index}`,
            3e-3,
          );
        }
        tf.dispose([x, h, c]);
      });
      store.dispose();
    });

    test('inputGradient: false leaves the other gradients as they are', () => {
      const stores = [true, false].map(() => new ParameterStore({ seed: 9 }));
      tf.tidy(() => {
        const x = random([1, 3, 4, 4, 2]) as tf.Tensor5D;
        const [full, lean] = stores.map((store, index) => {
          const options = { inChannels: 2, hiddenChannels: 2, inputGradient: index === 0 };
          const layer = convLstm(store, 'cell', options);
          const variables = trainable(store).map(({ variable }) => variable);
          return tf.grads(() => tf.sum(layer(x).outputs))([x, ...variables]);
        }) as [tf.Tensor[], tf.Tensor[]];
        expect(Math.max(...(lean[0] as tf.Tensor).dataSync().map(Math.abs))).toBe(0);
        for (const index of [1, 2, 3]) {
          expect((lean[index] as tf.Tensor).dataSync()).toEqual(
            (full[index] as tf.Tensor).dataSync(),
          );
        }
      });
      for (const store of stores) store.dispose();
    });

    test('starts with an open forget gate', async () => {
      const store = new ParameterStore({ seed: 5 });
      convLstm(store, 'cell', { inChannels: 1, hiddenChannels: 2 });
      const state = await store.stateDict();
      expect([...state.keys()]).toEqual(['cell.weight_ih', 'cell.weight_hh', 'cell.bias']);
      expect(state.get('cell.weight_ih')?.shape).toEqual([8, 1, 3, 3]);
      expect([...(state.get('cell.bias')?.data ?? [])]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
      store.dispose();
    });

    test('says what it expected', () => {
      const store = new ParameterStore({ seed: 5 });
      const layer = convLstm(store, 'cell', { inChannels: 1, hiddenChannels: 2 });
      tf.tidy(() => {
        const x = tf.zeros([1, 2, 4, 4, 3]) as tf.Tensor5D;
        expect(() => layer(x)).toThrow(
          'expected a tensor [B,T,H,W,C] with 1 channels. Received: shape [1,2,4,4,3]',
        );
        const h = tf.zeros([1, 4, 5, 2]) as tf.Tensor4D;
        const run = (): unknown => layer(tf.zeros([1, 2, 4, 4, 1]), { h, c: h });
        expect(run).toThrow('expected a state [1,4,4,2]');
      });
      try {
        convLstm(store, 'even', { inChannels: 1, hiddenChannels: 2, kernelSize: 4 });
        expect.unreachable();
      } catch (error) {
        expect(isNnError(error) && error.reason).toBe('config');
      }
      store.dispose();
    });
  });
});

type Gradients = { value: tf.Tensor; grads: tf.Tensor[] };

function random(shape: number[]): tf.Tensor {
  const rng = createRng(11).fork(shape.join());
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal() / 2),
    shape,
  );
}

/** The slope of `loss` along one value of `variable`. */
function difference(loss: () => tf.Tensor, variable: tf.Variable, spot: number): number {
  const step = 5e-3;
  const values = Float32Array.from(variable.dataSync());
  const at = (offset: number): number =>
    tf.tidy(() => {
      const moved = values.slice();
      moved[spot] = (moved[spot] ?? 0) + offset;
      variable.assign(tf.tensor(moved, variable.shape));
      return loss().dataSync()[0] as number; // a scalar has one value
    });
  const slope = (at(step) - at(-step)) / (2 * step);
  at(0);
  return slope;
}
