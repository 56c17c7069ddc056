import { expect, it } from 'vitest';
import { resultName } from '../../src/steps/result-name.js';

it('is safe as a folder', () => {
  expect(resultName('predict', '/models/siamese/', '/a/April 2020 (B).tif')).toBe(
    'predict-siamese-April_2020__B_.tif',
  );
});
