import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toEqual([
    'CheckpointError',
    'NonFiniteError',
    'OptionsError',
    'RESUMABLE_EXIT_CODE',
    'TrainerError',
    'alone',
    'clipGradients',
    'consume',
    'createAdamW',
    'createRng',
    'createSgd',
    'csvLogger',
    'earlyStoppingStart',
    'earlyStoppingStep',
    'epochOrder',
    'fit',
    'globalNorm',
    'isTrainerError',
    'learningRateAt',
    'loadWeights',
    'plateauStart',
    'plateauStep',
    'progressBar',
    'rngOf',
    'shareOf',
    'stopOnSignals',
  ]);
});
