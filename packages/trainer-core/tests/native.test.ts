import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { consume, createAdamW, fit } from '../src/index.js';
import { expectAveragesOfTorch } from './average-cases.js';
import { expectLossOfTorch } from './loss-cases.js';
import { expectStepsOfTorch, optimizerCases } from './optimizer-cases.js';
import { useTemporaryFolder } from './setup.js';
import { createTinyTask } from './tiny-task.js';
import { torchReference } from './torch-reference.js';

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

/** Names of the ops with several outputs, or none, that have run since. */
function spyOnOps(): () => string[] {
  // The public type of a backend does not know the methods of tfjs-node's.
  const backend = tf.backend() as unknown as { executeMultipleOutputs(name: string): unknown };
  const spy = vi.spyOn(backend, 'executeMultipleOutputs');
  return () => spy.mock.calls.map(([name]) => name);
}

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

  // What is used where @arctic/runtime has not built its own ops.
  it.each(Object.keys(optimizerCases))(
    "the steps of PyTorch by TensorFlow's kernels: %s",
    (name) => {
      const backend = tf.backend() as { arcticOps?: unknown };
      const { arcticOps } = backend;
      const used = spyOnOps();
      backend.arcticOps = undefined;
      try {
        expectStepsOfTorch(name);
        expect(used()).not.toContain('ArcticAdamW');
        if (/^adamw/.test(name)) expect(used()).toContain('ResourceApplyAdam');
      } finally {
        backend.arcticOps = arcticOps;
        vi.restoreAllMocks();
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('has one op for all parameters of a rate and age, where there is such an op', () => {
    const backend = tf.backend() as { arcticOps?: unknown };
    if (!backend.arcticOps) return;
    const variables = ['a1', 'a2', 'b1', 'late'].map((name) => ({
      name,
      variable: tf.tidy(() => tf.variable(tf.ones([2]))),
      trainable: true,
      decay: true,
    }));
    const groups = [{ match: 'b', learningRateScale: 0.5 }];
    const optimizer = createAdamW(variables, { learningRate: 0.1, groups });
    const step = (names: readonly string[]) =>
      tf.tidy(() => optimizer.apply(new Map(names.map((name) => [name, tf.ones([2])])), 0.1));
    const used = spyOnOps();
    step(['a1', 'a2', 'b1']);
    step(['a1', 'a2', 'b1', 'late']);
    expect(used().filter((op) => op === 'ArcticAdamW')).toHaveLength(2 + 3);
    vi.restoreAllMocks();
    optimizer.dispose();
    tf.dispose(variables.map(({ variable }) => variable));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(torchReference.softmaxCrossEntropy)('softmax cross-entropy: $name', (reference) => {
    expectLossOfTorch('softmax', reference);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(torchReference.sigmoidCrossEntropy)('sigmoid cross-entropy: $name', (reference) => {
    expectLossOfTorch('sigmoid', reference);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('averages of weights', () => {
    torchReference.averages.forEach(expectAveragesOfTorch);
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
