import { describe, expect, it } from 'vitest';
import { presets, resolveConfig } from '../src/config.js';
import { ConvLstmError, isConvLstmError } from '../src/index.js';

describe('resolveConfig', () => {
  it('fills in the defaults: 30 steps in, 7 out, two layers of 32', () => {
    expect(resolveConfig({})).toMatchObject({
      inputSteps: 30,
      outputSteps: 7,
      hiddenChannels: [32, 32],
      patchSize: 4,
    });
    expect(resolveConfig({ inputSteps: undefined }).inputSteps).toBe(30);
  });

  it('takes every preset', () => {
    for (const preset of Object.values(presets)) expect(() => resolveConfig(preset)).not.toThrow();
  });

  it.each([
    [{ inputSteps: 0 }, 'inputSteps must be a whole number from 1. Received: 0.'],
    [{ patchSize: 1.5 }, 'patchSize must be a whole number from 1. Received: 1.5.'],
    [{ futureChannels: -1 }, 'futureChannels must be a whole number from 0. Received: -1.'],
    [{ hiddenChannels: [] }, 'hiddenChannels must be a list'],
    [{ kernelSize: 4 }, 'kernelSize must be an odd whole number. Received: 4.'],
    [{ huberDelta: 0 }, 'huberDelta must be a number above 0. Received: 0.'],
    [{ loss: 'rmse' as 'mse' }, 'loss must be mse, mae, huber. Received: "rmse".'],
    [{ headInit: 'ones' as 'zero' }, "headInit must be 'zero' or 'kaiming'"],
    [{ hidden: 3 } as object, 'hidden must be one of inputSteps,'],
  ])('refuses %o', (config, message) => {
    expect(() => resolveConfig(config)).toThrow(message);
    expect(() => resolveConfig(config)).toThrow(ConvLstmError);
  });
});

it('isConvLstmError knows its own', () => {
  expect(isConvLstmError(new ConvLstmError('x'))).toBe(true);
  expect(isConvLstmError(new Error('x'))).toBe(false);
});
