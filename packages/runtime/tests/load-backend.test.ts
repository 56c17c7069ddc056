import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { loadBackend } from '../src/index.js';
import { fakeSystem, temporaryFolder } from './fake-system.js';

it('goes on with JavaScript where nothing native is installed, and says why and how to mend it', async () => {
  const system = fakeSystem({ home: temporaryFolder() });
  const report = await loadBackend({ system });
  expect(report).toEqual({
    backend: 'cpu',
    kind: 'js',
    device: 'CPU, 1 thread (JavaScript)',
    tfjsVersion: tf.version_core,
    threads: 1,
    reason: 'The native TensorFlow backend is not installed.',
    remedy: 'npx arctic-runtime install',
  });
  expect(tf.getBackend()).toBe('cpu');
  expect(Array.from(await tf.tidy(() => tf.add([1], [2])).data())).toEqual([3]);
});

it('passes on the fault of a failed installation', async () => {
  const system = fakeSystem({ home: temporaryFolder() });
  const report = await loadBackend({ system, autoInstall: true });
  expect(report).toMatchObject({
    kind: 'js',
    reason: expect.stringContaining('No C++ compiler found'),
  });
  expect(report.remedy).toContain('g++');
});

it('obeys the caller, and ARCTIC_BACKEND before the caller', async () => {
  const asked = await loadBackend({ prefer: 'js' });
  expect(asked).toMatchObject({ kind: 'js', reason: 'asked for by the caller' });
  const system = fakeSystem({ env: { ARCTIC_BACKEND: 'js' } });
  const forced = await loadBackend({ prefer: 'native', system });
  expect(forced).toMatchObject({ kind: 'js', reason: 'asked for by ARCTIC_BACKEND=js' });
  expect(forced.remedy).toBeUndefined();
});

it('refuses an unknown ARCTIC_BACKEND', async () => {
  const system = fakeSystem({ env: { ARCTIC_BACKEND: 'cuda' } });
  await expect(loadBackend({ system })).rejects.toThrow(
    "Expected ARCTIC_BACKEND to be 'js' or 'native'. Received: 'cuda'.",
  );
});
