import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toEqual([
    'ClassifierError',
    'createClassifier',
    'crossEntropy',
    'fromPretrained',
    'isClassifierError',
    'presets',
  ]);
});

it('tells its errors by tag', () => {
  expect(api.isClassifierError(new api.ClassifierError('x'))).toBe(true);
  expect(api.isClassifierError(new Error('x'))).toBe(false);
});
