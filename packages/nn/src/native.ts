import * as tf from '@tensorflow/tfjs-core';

/** The part of the tfjs-node backend that runs any TensorFlow op by name. */
interface NodeBackend {
  readonly binding: Readonly<
    Record<
      | 'TF_ATTR_TYPE'
      | 'TF_ATTR_INT'
      | 'TF_ATTR_FLOAT'
      | 'TF_ATTR_BOOL'
      | 'TF_ATTR_STRING'
      | 'TF_FLOAT'
      | 'TF_INT32',
      number
    >
  >;
  /** Put there by `@arctic/runtime` where it has registered ops of its own. */
  readonly arcticOps?: { readonly lanes: number };
  executeSingleOutput(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** An attribute's value: whole numbers are `int`, `{ float }` is a float, `{ type }` a dtype. */
export type AttributeValue =
  | number
  | string
  | boolean
  | readonly number[]
  | { readonly float: number }
  | { readonly type: 'float32' | 'int32' };

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Runs TensorFlow ops by name. */
export interface NativeExecutor {
  /** Floats of one vector register, where the runtime's own ops are registered. */
  readonly lanes: number | undefined;
  run(op: string, attributes: Attributes, inputs: readonly tf.Tensor[]): tf.Tensor;
  runMany(
    op: string,
    attributes: Attributes,
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

// One slot: a process rarely has two backends, and looking costs little.
let known: { readonly backend: unknown; readonly executor: NativeExecutor | null } | undefined;

/** The executor of the current backend, or null where there is none (browser, pure JavaScript). */
export function nativeExecutor(): NativeExecutor | null {
  const backend: unknown = tf.backend();
  if (known !== undefined && known.backend === backend) return known.executor;
  const executor = isNodeBackend(backend) ? executorOf(backend) : null;
  known = { backend, executor };
  return executor;
}

function isNodeBackend(backend: unknown): backend is NodeBackend {
  return (
    typeof backend === 'object' &&
    backend !== null &&
    'executeSingleOutput' in backend &&
    'executeMultipleOutputs' in backend &&
    'binding' in backend
  );
}

function executorOf(backend: NodeBackend): NativeExecutor {
  const encode = (attributes: Attributes): Attribute[] =>
    Object.entries(attributes).map(([name, value]) =>
      encodeAttribute(backend.binding, name, value),
    );
  return {
    get lanes() {
      return backend.arcticOps?.lanes;
    },
    run: (op, attributes, inputs) => backend.executeSingleOutput(op, encode(attributes), inputs),
    runMany: (op, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(op, encode(attributes), inputs, outputs),
  };
}

function encodeAttribute(
  binding: NodeBackend['binding'],
  name: string,
  value: AttributeValue,
): Attribute {
  if (typeof value === 'string') return { name, type: binding.TF_ATTR_STRING, value };
  if (typeof value === 'boolean') return { name, type: binding.TF_ATTR_BOOL, value };
  if (typeof value === 'object' && 'float' in value) {
    return { name, type: binding.TF_ATTR_FLOAT, value: value.float };
  }
  if (typeof value === 'object' && 'type' in value) {
    const dtype = value.type === 'float32' ? binding.TF_FLOAT : binding.TF_INT32;
    return { name, type: binding.TF_ATTR_TYPE, value: dtype };
  }
  return { name, type: binding.TF_ATTR_INT, value };
}

/** The attribute nearly every op takes. */
export const FLOAT = { T: { type: 'float32' } } as const;
