import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEma, isTrainerError, type Ema } from '../src/index.js';
import { expectAveragesOfTorch } from './average-cases.js';
import { useCpuBackend } from './setup.js';
import { torchReference } from './torch-reference.js';

useCpuBackend();

describe('the averages of PyTorch', () => {
  it.each(torchReference.averages)('decay $decay, warm-up $warmup', (reference) => {
    expectAveragesOfTorch(reference);
  });
});

/** A weight that is averaged and a statistic that is not. */
function model() {
  const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
  const statistic = tf.tidy(() => tf.variable(tf.scalar(10), false));
  const set = (w: number, s: number) =>
    tf.tidy(() => {
      weight.assign(tf.scalar(w));
      statistic.assign(tf.scalar(s));
    });
  return {
    parameters: [
      { name: 'weight', variable: weight, trainable: true, decay: true },
      { name: 'statistic', variable: statistic, trainable: false, decay: false },
    ],
    set,
    values: () => [weight, statistic].map((variable) => variable.dataSync()[0]),
    dispose: () => tf.dispose([weight, statistic]),
  };
}

async function saved(ema: Ema) {
  const slots = new Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }>();
  for (const { name, shape, read } of ema.slots()) {
    slots.set(name, { shape, data: (await read()).slice() });
  }
  return slots;
}

describe('createEma', () => {
  it('averages what is trained only', () => {
    const { parameters, set, values, dispose } = model();
    const ema = createEma(parameters, { decay: 0.5 });
    ema.update();
    set(2, 20);
    ema.update();
    ema.swapIn();
    expect(values()).toEqual([1.5, 20]);
    ema.swapOut();
    expect(values()).toEqual([2, 20]);
    ema.dispose();
    dispose();
  });

  it('is the weights themselves before the first update, and those of the first at it', () => {
    const { parameters, set, values, dispose } = model();
    const ema = createEma(parameters, { decay: 0.9 });
    set(5, 0); // as when weights are loaded
    ema.swapIn();
    expect(values()[0]).toBe(5);
    ema.swapOut();
    ema.update();
    ema.swapIn();
    expect(values()[0]).toBe(5);
    ema.dispose();
    dispose();
  });

  it('does not mind being swapped twice, and leaves the weights when it is disposed', () => {
    const { parameters, set, values, dispose } = model();
    const ema = createEma(parameters, { decay: 0.5 });
    ema.update();
    set(2, 0);
    ema.update();
    ema.swapIn();
    ema.swapIn();
    expect(values()[0]).toBe(1.5);
    ema.swapOut();
    ema.swapOut();
    expect(values()[0]).toBe(2);
    ema.swapIn();
    ema.dispose();
    expect(values()[0]).toBe(2);
    dispose();
  });

  it('refuses to take averages for weights', () => {
    const { parameters, dispose } = model();
    const ema = createEma(parameters, { decay: 0.5 });
    ema.update();
    ema.swapIn();
    expect(() => ema.update()).toThrow('Call swapOut first');
    expect(() => ema.slots()).toThrow('Call swapOut first');
    ema.dispose();
    dispose();
  });

  it.each([1, 10])('goes on from saved averages, with a warm-up of %i', async (warmup) => {
    const run = async (interrupt: boolean) => {
      const { parameters, set, values, dispose } = model();
      let ema = createEma(parameters, { decay: 0.99, warmup });
      for (let step = 0; step < 6; step++) {
        if (interrupt && step === 3) {
          const slots = await saved(ema);
          ema.dispose();
          ema = createEma(parameters, { decay: 0.99, warmup });
          ema.load(slots);
        }
        set(step * step, 0);
        ema.update();
      }
      ema.swapIn();
      const [value] = values();
      ema.dispose();
      dispose();
      return value;
    };
    expect(await run(true)).toBe(await run(false));
  });

  it('puts the weights back before it loads others', async () => {
    const { parameters, set, values, dispose } = model();
    const ema = createEma(parameters, { decay: 0.5 });
    ema.update();
    set(3, 0);
    ema.update();
    const slots = await saved(ema);
    ema.swapIn();
    ema.load(slots);
    expect(values()[0]).toBe(3);
    ema.swapIn();
    expect(values()[0]).toBe(2);
    ema.dispose();
    dispose();
  });

  it('refuses averages of another model', () => {
    const { parameters, dispose } = model();
    const ema = createEma(parameters, { decay: 0.5 });
    let error: unknown;
    try {
      ema.load(new Map());
    } catch (thrown) {
      error = thrown;
    }
    expect(isTrainerError(error, 'Checkpoint')).toBe(true);
    const average = { shape: [], data: Float32Array.of(1) };
    expect(() => ema.load(new Map([['ema/weight', average]]))).toThrow('ema/updates');
    ema.dispose();
    dispose();
  });

  it('expects a share and a whole number', () => {
    expect(() => createEma([], { decay: 1.5 })).toThrow('ema.decay');
    expect(() => createEma([], { decay: 0.9, warmup: 0 })).toThrow('ema.warmup');
  });
});
