import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { createEma } from '../src/index.js';
import { difference } from './optimizer-cases.js';
import type { torchReference } from './torch-reference.js';

/** Updates averages as the fixture does and compares them after each with torch's, to 1e-6. */
export function expectAveragesOfTorch(reference: (typeof torchReference.averages)[number]): number {
  const w = tf.tidy(() => tf.variable(tf.tensor(reference.w0, [2, 3])));
  const b = tf.tidy(() => tf.variable(tf.tensor(reference.b0, [2])));
  const ema = createEma(
    [
      { name: 'w', variable: w, trainable: true, decay: true },
      { name: 'b', variable: b, trainable: true, decay: false },
    ],
    reference,
  );
  let largest = 0;
  for (const step of reference.steps) {
    tf.tidy(() => {
      w.assign(tf.tensor(step.w, [2, 3]));
      b.assign(tf.tensor(step.b, [2]));
    });
    ema.update();
    ema.swapIn();
    const differences = [
      difference(w.dataSync(), step.averageW),
      difference(b.dataSync(), step.averageB),
    ];
    largest = Math.max(largest, ...differences);
    ema.swapOut();
    expect(difference(w.dataSync(), step.w)).toBeLessThan(1e-7);
  }
  ema.dispose();
  tf.dispose([w, b]);
  expect(largest).toBeLessThan(1e-6);
  return largest;
}
