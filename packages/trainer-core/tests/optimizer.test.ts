import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createAdamW, createSgd, isTrainerError, type Parameter } from '../src/index.js';
import { expectStepsOfTorch, optimizerCases } from './optimizer-cases.js';
import { useCpuBackend } from './setup.js';

useCpuBackend();

describe('the steps of PyTorch', () => {
  it.each(Object.keys(optimizerCases))('%s', (name) => expectStepsOfTorch(name));
});

const makers = {
  adamw: (parameters: readonly Parameter[]) => createAdamW(parameters, { learningRate: 0.1 }),
  sgd: (parameters: readonly Parameter[]) => createSgd(parameters, { learningRate: 0.1 }),
};

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
      const parameters = [{ name: 'p', variable, trainable: true, decay: true }];
      let optimizer = make(parameters);
      for (let step = 0; step < 6; step++) {
        if (interrupt && step === 3) {
          const slots = new Map<string, { shape: readonly number[]; data: Float32Array }>();
          for (const { name, shape, read } of optimizer.slots()) {
            slots.set(name, { shape, data: Float32Array.from(await read()) });
          }
          const { steps } = optimizer;
          optimizer.dispose();
          optimizer = make(parameters);
          optimizer.load(steps, slots);
        }
        tf.tidy(() => optimizer.apply(new Map([['p', tf.square(variable)]]), 0.1));
      }
      const values = [...(await variable.data())];
      optimizer.dispose();
      variable.dispose();
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
