import { NnError } from './errors.js';
import { type NamedArray, sizeOf } from './named-array.js';
import { decodeValues, ELEMENT_BYTES } from './safetensors-dtypes.js';

/** What a safetensors file holds. */
export interface SafetensorsFile {
  readonly tensors: Map<string, NamedArray>;
  /** The strings under `__metadata__`. */
  readonly metadata: Record<string, string>;
}

/** Longest header that the format allows. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * The bytes of a safetensors file with these arrays, as F32 and I32.
 *
 * @see https://github.com/huggingface/safetensors#format
 */
export function writeSafetensors(
  state: ReadonlyMap<string, NamedArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> =
    Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [name, { shape, data }] of state) {
    if (data.length !== sizeOf(shape)) {
      throw new NnError(
        'state',
        `Expected ${sizeOf(shape)} values for "${name}". Received: ${data.length}.`,
      );
    }
    const dtype = data instanceof Float32Array ? 'F32' : 'I32';
    header[name] = { dtype, shape, data_offsets: [end, (end += data.byteLength)] };
  }
  const text = JSON.stringify(header);
  const length = new TextEncoder().encode(text).length;
  const padded = Math.ceil(length / 8) * 8; // values start aligned
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(new TextEncoder().encode(text), 8);
  let offset = 8 + padded;
  for (const { data } of state.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * The arrays and metadata of a safetensors file.
 *
 * Half and double precision come back as 32-bit floats, all whole-number types as 32-bit integers.
 *
 * @throws NnError (`format`) on truncated or damaged bytes, unknown types, and integers over 32 bits.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, start } = readHeader(bytes);
  const tensors = new Map<string, NamedArray>();
  let metadata: Record<string, string> = {};
  let covered = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = readMetadata(entry);
      continue;
    }
    const { dtype, shape, begin, end } = readEntry(name, entry);
    const needed = sizeOf(shape) * ELEMENT_BYTES[dtype];
    if (end - begin !== needed) {
      throw damaged(`${needed} bytes for "${name}" (${dtype} [${shape}])`, `${end - begin}`);
    }
    if (start + end > bytes.length) {
      throw damaged(
        `at least ${start + end} bytes, which "${name}" needs`,
        `${bytes.length}, cut short`,
      );
    }
    covered += needed;
    tensors.set(name, {
      shape,
      data: decodeValues(copyOf(bytes, start + begin, start + end), dtype, name),
    });
  }
  if (start + covered !== bytes.length) {
    throw damaged(`${start + covered} bytes, as the header says`, `${bytes.length}`);
  }
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw damaged('at least 8 bytes', `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw damaged('a header of at most 100 MB', `${length} bytes`);
  if (8 + length > bytes.length)
    throw damaged(`a header of ${length} bytes`, `${bytes.length - 8}, cut short`);
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)),
    );
  } catch (cause) {
    throw damaged('a header in JSON', 'other text', cause);
  }
  if (!isRecord(header)) throw damaged('a JSON object as header', typeof header);
  return { header, start: 8 + length };
}

/** A copy with a buffer of its own; `slice` of Node's Buffer would be a view. */
function copyOf(bytes: Uint8Array, begin: number, end: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(begin, end));
}

function readMetadata(entry: unknown): Record<string, string> {
  if (!isRecord(entry)) throw damaged('an object of strings as __metadata__', typeof entry);
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, String(value)]));
}

interface Entry {
  readonly dtype: keyof typeof ELEMENT_BYTES;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  if (typeof dtype !== 'string' || !isDtype(dtype)) {
    throw damaged(`one of ${Object.keys(ELEMENT_BYTES).join(', ')} for "${name}"`, String(dtype));
  }
  if (!isWholes(shape)) throw damaged(`whole lengths as shape of "${name}"`, JSON.stringify(shape));
  if (!isWholes(offsets) || offsets.length !== 2) {
    throw damaged(`two offsets for "${name}"`, JSON.stringify(offsets));
  }
  const [begin = 0, end = 0] = offsets;
  return { dtype, shape, begin, end };
}

function isDtype(dtype: string): dtype is keyof typeof ELEMENT_BYTES {
  return Object.hasOwn(ELEMENT_BYTES, dtype);
}

function isWholes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(expected: string, received: string, cause?: unknown): NnError {
  const message = `Damaged safetensors file: expected ${expected}. Received: ${received}.`;
  return new NnError('format', message, { cause });
}
