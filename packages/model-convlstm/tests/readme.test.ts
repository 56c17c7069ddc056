import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import * as api from '../src/index.js';

/** Runs the first code block of a text that imports tfjs-core and this package; returns its last `sic`. */
function run(text: string): unknown {
  const block = /```[jt]s\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const body = block
    .replaceAll(/^ \* ?/gm, '')
    .replaceAll(/^import '.*$/gm, '')
    .replace(/^import \* as tf from .*$/m, '')
    .replace(/^import (\{.*\}) from '@arctic\/model-convlstm';$/m, 'const $1 = api;');
  return new Function('tf', 'api', 'console', `${body}; return sic;`)(tf, api, {
    log: () => undefined,
  });
}

it.each(['../README.md', '../src/index.ts'])(
  'the example of %s makes a 7-day forecast',
  async (file) => {
    await tf.setBackend('cpu');
    const sic = run(readFileSync(new URL(file, import.meta.url), 'utf8')) as tf.Tensor4D; // what the example names
    expect(sic.shape).toEqual([1, 7, 48, 48]);
    expect(sic.dataSync().every((value) => Math.abs(value - 0.9) < 1e-6)).toBe(true);
    tf.disposeVariables();
  },
);
