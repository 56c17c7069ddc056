import { expect, it } from 'vitest';
import { cacheFolders } from '../src/cache.js';
import { LIBRARY_ORIGINS, type TensorFlowLibrary } from '../src/library.js';
import { localLibraries } from '../src/search.js';
import type { System } from '../src/index.js';
import { fakeSystem, libraryIn, pythonReport } from './fake-system.js';

const CACHED = cacheFolders(fakeSystem(), '4.22.0').tensorflow;

async function search(
  system: System,
  cudaDevice = false,
  origins = LIBRARY_ORIGINS,
): Promise<string[]> {
  const found: TensorFlowLibrary[] = [];
  const options = { origins, cudaDevice };
  for await (const library of localLibraries(cacheFolders(system, '4.22.0'), system, options)) {
    found.push(library);
  }
  return found.map(({ origin, folder }) => `${origin} ${folder}`);
}

const files = ['/named', CACHED, '/venv/tensorflow', '/usr/tensorflow'].flatMap(libraryIn);
const answer = (command: string) =>
  ({
    '/venv/bin/python': pythonReport('/venv/tensorflow'),
    python3: pythonReport('/usr/tensorflow', { cuda: true }),
    python: pythonReport('/usr/tensorflow', { cuda: true }),
  })[command];

it('takes the named folder alone', async () => {
  const env = { ARCTIC_TENSORFLOW_DIR: '/named', VIRTUAL_ENV: '/venv' };
  expect(await search(fakeSystem({ files, answer, env }))).toEqual(['folder /named']);
});

it('then the cache, the active environment, and the path, each library once', async () => {
  const system = fakeSystem({ files, answer, env: { VIRTUAL_ENV: '/venv' } });
  expect(await search(system)).toEqual([
    `cache ${CACHED}`,
    'python /venv/tensorflow',
    'python /usr/tensorflow',
  ]);
});

it('puts CUDA libraries first where there is a CUDA device', async () => {
  const system = fakeSystem({ files, answer, env: { VIRTUAL_ENV: '/venv' } });
  expect(await search(system, true)).toEqual([
    'python /usr/tensorflow',
    `cache ${CACHED}`,
    'python /venv/tensorflow',
  ]);
});

it('looks only in the places it is told', async () => {
  const system = fakeSystem({ files, answer, env: { VIRTUAL_ENV: '/venv' } });
  expect(await search(system, false, ['cache'])).toEqual([`cache ${CACHED}`]);
});

it('passes over libraries that are incomplete or too old', async () => {
  const old = fakeSystem({
    files,
    answer: () => pythonReport('/usr/tensorflow', { version: '2.15.1' }),
  });
  expect(await search(old, false, ['python'])).toEqual([]);
  const incomplete = fakeSystem({ answer: () => pythonReport('/usr/tensorflow') });
  expect(await search(incomplete)).toEqual([]);
});

it('says what the named folder lacks', async () => {
  const system = fakeSystem({ env: { ARCTIC_TENSORFLOW_DIR: '/wrong' } });
  await expect(search(system)).rejects.toThrow(
    'Received: /wrong, which lacks libtensorflow_cc.so.2, libtensorflow_framework.so.2, include/',
  );
});
