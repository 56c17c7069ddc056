import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { consume, createAdamW, fit } from '../src/index.js';
import { expectStepsOfTorch, optimizerCases } from './optimizer-cases.js';
import { useTemporaryFolder } from './setup.js';
import { createTinyTask } from './tiny-task.js';

const temporary = useTemporaryFolder();

/** Asked for by name only: the trainer does not depend on it. */
const RUNTIME = '@arctic/runtime';

async function nativeBackendIsThere(): Promise<boolean> {
  try {
    const runtime: { loadBackend(): Promise<{ backend: string }> } = await import(RUNTIME);
    return (await runtime.loadBackend()).backend === 'tensorflow';
  } catch {
    return false;
  }
}

const native = await nativeBackendIsThere();

// Skipped, by name, where the native backend is not installed.
describe.skipIf(!native)('on the native backend (npx arctic-runtime install)', () => {
  let before = 0;
  beforeAll(async () => {
    await tf.setBackend('tensorflow');
    before = tf.memory().numTensors;
  });

  it.each(Object.keys(optimizerCases))('the steps of PyTorch: %s', (name) => {
    expectStepsOfTorch(name);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('does not change tensors that share the buffer of a variable', async () => {
    const variable = tf.tidy(() => tf.variable(tf.ones([100])));
    const clone = tf.clone(variable);
    const optimizer = createAdamW([{ name: 'p', variable, trainable: true, decay: false }], {
      learningRate: 0.1,
    });
    tf.tidy(() => optimizer.apply(new Map([['p', tf.ones([100])]]), 0.1));
    const slots = optimizer.slots();
    const kept = await slots[0]?.read();
    tf.tidy(() => optimizer.apply(new Map([['p', tf.ones([100])]]), 0.1));
    expect((await clone.data())[0]).toBe(1);
    expect(kept?.[0]).toBeCloseTo(0.1, 6);
    expect((await variable.data())[0]).toBeCloseTo(0.8, 4);
    optimizer.dispose();
    tf.dispose([variable, clone]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('resumes exactly and leaks nothing', async () => {
    const weights = async (runFolder: string, kill: boolean) => {
      const counts = new Set<number>();
      const options = {
        epochs: 3,
        batchSize: 8,
        seed: 1,
        runFolder,
        resume: true,
        checkpointEvery: { seconds: 1e-9 },
        optimizer: { kind: 'adamw', learningRate: 0.05 },
      } as const;
      if (kill) {
        const task = createTinyTask();
        for await (const event of fit(task, options)) {
          if (event.kind === 'batch') counts.add(tf.memory().numTensors);
          if (event.kind === 'batch' && event.step === 5) break;
        }
        task.dispose();
        expect(counts.size).toBe(1);
      }
      const task = createTinyTask();
      await consume(fit(task, options));
      const values = task.weights();
      task.dispose();
      return values;
    };
    const whole = await weights(`${temporary()}/whole`, false);
    expect(await weights(`${temporary()}/killed`, true)).toEqual(whole);
    expect(tf.memory().numTensors).toBe(before);
  });
});
