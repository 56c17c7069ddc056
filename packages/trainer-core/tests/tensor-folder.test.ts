import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isTrainerError } from '../src/index.js';
import type { StoredTensor } from '../src/optimizer.js';
import { readTensorFolder, writeTensorFolder } from '../src/tensor-folder.js';
import { useTemporaryFolder } from './setup.js';

const temporary = useTemporaryFolder();

function stored(name: string, data: Float32Array | Int32Array, shape: number[]): StoredTensor {
  const dtype = data instanceof Int32Array ? 'int32' : 'float32';
  return { name, shape, dtype, read: async () => data };
}

const tensors = [
  stored('w', Float32Array.of(1.5, NaN, -0, Infinity, 1e-40, 6), [2, 3]),
  stored('count', Int32Array.of(-7), []),
  stored('empty', new Float32Array(0), [0]),
];

async function rejection(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isTrainerError(error, 'Checkpoint')) throw new Error(`no CheckpointError: ${String(error)}`);
  return error;
}

describe('a folder of tensors', () => {
  it('gives back what was written, bit for bit', async () => {
    const folder = join(temporary(), 'last');
    const state = { step: 3, nested: { rows: [{ a: 0.1 + 0.2 }], none: null } };
    const bytes = await writeTensorFolder(folder, state, tensors, true);
    const read = await readTensorFolder(folder);
    expect(read.state).toEqual(state);
    expect([...read.tensors.keys()]).toEqual(['w', 'count', 'empty']);
    for (const { name, shape, read: original } of tensors) {
      expect(read.tensors.get(name)?.shape).toEqual(shape);
      expect(read.tensors.get(name)?.data).toEqual(await original());
    }
    const files = ['state.json', 'tensors.bin'];
    expect(readdirSync(folder).sort()).toEqual(files);
    const sizes = await Promise.all(files.map((file) => readFile(join(folder, file))));
    expect(bytes).toBe(sizes.reduce((sum, buffer) => sum + buffer.length, 0));
  });

  it('keeps the one before it when asked to', async () => {
    const folder = join(temporary(), 'last');
    for (const step of [1, 2, 3]) await writeTensorFolder(folder, { step }, tensors, true);
    expect((await readTensorFolder(folder)).state).toEqual({ step: 3 });
    expect((await readTensorFolder(`${folder}.previous`)).state).toEqual({ step: 2 });
    await writeTensorFolder(folder, { step: 4 }, tensors, false);
    expect(readdirSync(temporary())).toEqual(['last']);
  });

  it.each([
    ['tensors.bin', (file: string) => truncateSync(file, 10), 'too short'],
    [
      'tensors.bin',
      (file: string) => writeFileSync(file, new Uint8Array(28)),
      'tensors.bin does not have its checksum',
    ],
    ['state.json', (file: string) => truncateSync(file, 40), 'JSON'],
  ])('is known to be damaged: %s', async (name, damage, message) => {
    const folder = join(temporary(), 'last');
    await writeTensorFolder(folder, {}, tensors, true);
    damage(join(folder, name));
    expect((await rejection(readTensorFolder(folder))).message).toContain(message);
  });

  it('notices a changed state', async () => {
    const folder = join(temporary(), 'last');
    await writeTensorFolder(folder, { step: 12 }, tensors, true);
    const file = join(folder, 'state.json');
    writeFileSync(file, (await readFile(file, 'utf8')).replace('"step": 12', '"step": 13'));
    expect((await rejection(readTensorFolder(folder))).message).toContain(
      'state.json does not have its checksum',
    );
  });

  it('leaves the earlier one alone when writing fails, and says what is wrong', async () => {
    const folder = join(temporary(), 'last');
    await writeTensorFolder(folder, { step: 1 }, tensors, true);
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
    });
    const failing = {
      ...stored('w', new Float32Array(250_000), [250_000]),
      read: () => Promise.reject(full),
    };
    const error = await rejection(writeTensorFolder(folder, { step: 2 }, [failing], true));
    expect(error.message).toBe(
      `Expected to write a checkpoint of 1.0 MB to "${folder}". Received: no space left on the disk; ` +
        'make room and resume. The checkpoint before it is untouched.',
    );
    expect(error.cause).toBe(full);
    expect((await readTensorFolder(folder)).state).toEqual({ step: 1 });
    expect(existsSync(`${folder}.tmp`)).toBe(false);
  });
});
