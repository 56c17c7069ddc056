import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { NamedArray, StoredTensor } from './optimizer.js';

/** What a tensor file holds: tensors one after the other, 4 bytes a value, little-endian. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

/** Size of a tensor in the file, in bytes. */
export function byteLength({ shape }: { readonly shape: readonly number[] }): number {
  return 4 * shape.reduce((size, n) => size * n, 1);
}

/** Writes tensors, one in memory at a time, to the disk itself; returns their SHA-256. */
export async function writeTensors(
  path: string,
  tensors: readonly StoredTensor[],
): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for (const tensor of tensors) {
      const data = await tensor.read();
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      hash.update(bytes);
      for (let at = 0; at < bytes.length;) {
        at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** The tensors of a file, by name; throws when its SHA-256 is another. */
export async function readTensors(
  path: string,
  entries: readonly TensorEntry[],
  sha256: string,
): Promise<ReadonlyMap<string, NamedArray>> {
  const hash = createHash('sha256');
  const tensors = new Map<string, NamedArray>();
  const file = await open(path, 'r');
  try {
    for (const entry of entries) {
      const bytes = new Uint8Array(byteLength(entry));
      await readFully(file, bytes);
      hash.update(bytes);
      const data = new (entry.dtype === 'int32' ? Int32Array : Float32Array)(bytes.buffer);
      tensors.set(entry.name, { shape: entry.shape, data });
    }
  } finally {
    await file.close();
  }
  if (hash.digest('hex') !== sha256) throw new Error('tensors.bin does not have its checksum');
  return tensors;
}

async function readFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at);
    if (bytesRead === 0) throw new Error('tensors.bin is too short');
    at += bytesRead;
  }
}
