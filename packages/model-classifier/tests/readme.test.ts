import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import * as api from '../src/index.js';

/** Runs the first code block of a text that imports tfjs-core and this package; returns its `probabilities`. */
function run(text: string): unknown {
  const block = /```[jt]s\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const body = block
    .replaceAll(/^ \* ?/gm, '')
    .replaceAll(/^import '.*$/gm, '')
    .replace(/^import \* as tf from .*$/m, '')
    .replace(/^import (\{.*\}) from '@arctic\/model-classifier';$/m, 'const $1 = api;');
  return new Function('tf', 'api', 'console', `${body}; return probabilities;`)(tf, api, {
    log: () => undefined,
  });
}

it.each(['../README.md', '../src/index.ts'])('the example of %s runs', async (file) => {
  await tf.setBackend('cpu');
  tf.tidy(() => {
    const probabilities = run(readFileSync(new URL(file, import.meta.url), 'utf8')) as tf.Tensor; // what the example names
    expect(probabilities.shape).toEqual([2, 3]);
    expect(probabilities.dataSync().every((value) => value > 0 && value < 1)).toBe(true);
  });
});
