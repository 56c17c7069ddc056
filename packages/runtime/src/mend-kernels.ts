import type * as tfjs from '@tensorflow/tfjs-core';

/** The methods of tfjs-node's backend that are used here. */
interface NodeBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_INT' | 'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32' | 'TF_BOOL', number>
  >;
  executeSingleInput(name: string, input: tfjs.TensorInfo): tfjs.TensorInfo;
  executeSingleOutput(
    name: string,
    attributes: { readonly name: string; readonly type: number; readonly value: unknown }[],
    inputs: tfjs.TensorInfo[],
  ): tfjs.TensorInfo;
}

/**
 * Mends two kernels of tfjs-node that went wrong with newer releases of TensorFlow: `tf.round` of int32
 * tensors, which 2.21 answers with zeros, and `tf.concat` of scalars, which it refuses.
 *
 * The function stands alone on purpose: the smoke test sends its source text to a child process.
 */
export function mendKernels(tf: typeof tfjs): void {
  const replace = (
    kernelName: string,
    kernelFor: (original: tfjs.KernelConfig) => tfjs.KernelFunc,
  ): void => {
    const original = tf.getKernel(kernelName, 'tensorflow');
    tf.unregisterKernel(kernelName, 'tensorflow');
    tf.registerKernel({ ...original, kernelFunc: kernelFor(original) });
  };
  replace('Round', () => ({ inputs, backend }) => {
    const x = inputs['x'] as tfjs.TensorInfo; // Round has exactly this input
    const kernel = x.dtype === 'int32' ? 'Identity' : 'Round';
    return (backend as NodeBackend).executeSingleInput(kernel, x);
  });
  replace('Concat', ({ kernelFunc }) => (call) => {
    const scalars = Object.values(call.inputs) as tfjs.TensorInfo[]; // Concat's inputs are a list
    if (!scalars.every(({ shape }) => shape.length === 0)) return kernelFunc(call);
    const backend = call.backend as NodeBackend; // registered for this backend alone
    const { TF_ATTR_INT, TF_ATTR_TYPE, TF_FLOAT, TF_INT32, TF_BOOL } = backend.binding;
    const types: Readonly<Record<string, number>> = {
      float32: TF_FLOAT,
      int32: TF_INT32,
      bool: TF_BOOL,
    };
    const type = types[scalars[0]?.dtype ?? ''];
    if (type === undefined) return kernelFunc(call);
    const attributes = [
      { name: 'N', type: TF_ATTR_INT, value: scalars.length },
      { name: 'axis', type: TF_ATTR_INT, value: 0 },
      { name: 'T', type: TF_ATTR_TYPE, value: type },
    ];
    return backend.executeSingleOutput('Pack', attributes, scalars);
  });
}
