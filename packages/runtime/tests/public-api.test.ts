import { expect, it } from 'vitest';
import * as runtime from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(runtime).sort()).toEqual([
    'RuntimeError',
    'doctor',
    'formatDoctorReport',
    'install',
    'isRuntimeError',
    'loadBackend',
    'recommendedEnv',
    'uninstall',
  ]);
});
