import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  createAdamW,
  createRmsprop,
  createSgd,
  isTrainerError,
  layerwiseRates,
  type Optimizer,
  type Parameter,
  type ParameterGroup,
} from '../src/index.js';
import { fitsName } from '../src/parameter-groups.js';
import { useCpuBackend } from './setup.js';

useCpuBackend();

const names = ['stem.weight', 'layer1.weight', 'layer1.bias', 'layer10.weight', 'head.weight'];

/** How far each parameter, which begins at 1, has gone after a step of rate 1 with this gradient. */
function moves(
  groups: readonly ParameterGroup[],
  gradient: number,
  make: (parameters: readonly Parameter[], groups: readonly ParameterGroup[]) => Optimizer,
): Record<string, number> {
  const parameters = names.map((name) => ({
    name,
    variable: tf.tidy(() => tf.variable(tf.scalar(1))),
    trainable: true,
    decay: !name.endsWith('bias'),
  }));
  try {
    const optimizer = make(parameters, groups);
    const gradients = new Map(names.map((name) => [name, tf.scalar(gradient)]));
    optimizer.apply(gradients, 1);
    tf.dispose([...gradients.values()]);
    optimizer.dispose();
    return Object.fromEntries(
      parameters.map(({ name, variable }) => [name, 1 - (variable.dataSync()[0] ?? NaN)]),
    );
  } finally {
    tf.dispose(parameters.map(({ variable }) => variable));
  }
}

const makers = {
  adamw: (parameters: readonly Parameter[], groups: readonly ParameterGroup[]) =>
    createAdamW(parameters, { learningRate: 1, weightDecay: 0.5, groups }),
  sgd: (parameters: readonly Parameter[], groups: readonly ParameterGroup[]) =>
    createSgd(parameters, { learningRate: 1, momentum: 0, weightDecay: 0.5, groups }),
  'sgd with momentum': (parameters: readonly Parameter[], groups: readonly ParameterGroup[]) =>
    createSgd(parameters, { learningRate: 1, weightDecay: 0.5, groups }),
  'rmsprop with momentum': (parameters: readonly Parameter[], groups: readonly ParameterGroup[]) =>
    // With this epsilon it is SGD, near enough.
    createRmsprop(parameters, {
      ...{ learningRate: 1, weightDecay: 0.5, epsilon: 1e-30, alpha: 0, momentum: 0.9, groups },
    }),
};

describe.each(Object.entries(makers))('groups of %s', (name, make) => {
  it('have a rate of their own; the first that matches counts', () => {
    const all = [{ match: /./, weightDecay: 0 }];
    const plain = moves(all, 1, make);
    const groups = [
      { match: 'head', learningRateScale: 3, weightDecay: 0 },
      { match: /^layer\d+\.weight$/g, learningRateScale: 0.25, weightDecay: 0 },
      { match: /weight/, learningRateScale: 0.5, weightDecay: 0 },
    ];
    const received = moves(groups, 1, make);
    const ratios = names.map((key) => (received[key] ?? NaN) / (plain[key] ?? NaN));
    expect(ratios).toEqual([0.5, 0.25, 1, 0.25, 3].map((ratio) => expect.closeTo(ratio, 5)));
  });

  it('decay as they say, also where nothing else would; others only with `decay`', () => {
    const groups = [{ match: 'layer1.', weightDecay: 0.25 }];
    const received = moves(groups, 0, make);
    // RMSprop divides by the size of the gradient, which here is that of decay alone.
    const decays = name.startsWith('rmsprop') ? [1, 1, 1, 1, 1] : [0.5, 0.25, 0.25, 0.5, 0.5];
    expect(names.map((key) => received[key])).toEqual(
      decays.map((decay) => expect.closeTo(decay, 5)),
    );
    expect(moves([], 0, make)['layer1.bias']).toBeCloseTo(0, 6);
  });
});

describe('groups', () => {
  it.each<[string, ParameterGroup]>([
    ['groups.match', { match: 'body' }],
    ['groups.learningRateScale', { match: 'head', learningRateScale: -1 }],
    ['groups.weightDecay', { match: 'head', weightDecay: NaN }],
  ])('that make no sense are refused: %s', (message, group) => {
    let error: unknown;
    try {
      moves([group], 0, makers.adamw);
    } catch (thrown) {
      error = thrown;
    }
    expect(isTrainerError(error, 'Options') && error.message).toContain(message);
  });
});

it('takes a pattern the same way every time, global or not', () => {
  const match = /weight/g;
  expect([1, 2, 3].map(() => fitsName('head.weight', match))).toEqual([true, true, true]);
});

describe('layerwiseRates', () => {
  it('halves the rate from layer to layer, and takes the longest name that fits', () => {
    const groups = layerwiseRates(['stem', 'layer1', 'layer10', 'head'], 0.5);
    const plain = moves([], 1, makers.adamw);
    const received = moves(
      groups.map((group) => ({ ...group, weightDecay: 0 })),
      1,
      makers.adamw,
    );
    expect(received['head.weight']).toBeLessThan(plain['head.weight'] ?? NaN); // no decay
    expect(names.map((name) => received[name])).toEqual(
      [1 / 8, 1 / 4, 1 / 4, 1 / 2, 1].map((rate) => expect.closeTo(rate, 5)),
    );
  });

  it('expects a factor above 0', () => {
    expect(() => layerwiseRates(['a'], 0)).toThrow('factor to be a number above 0');
  });
});
