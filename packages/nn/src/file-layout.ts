/**
 * How a parameter is laid out on file.
 *
 * - `same`: as in memory.
 * - `OIHW`: a torch convolution filter (or `IOHW`, transposed convolution); in memory the same four
 *   axes in the order [2, 3, 1, 0], which is TensorFlow's HWIO.
 * - `OI`: a torch linear weight [out, in]; in memory [in, out].
 */
export type FileLayout = 'same' | 'OIHW' | 'OI';

/** The shape in memory of a parameter that has `shape` on file. */
export function memoryShape(shape: readonly number[], layout: FileLayout): number[] {
  return axesOnFile(layout, shape.length).map((axis) => shape[axis] ?? 0);
}

/** The values of a parameter, from file order to memory order. */
export function toMemory(
  data: Float32Array,
  shape: readonly number[],
  layout: FileLayout,
): Float32Array {
  if (layout === 'same') return data;
  return permute(data, shape, axesOnFile(layout, shape.length));
}

/** The values of a parameter, from memory order to file order; `shape` is the shape on file. */
export function toFile(
  data: Float32Array,
  shape: readonly number[],
  layout: FileLayout,
): Float32Array {
  if (layout === 'same') return data;
  const axes = axesOnFile(layout, shape.length);
  const inverse = axes.map((_, axis) => axes.indexOf(axis));
  return permute(data, memoryShape(shape, layout), inverse);
}

function axesOnFile(layout: FileLayout, rank: number): number[] {
  if (layout === 'OIHW') return [2, 3, 1, 0];
  if (layout === 'OI') return [1, 0];
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** `data` of `shape` with its axes reordered: axis `i` of the result is axis `axes[i]` of the input. */
function permute(
  data: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const lengths = axes.map((axis) => shape[axis] ?? 0);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  const out = new Float32Array(data.length);
  const index = axes.map(() => 0);
  let source = 0;
  for (let target = 0; target < out.length; target++) {
    out[target] = data[source] ?? 0;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      const length = lengths[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      if (next < length) {
        index[axis] = next;
        source += step;
        break;
      }
      index[axis] = 0;
      source -= step * (length - 1);
    }
  }
  return out;
}
