import type * as tfjs from '@tensorflow/tfjs-core';

/** The one method of tfjs-node's backend that is used here. */
interface NodeBackend {
  executeSingleInput(name: string, input: tfjs.TensorInfo): tfjs.TensorInfo;
}

/** Mends `tf.round` of int32 tensors, which TensorFlow 2.21 answers with zeros. */
export function registerRoundKernel(tf: typeof tfjs): void {
  tf.unregisterKernel('Round', 'tensorflow');
  tf.registerKernel({
    kernelName: 'Round',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend }) => {
      const x = inputs['x'] as tfjs.TensorInfo; // Round has exactly this input
      const kernel = x.dtype === 'int32' ? 'Identity' : 'Round';
      return (backend as NodeBackend).executeSingleInput(kernel, x); // registered for this backend alone
    },
  });
}
