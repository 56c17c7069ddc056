import { expect, it } from 'vitest';
import { setTensorFlowEnvironment } from '../src/environment.js';
import { recommendedEnv } from '../src/index.js';

it('sets one thread per core and quiet logging, but not against the user', () => {
  const env: NodeJS.ProcessEnv = { TF_CPP_MIN_LOG_LEVEL: '0' };
  expect(setTensorFlowEnvironment(env, 8)).toBe(8);
  expect(env).toMatchObject({ TF_CPP_MIN_LOG_LEVEL: '0', TF_NUM_INTRAOP_THREADS: '8' });
  expect(setTensorFlowEnvironment({ TF_NUM_INTRAOP_THREADS: '3' }, 8)).toBe(3);
});

it('recommends malloc settings to glibc alone', () => {
  expect(Object.keys(recommendedEnv('linux'))).toContain('MALLOC_TRIM_THRESHOLD_');
  expect(recommendedEnv('darwin')).toEqual({});
});
