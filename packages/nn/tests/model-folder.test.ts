import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  describeModel,
  isModelFolderError,
  loadModelFiles,
  ModelFolderError,
  parseModelConfig,
  readSafetensors,
  saveModelFolder,
  writeSafetensors,
} from '../src/index.js';

const config = { width: 8 };
const meta = { classes: ['ice', 'water'] };
const state = new Map([['weight', { shape: [3], data: Float32Array.of(1, 2, 3) }]]);
const files = {
  'model.safetensors': writeSafetensors(state),
  'config.json': describeModel('net', config, meta),
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-folder-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('writes a folder that comes back by path and by file URL, and nothing else', async () => {
  const target = join(folder, 'new', 'model');
  await saveModelFolder(target, files);
  await saveModelFolder(target, files);
  expect((await readdir(target)).sort()).toEqual(['config.json', 'model.safetensors']);
  for (const source of [target, `${target}/`, pathToFileURL(target), pathToFileURL(`${target}/`)]) {
    const loaded = await loadModelFiles(source);
    expect(loaded).toEqual(files);
    expect(readSafetensors(loaded['model.safetensors']).tensors).toEqual(state);
  }
});

it('comes back from an http address, with or without a slash at its end', async () => {
  const server = createServer((request, response) => {
    const file = new Map<string, string | Uint8Array>(Object.entries(files)).get(
      request.url?.replace('/ice/', '') ?? '',
    );
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  try {
    expect(await loadModelFiles(`http://127.0.0.1:${port}/ice`)).toEqual(files);
    expect(await loadModelFiles(new URL(`http://127.0.0.1:${port}/ice/`))).toEqual(files);
    await expect(loadModelFiles(`http://127.0.0.1:${port}/sea`)).rejects.toThrow('status 404');
  } finally {
    server.close();
  }
});

it('takes files in memory, also as Node buffers, and refuses other things', async () => {
  const loaded = await loadModelFiles({
    ...files,
    'model.safetensors': Buffer.from(files['model.safetensors']),
  });
  expect(readSafetensors(loaded['model.safetensors']).tensors).toEqual(state);
  // From untyped code.
  const half = { 'config.json': '{}' } as unknown as Parameters<typeof loadModelFiles>[0];
  await expect(loadModelFiles(half)).rejects.toThrow('Received: config.json');
});

it('names the file that is missing', async () => {
  const error: unknown = await loadModelFiles(folder).catch((reason: unknown) => reason);
  expect(isModelFolderError(error)).toBe(true);
  expect(String(error)).toContain(`${folder}/config.json`);
});

it('leaves the former files when the new ones cannot be written', async () => {
  await saveModelFolder(folder, files);
  const blocked = join(folder, 'file');
  await writeFile(blocked, '');
  await expect(saveModelFolder(join(blocked, 'model'), files)).rejects.toThrow(ModelFolderError);
  // A broken second file must not replace the first.
  const broken = { ...files, 'config.json': 42 as unknown as string };
  await expect(
    saveModelFolder(folder, { ...broken, 'model.safetensors': new Uint8Array(3) }),
  ).rejects.toThrow('writable');
  expect(await loadModelFiles(folder)).toEqual(files);
  expect((await readdir(folder)).sort()).toEqual(['config.json', 'file', 'model.safetensors']);
});

it('keeps config and meta data in readable JSON', async () => {
  await saveModelFolder(folder, files);
  const text = await readFile(join(folder, 'config.json'), 'utf8');
  expect(JSON.parse(text)).toEqual({ schema: 1, architecture: 'net', config, meta });
  expect(parseModelConfig(text, 'net')).toEqual({ config, meta });
});

it.each([
  ['{', 'must be JSON'],
  ['[]', '"schema": 1'],
  ['{"schema": 2}', 'Received: 2'],
  [describeModel('other', config), 'Received: "other"'],
  ['{"schema": 1, "architecture": "net"}', 'config undefined'],
  ['{"schema": 1, "architecture": "net", "config": {}, "meta": 3}', 'meta 3'],
])('refuses config.json %s', (text, message) => {
  expect(() => parseModelConfig(text, 'net')).toThrow(ModelFolderError);
  expect(() => parseModelConfig(text, 'net')).toThrow(message);
});
