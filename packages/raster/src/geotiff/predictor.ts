/** Element views that a predictor can add up in; floats are added as their bits. */
type Bits = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/**
 * Undoes predictor 2 (each sample is the difference to the pixel left of it), in place.
 *
 * @param bytes rows of `width` pixels of `samples` samples of `size` bytes, in the machine's order.
 */
export function undoDifferencesInto(
  bytes: Uint8Array,
  width: number,
  samples: number,
  size: number,
): void {
  const line = width * samples;
  if (size === 8) {
    const view = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    for (let row = 0; row < view.length; row += line) {
      for (let i = row + samples; i < row + line; i++) {
        view[i] = (view[i] ?? 0n) + (view[i - samples] ?? 0n);
      }
    }
    return;
  }
  const view = bitsOf(bytes, size);
  for (let row = 0; row < view.length; row += line) {
    for (let i = row + samples; i < row + line; i++) {
      view[i] = (view[i] ?? 0) + (view[i - samples] ?? 0);
    }
  }
}

/** Makes the differences that `undoDifferencesInto` adds up, in place. */
export function differencesInto(
  bytes: Uint8Array,
  width: number,
  samples: number,
  size: number,
): void {
  const line = width * samples;
  const view = bitsOf(bytes, size);
  for (let row = 0; row < view.length; row += line) {
    for (let i = row + line - 1; i >= row + samples; i--) {
      view[i] = (view[i] ?? 0) - (view[i - samples] ?? 0);
    }
  }
}

/**
 * Undoes predictor 3 (the bytes of a row's floats sorted by significance, then differences): floats
 * in the machine's order, whatever the file's.
 */
export function undoFloatPrediction(
  bytes: Uint8Array,
  width: number,
  samples: number,
  size: number,
): Uint8Array {
  const line = width * samples;
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < bytes.length; row += line * size) {
    for (let i = row + samples; i < row + line * size; i++) {
      bytes[i] = (bytes[i] ?? 0) + (bytes[i - samples] ?? 0);
    }
    for (let plane = 0; plane < size; plane++) {
      const from = row + plane * line;
      const to = row + size - 1 - plane;
      for (let i = 0; i < line; i++) out[to + i * size] = bytes[from + i] ?? 0;
    }
  }
  return out;
}

/** Sorts and differences as `undoFloatPrediction` expects. */
export function floatPrediction(
  bytes: Uint8Array,
  width: number,
  samples: number,
  size: number,
): Uint8Array {
  const line = width * samples;
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < bytes.length; row += line * size) {
    for (let plane = 0; plane < size; plane++) {
      const to = row + plane * line;
      const from = row + size - 1 - plane;
      for (let i = 0; i < line; i++) out[to + i] = bytes[from + i * size] ?? 0;
    }
    for (let i = row + line * size - 1; i >= row + samples; i--) {
      out[i] = (out[i] ?? 0) - (out[i - samples] ?? 0);
    }
  }
  return out;
}

function bitsOf(bytes: Uint8Array, size: number): Exclude<Bits, BigUint64Array> {
  if (size === 1) return bytes;
  const { buffer, byteOffset, length } = bytes;
  return size === 2
    ? new Uint16Array(buffer, byteOffset, length / 2)
    : new Uint32Array(buffer, byteOffset, length / 4);
}
