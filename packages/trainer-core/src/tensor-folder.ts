import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CheckpointError } from './errors.js';
import type { NamedArray, StoredTensor } from './optimizer.js';
import { byteLength, readTensors, writeTensors, type TensorEntry } from './tensor-file.js';

interface Body<S> {
  readonly state: S;
  readonly tensors: readonly TensorEntry[];
}

/** The contents of a folder of `state.json` and `tensors.bin`. */
export interface TensorFolder<S> {
  readonly state: S;
  readonly tensors: ReadonlyMap<string, NamedArray>;
}

/**
 * Writes a folder of `state.json` and `tensors.bin` so that at any moment, whatever happens to the
 * process, a complete folder is there: under its own name or as `….previous`.
 *
 * @param state Plain data that JSON can carry.
 * @param keepPrevious Whether the folder that is replaced stays as `….previous`.
 * @returns bytes written.
 * @throws CheckpointError when it cannot be written; the earlier folder is untouched then.
 */
export async function writeTensorFolder<S>(
  folder: string,
  state: S,
  tensors: readonly StoredTensor[],
  keepPrevious: boolean,
): Promise<number> {
  const bytes = tensors.reduce((sum, tensor) => sum + byteLength(tensor), 0);
  const temporary = `${folder}.tmp`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    const sha256 = await writeTensors(join(temporary, 'tensors.bin'), tensors);
    const body: Body<S> = {
      state,
      tensors: tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    };
    const checksums = { tensors: sha256, body: digest(JSON.stringify(body)) };
    const json = JSON.stringify({ schema: 1, checksums, ...body }, null, 1);
    await writeFile(join(temporary, 'state.json'), json, { flush: true });
    await syncFolder(temporary);
    await replaceFolder(temporary, folder, keepPrevious);
    return bytes + json.length;
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw new CheckpointError(
      `Expected to write a checkpoint of ${(bytes / 1e6).toFixed(1)} MB to "${folder}". ` +
        `Received: ${writeProblem(cause)}. The checkpoint before it is untouched.`,
      folder,
      { cause },
    );
  }
}

/**
 * What is in a folder written by `writeTensorFolder`.
 *
 * @throws CheckpointError when it is missing, incomplete or its checksums do not fit.
 */
export async function readTensorFolder<S>(folder: string): Promise<TensorFolder<S>> {
  try {
    const json = await readFile(join(folder, 'state.json'), 'utf8');
    // Written by this file, and compared with its checksum before anything is done with it.
    const { schema, checksums, ...body } = JSON.parse(json) as {
      schema: number;
      checksums: { tensors: string; body: string };
    } & Body<S>;
    if (schema !== 1) throw new Error(`expected schema 1, received ${schema}`);
    if (digest(JSON.stringify(body)) !== checksums.body) {
      throw new Error('state.json does not have its checksum');
    }
    const file = join(folder, 'tensors.bin');
    return { state: body.state, tensors: await readTensors(file, body.tensors, checksums.tensors) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(
      `Expected a complete checkpoint in "${folder}". Received: ${reason}.`,
      folder,
      { cause },
    );
  }
}

async function replaceFolder(from: string, to: string, keepPrevious: boolean): Promise<void> {
  const previous = `${to}.previous`;
  await rm(previous, { recursive: true, force: true });
  await rename(to, previous).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(from, to);
  await syncFolder(dirname(to));
  if (!keepPrevious) await rm(previous, { recursive: true, force: true });
}

/** Makes the names in a folder durable, where the system can do that (Windows cannot). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

function writeProblem(cause: unknown): string {
  // Errors of the file system carry a code; others have none.
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'no space left on the disk; make room and resume';
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
