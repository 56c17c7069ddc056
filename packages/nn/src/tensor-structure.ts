import * as tf from '@tensorflow/tfjs-core';

type Build = (tensors: readonly tf.Tensor[]) => unknown;

/**
 * The tensors of nested lists and objects in order, and the way back: the same structure of others.
 *
 * A tape keeps a flat list; what reads it wants names.
 */
export function takeApart<T extends object>(
  structure: T,
): { readonly tensors: tf.Tensor[]; rebuild(tensors: readonly tf.Tensor[]): T } {
  const tensors: tf.Tensor[] = [];
  const visit = (node: unknown): Build => {
    if (node === undefined) return () => undefined;
    if (node instanceof tf.Tensor) {
      const place = tensors.push(node) - 1;
      return (others) => others[place];
    }
    if (Array.isArray(node)) {
      const parts = node.map(visit);
      return (others) => parts.map((build) => build(others));
    }
    const parts = Object.entries(node as object).map(
      ([name, value]) => [name, visit(value)] as const,
    );
    return (others) => Object.fromEntries(parts.map(([name, build]) => [name, build(others)]));
  };
  const build = visit(structure);
  return { tensors, rebuild: (others) => build(others) as T }; // the same names and places
}
