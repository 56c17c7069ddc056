import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend } from './native.js';
import type { Slot } from './slots.js';

/** Runs one of TensorFlow's `ResourceApply…` kernels on ordinary tensors. */
export interface FusedUpdate {
  /**
   * Replaces the variable by what the kernel makes of `shrink` · variable, and the slots too.
   *
   * @param inputs What the kernel takes after variable and slots.
   */
  apply(
    variable: tf.Variable,
    shrink: tf.Tensor,
    slots: readonly Slot[],
    inputs: readonly tf.Tensor[],
  ): void;
  dispose(): void;
}

/** The name TensorFlow reserves for resources that live as long as their handle. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/**
 * A fused update, or null where the backend has no such kernels.
 *
 * The kernels work on resource variables, which tfjs does not have. So tensors are lent to a few
 * resource variables, updated there and taken back. A buffer that only the resource holds is
 * changed in place; one that others hold too is copied first, so nobody's tensor changes.
 *
 * @param kernel For example `ResourceApplyAdam`.
 * @param flags Boolean attributes of the kernel.
 * @param slotCount Slots per parameter.
 */
export function createFusedUpdate(
  kernel: string,
  flags: Readonly<Record<string, boolean>>,
  slotCount: number,
): FusedUpdate | null {
  const native = nativeBackend();
  if (native === null) return null;
  const { binding } = native;
  const float = (name: string) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });
  const attributes = [
    float('T'),
    ...Object.entries(flags).map(([name, value]) => ({
      name,
      type: binding.TF_ATTR_BOOL,
      value,
    })),
  ];
  const createResource = () =>
    tf.keep(
      native.executeSingleOutput(
        'VarHandleOp',
        [
          float('dtype'),
          { name: 'shape', type: binding.TF_ATTR_SHAPE, value: [] },
          { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
          { name: 'shared_name', type: binding.TF_ATTR_STRING, value: ANONYMOUS },
        ],
        [],
      ),
    );
  const lend = (resource: tf.Tensor, tensor: tf.Tensor) => {
    native.executeMultipleOutputs('AssignVariableOp', [float('dtype')], [resource, tensor], 0);
    tensor.dispose();
  };
  const takeBack = (resource: tf.Tensor) =>
    native.executeSingleOutput('ReadVariableOp', [float('dtype')], [resource]);

  const target = createResource();
  const resources = Array.from({ length: slotCount }, createResource);
  return {
    apply(variable, shrink, slots, inputs) {
      // The product is also the copy that keeps tensors sharing the variable's buffer as they are.
      lend(target, native.executeSingleOutput('Mul', [float('T')], [variable, shrink]));
      resources.forEach((resource, i) => lend(resource, slotAt(slots, i).tensor));
      const all = [target, ...resources, ...inputs];
      native.executeMultipleOutputs(kernel, attributes, all, 0);
      resources.forEach((resource, i) => slotAt(slots, i).set(takeBack(resource)));
      const updated = takeBack(target);
      variable.assign(updated);
      updated.dispose();
    },
    dispose: () => tf.dispose([target, ...resources]),
  };
}

function slotAt(slots: readonly Slot[], i: number): Slot {
  const slot = slots[i];
  if (slot === undefined)
    throw new TypeError(`Expected slot ${i}. Received: ${slots.length} slots.`);
  return slot;
}
