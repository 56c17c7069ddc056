import '@tensorflow/tfjs'; // the JavaScript backend, and gradients: tfjs-core alone registers none
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect } from 'vitest';

interface Runtime {
  loadBackend(): Promise<{ readonly backend: string; readonly reason?: string }>;
}

/** The native backend's name, or why it is not there; the path keeps it out of this package's imports. */
async function findNative(): Promise<{ readonly name?: string; readonly reason: string }> {
  const path = new URL('../../runtime/src/index.ts', import.meta.url).href;
  const { loadBackend } = (await import(path)) as Runtime;
  const { backend, reason = '' } = await loadBackend();
  return backend === 'cpu' ? { reason } : { name: backend, reason };
}

const native = await findNative();

/** The part of the native backend that says whether the runtime has ops of its own. */
const backend = native.name ? (tf.backend() as unknown as { arcticOps?: object }) : {};
const ownOps = backend.arcticOps;

/**
 * Declares the same tests for the pure JavaScript backend and for the native one, which is skipped
 * where it is not installed. Every test must end with as many tensors as it began with.
 */
export function onEachBackend(declare: () => void): void {
  onBackend('cpu', 'pure JavaScript', declare);
  if (native.name) {
    onBackend(native.name, 'native', declare);
    // And without the runtime's own ops, as on a GPU: TensorFlow's alone.
    if (ownOps) onBackend(native.name, "native, TensorFlow's ops alone", declare, { own: false });
  } else describe.skip(`native (not here: ${native.reason})`, declare);
}

function onBackend(name: string, title: string, declare: () => void, { own = true } = {}): void {
  describe(title, () => {
    let before = 0;
    beforeEach(async () => {
      await tf.setBackend(name);
      if (own && ownOps) backend.arcticOps = ownOps;
      else delete backend.arcticOps;
      before = tf.memory().numTensors;
    });
    afterEach(() => {
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    });
    declare();
  });
}
