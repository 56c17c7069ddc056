import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend, type BackendReport } from '../src/index.js';

describe('the native backend', () => {
  let report: BackendReport;

  beforeAll(async () => {
    report = await loadBackend();
  });

  /** Skips the test, saying why, where the native backend is not installed on this machine. */
  function needsNative(context: { skip(note?: string): void }): void {
    if (report.kind === 'js') context.skip(`${report.reason} Mend with: ${report.remedy}`);
  }

  it('is the backend of the tfjs-core that everybody imports', (context) => {
    needsNative(context);
    expect(tf.getBackend()).toBe('tensorflow');
    expect(report).toMatchObject({ backend: 'tensorflow', tfjsVersion: tf.version_core });
    expect(report.tensorflowVersion).toMatch(/^2\.\d+\.\d+/);
    expect(report.threads).toBeGreaterThan(0);
  });

  it('calculates, with gradients, and leaks nothing', async (context) => {
    needsNative(context);
    const before = tf.memory().numTensors;
    const gradient = tf.tidy(() => tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, -2])));
    expect(Array.from(await gradient.data())).toEqual([2, -4]);
    gradient.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('rounds int32 tensors to themselves, and floats as ever', async (context) => {
    needsNative(context);
    const integers = tf.tidy(() => tf.round(tf.tensor1d([-3, 0, 7], 'int32')));
    const floats = tf.tidy(() => tf.round([-1.6, 0.4, 2.6]));
    expect(integers.dtype).toBe('int32');
    expect(Array.from(await integers.data())).toEqual([-3, 0, 7]);
    expect(Array.from(await floats.data())).toEqual([-2, 0, 3]);
    tf.dispose([integers, floats]);
  });

  it('comes back after the JavaScript backend was asked for', async (context) => {
    needsNative(context);
    expect(await loadBackend({ prefer: 'js' })).toMatchObject({ backend: 'cpu' });
    expect(tf.getBackend()).toBe('cpu');
    expect(await loadBackend()).toEqual(report);
    expect(tf.getBackend()).toBe('tensorflow');
  });
});
