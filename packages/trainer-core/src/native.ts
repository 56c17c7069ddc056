import * as tf from '@tensorflow/tfjs-core';

/** One attribute of a TensorFlow op, as the tfjs-node backend takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The part of the tfjs-node backend that runs TensorFlow ops by name. */
export interface NativeBackend {
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  /** Put there by `@arctic/runtime` where it has registered ops of its own. */
  readonly arcticOps?: object;
  /** Codes of attribute kinds and dtypes. */
  readonly binding: Readonly<
    Record<
      | 'TF_ATTR_TYPE'
      | 'TF_ATTR_SHAPE'
      | 'TF_ATTR_INT'
      | 'TF_ATTR_STRING'
      | 'TF_ATTR_BOOL'
      | 'TF_FLOAT'
      | 'TF_INT32',
      number
    >
  >;
}

/** The native backend with a short way to name an op's dtype, or null on any other backend. */
export function nativeBackend():
  (NativeBackend & { type(name: string, tensor: tf.Tensor): OpAttribute }) | null {
  // The public type of a backend does not know the methods of tfjs-node's.
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  const { binding } = backend;
  if (
    binding === undefined ||
    typeof backend.executeSingleOutput !== 'function' ||
    typeof backend.executeMultipleOutputs !== 'function'
  ) {
    return null;
  }
  // Called through the backend: its methods need `this`.
  const owner = backend as NativeBackend;
  return {
    binding,
    ...(owner.arcticOps && { arcticOps: owner.arcticOps }),
    executeSingleOutput: (...args) => owner.executeSingleOutput(...args),
    executeMultipleOutputs: (...args) => owner.executeMultipleOutputs(...args),
    type: (name, tensor) => ({
      name,
      type: binding.TF_ATTR_TYPE,
      value: tensor.dtype === 'int32' ? binding.TF_INT32 : binding.TF_FLOAT,
    }),
  };
}
