import { expect, test } from 'vitest';
import * as api from '../src/index.js';

test('exports this list and no more', () => {
  expect(Object.keys(api).sort()).toEqual([
    'CHANGE_KINDS',
    'DataSynthError',
    'ICE_CLASSES',
    'generateChangePair',
    'generateIceScene',
    'generateSicSeries',
    'isDataSynthError',
    'writeChangePairs',
    'writeIceImagery',
    'writeSicStore',
    'yearsForWindows',
  ]);
});
