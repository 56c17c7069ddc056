/** Arrays whose values may lie in shared memory. */
export type SharableArray =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * The same values in memory that all threads see, for the data of a worker pool: a copy, or the array
 * itself if it lies there already. Nobody may change them while workers read.
 */
export function shareArray<T extends SharableArray>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  // The kind of array that T is, which TypeScript does not know of `constructor`.
  const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T;
  const shared = new Kind(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
