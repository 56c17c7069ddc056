import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  createAdamW,
  createRmsprop,
  createSgd,
  isTrainerError,
  type Optimizer,
  type Parameter,
} from '../src/index.js';
import { expectStepsOfTorch, optimizerCases } from './optimizer-cases.js';
import { useCpuBackend } from './setup.js';

useCpuBackend();

describe('the steps of PyTorch', () => {
  it.each(Object.keys(optimizerCases))('%s', (name) => {
    expectStepsOfTorch(name);
  });
});

const makers = {
  adamw: (parameters: readonly Parameter[]) => createAdamW(parameters, { learningRate: 0.1 }),
  sgd: (parameters: readonly Parameter[]) => createSgd(parameters, { learningRate: 0.1 }),
  rmsprop: (parameters: readonly Parameter[]) => createRmsprop(parameters, { learningRate: 0.1 }),
  'rmsprop with everything': (parameters: readonly Parameter[]) =>
    createRmsprop(parameters, { learningRate: 0.1, momentum: 0.9, centered: true }),
};

/** What a checkpoint would hold of an optimizer. */
async function saved(optimizer: Optimizer) {
  const slots = new Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }>();
  for (const { name, shape, dtype, read } of optimizer.slots()) {
    const data = (await read()).slice();
    expect(data).toBeInstanceOf(dtype === 'int32' ? Int32Array : Float32Array);
    expect(data).toHaveLength(shape.reduce((size, n) => size * n, 1));
    slots.set(name, { shape, data });
  }
  return slots;
}

describe.each(Object.entries(makers))('%s', (_, make) => {
  it('leaves parameters alone that have no gradient or are not trained', () => {
    const variables = [1, 2, 3].map((value) => tf.tidy(() => tf.variable(tf.scalar(value))));
    const parameters = variables.map((variable, i) => ({
      name: `p${i}`,
      variable,
      trainable: i !== 2,
      decay: true,
    }));
    const optimizer = make(parameters);
    tf.tidy(() => optimizer.apply(new Map([['p0', tf.scalar(1)]]), 0.1));
    const values = variables.map((variable) => variable.dataSync()[0]);
    expect(values[0]).toBeLessThan(1);
    expect(values.slice(1)).toEqual([2, 3]);
    optimizer.dispose();
    tf.dispose(variables);
  });

  it('goes on from saved slots as if nothing had happened', async () => {
    const run = async (interrupt: boolean) => {
      const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
      const late = tf.tidy(() => tf.variable(tf.tensor1d([3])));
      const parameters = [
        { name: 'p', variable, trainable: true, decay: true },
        { name: 'late', variable: late, trainable: true, decay: true },
      ];
      let optimizer = make(parameters);
      for (let step = 0; step < 6; step++) {
        if (interrupt && step === 3) {
          const slots = await saved(optimizer);
          const { steps } = optimizer;
          optimizer.dispose();
          optimizer = make(parameters);
          optimizer.load(steps, slots);
        }
        tf.tidy(() => {
          const gradients = new Map([['p', tf.square(variable)]]);
          // Frozen at first: it has taken fewer steps than the other when the run is interrupted.
          if (step >= 2) gradients.set('late', tf.square(late));
          optimizer.apply(gradients, 0.1);
        });
      }
      const values = [...(await variable.data()), ...(await late.data())];
      optimizer.dispose();
      tf.dispose([variable, late]);
      return values;
    };
    expect(await run(true)).toEqual(await run(false));
  });

  it('refuses slots of another model', () => {
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const optimizer = make([{ name: 'p', variable, trainable: true, decay: true }]);
    let error: unknown;
    try {
      optimizer.load(1, new Map());
    } catch (thrown) {
      error = thrown;
    }
    expect(isTrainerError(error, 'Checkpoint')).toBe(true);
    optimizer.dispose();
    variable.dispose();
  });
});

it('takes the count of all parameters from checkpoints that have no other', async () => {
  const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
  const parameters = [{ name: 'p', variable, trainable: true, decay: true }];
  const step = (optimizer: Optimizer) =>
    tf.tidy(() => optimizer.apply(new Map([['p', tf.ones([2])]]), 0.1));
  const first = makers.adamw(parameters);
  step(first);
  step(first);
  const slots = await saved(first);
  expect(slots.get('p/step')?.data).toEqual(Int32Array.of(2));
  slots.delete('p/step');
  const second = makers.adamw(parameters);
  second.load(2, slots);
  const before = [...variable.dataSync()];
  step(first);
  const expected = [...variable.dataSync()];
  tf.tidy(() => variable.assign(tf.tensor1d(before)));
  step(second);
  expect([...variable.dataSync()]).toEqual(expected);
  for (const optimizer of [first, second]) optimizer.dispose();
  variable.dispose();
});

it('keeps the options’ momentum where a step brings none, and takes what it brings', () => {
  const run = (momentum: number | undefined) => {
    const variable = tf.tidy(() => tf.variable(tf.scalar(0)));
    const optimizer = makers.sgd([{ name: 'p', variable, trainable: true, decay: false }]);
    for (let i = 0; i < 2; i++) {
      tf.tidy(() => optimizer.apply(new Map([['p', tf.scalar(1)]]), 1, undefined, momentum));
    }
    const value = variable.dataSync()[0];
    optimizer.dispose();
    variable.dispose();
    return value;
  };
  expect(run(undefined)).toBeCloseTo(-2.9, 5);
  expect(run(0.5)).toBeCloseTo(-2.5, 5);
});
