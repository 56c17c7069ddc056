/**
 * Undoes predictor 2 (each sample is the difference to the pixel left of it), in place. Floats are
 * added up as their bits, as they were taken apart.
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
  const { buffer, byteOffset } = bytes;
  const length = bytes.length / size;
  // One function per element type: a shared one would be slow for all of them.
  if (size === 1) addBytesInto(bytes, line, samples);
  else if (size === 2) addShortsInto(new Uint16Array(buffer, byteOffset, length), line, samples);
  else if (size === 4) addWordsInto(new Uint32Array(buffer, byteOffset, length), line, samples);
  else addLongsInto(new BigUint64Array(buffer, byteOffset, length), line, samples);
}

function addBytesInto(view: Uint8Array, line: number, samples: number): void {
  for (let row = 0; row < view.length; row += line) {
    const end = row + line;
    for (let i = row + samples; i < end; i++) view[i] = (view[i] ?? 0) + (view[i - samples] ?? 0);
  }
}

function addShortsInto(view: Uint16Array, line: number, samples: number): void {
  for (let row = 0; row < view.length; row += line) {
    const end = row + line;
    for (let i = row + samples; i < end; i++) view[i] = (view[i] ?? 0) + (view[i - samples] ?? 0);
  }
}

function addWordsInto(view: Uint32Array, line: number, samples: number): void {
  for (let row = 0; row < view.length; row += line) {
    const end = row + line;
    for (let i = row + samples; i < end; i++) view[i] = (view[i] ?? 0) + (view[i - samples] ?? 0);
  }
}

function addLongsInto(view: BigUint64Array, line: number, samples: number): void {
  for (let row = 0; row < view.length; row += line) {
    const end = row + line;
    for (let i = row + samples; i < end; i++) view[i] = (view[i] ?? 0n) + (view[i - samples] ?? 0n);
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
  addBytesInto(bytes, line * size, samples);
  const out = new Uint8Array(bytes.length);
  if (size === 4) {
    joinWordsInto(bytes, line, new Uint32Array(out.buffer));
    return out;
  }
  for (let row = 0; row < bytes.length; row += line * size) {
    for (let plane = 0; plane < size; plane++) {
      const from = row + plane * line;
      const to = row + size - 1 - plane;
      for (let i = 0; i < line; i++) out[to + i * size] = bytes[from + i] ?? 0;
    }
  }
  return out;
}

function joinWordsInto(bytes: Uint8Array, line: number, out: Uint32Array): void {
  for (let row = 0; row < out.length; row += line) {
    const from = 4 * row;
    for (let i = 0; i < line; i++) {
      out[row + i] =
        ((bytes[from + i] ?? 0) << 24) |
        ((bytes[from + line + i] ?? 0) << 16) |
        ((bytes[from + 2 * line + i] ?? 0) << 8) |
        (bytes[from + 3 * line + i] ?? 0);
    }
  }
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

function bitsOf(bytes: Uint8Array, size: number): Uint8Array | Uint16Array | Uint32Array {
  if (size === 1) return bytes;
  const { buffer, byteOffset, length } = bytes;
  return size === 2
    ? new Uint16Array(buffer, byteOffset, length / 2)
    : new Uint32Array(buffer, byteOffset, length / 4);
}
