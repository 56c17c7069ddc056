import { expect, it } from 'vitest';
import { resolveConfig } from '../src/config.js';
import { fitOptions } from '../src/train-model.js';

it('hands the settings of a training on to the loop', () => {
  const settings = { emaDecay: 0.9, keepTop: 2, accumulate: 3, prefetch: 4, patience: 5 };
  const { classifier } = resolveConfig('x', '.', {}, { classifier: settings });
  expect(fitOptions(classifier)).toMatchObject({
    prefetch: 4,
    accumulate: 3,
    ema: { decay: 0.9 },
    topK: { k: 2 },
    earlyStopping: { patience: 5 },
  });
});
