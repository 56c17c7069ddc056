import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatProfile } from '../src/profile-text.js';
import { profileSteps } from '../src/profile.js';

/** As tfjs-node's backend has them: on the prototype. */
class FakeNative {
  executeSingleOutput(_op: string, _attributes: unknown, [x]: readonly tf.Tensor[]): tf.Tensor {
    return (x as tf.Tensor).clone();
  }
  executeMultipleOutputs(_op: string, _attributes: unknown, inputs: tf.Tensor[]): tf.Tensor[] {
    return inputs.map((input) => input.clone());
  }
}

const { executeSingleOutput, executeMultipleOutputs } = FakeNative.prototype;

describe('profileSteps', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('refuses the JavaScript backend', async () => {
    await expect(profileSteps(async () => 0, { warmUp: 0, steps: 1 })).rejects.toThrow(
      /native backend/,
    );
  });

  it('counts ops by name and by shapes, and takes itself away', async () => {
    const prototype = Object.getPrototypeOf(tf.backend()) as Partial<FakeNative>;
    Object.assign(prototype, { executeSingleOutput, executeMultipleOutputs });
    const backend = tf.backend() as unknown as FakeNative;
    const x = tf.zeros([2, 3]);
    try {
      const profile = await profileSteps(
        async () => {
          tf.dispose(backend.executeSingleOutput('Conv2D', [], [x]));
          tf.dispose(backend.executeMultipleOutputs('Split', [], [x, x]));
        },
        { warmUp: 1, steps: 2 },
      );
      expect(profile.ops.map(({ name, count }) => [name, count]).sort()).toEqual([
        ['Conv2D', 1],
        ['Split', 1],
      ]);
      expect(profile.shapes.map(({ name }) => name).sort()).toEqual([
        'Conv2D [2,3]',
        'Split [2,3] [2,3]',
      ]);
      expect(profile.restMs).toBeLessThanOrEqual(profile.wallMs);
      expect(Object.hasOwn(backend, 'executeSingleOutput')).toBe(false);
    } finally {
      delete prototype.executeSingleOutput;
      delete prototype.executeMultipleOutputs;
      x.dispose();
    }
  });
});

describe('formatProfile', () => {
  it('lists ops and the rest, longest first', () => {
    const text = formatProfile('Row', {
      ...{ steps: 3, wallMs: 100, restMs: 30, userMs: 150, systemMs: 5, pageFaults: 12.4 },
      ops: [
        { name: 'Conv2D', ms: 60, count: 2 },
        { name: 'Add', ms: 10, count: 4 },
      ],
      shapes: [{ name: 'Conv2D [1]', ms: 60, count: 2 }],
    });
    expect(text).toContain('Row: 100.0 ms a step (mean of 3), 6 ops');
    expect(text).toContain('12 page faults');
    const [conv, rest, add] = ['60.0 %', '30.0 %', '10.0 %'].map((share) => text.indexOf(share));
    expect(conv).toBeLessThan(rest as number);
    expect(rest).toBeLessThan(add as number);
    expect(text).toMatch(/30\.0 %.*JavaScript and the rest/);
  });
});
