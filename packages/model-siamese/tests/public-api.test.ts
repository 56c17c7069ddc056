import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toEqual([
    'SiameseError',
    'changeLoss',
    'createSiamese',
    'fromPretrained',
    'isSiameseError',
    'presets',
  ]);
});

it('tells its errors by tag', () => {
  expect(api.isSiameseError(new api.SiameseError('x'))).toBe(true);
  expect(api.isSiameseError(new Error('x'))).toBe(false);
});
