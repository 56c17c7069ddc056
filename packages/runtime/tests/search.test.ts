import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolders } from '../src/cache.js';
import { LIBRARY_ORIGINS, type TensorFlowLibrary } from '../src/library.js';
import { fetchedLibraries, localLibraries, type SearchOptions } from '../src/search.js';
import type { System } from '../src/index.js';
import { fakeSystem, libraryIn, pythonReport, temporaryFolder } from './fake-system.js';

async function search(system: System, options: Partial<SearchOptions> = {}): Promise<string[]> {
  const found: TensorFlowLibrary[] = [];
  const all = { origins: LIBRARY_ORIGINS, cuda: 'no matter', ...options } as const;
  for await (const library of localLibraries(cacheFolders(system), system, all))
    found.push(library);
  return found.map(({ origin, folder }) => `${origin} ${folder}`);
}

/** A home with fetched libraries of these names. */
function homeWith(...names: string[]): string {
  const home = temporaryFolder();
  const { libraries } = cacheFolders(fakeSystem({ home }));
  for (const file of names.flatMap((name) => libraryIn(join(libraries, name, 'tensorflow')))) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
  }
  return home;
}

const files = ['/named', '/venv/tensorflow', '/usr/tensorflow'].flatMap(libraryIn);
const exists = (path: string) => files.includes(path) || existsSync(path);
const answer = (command: string) =>
  ({
    '/venv/bin/python': pythonReport('/venv/tensorflow'),
    python3: pythonReport('/usr/tensorflow', { cuda: true, version: '2.22.0' }),
    python: pythonReport('/usr/tensorflow', { cuda: true, version: '2.22.0' }),
  })[command];

function machine() {
  const home = homeWith('linux-x64-2.21.0');
  const system = fakeSystem({ exists, answer, home, env: { VIRTUAL_ENV: '/venv' } });
  const cached = join(cacheFolders(system).libraries, 'linux-x64-2.21.0', 'tensorflow');
  return { system, cached: `cache ${cached}` };
}

it('takes the named folder alone', async () => {
  const env = { ARCTIC_TENSORFLOW_DIR: '/named', VIRTUAL_ENV: '/venv' };
  expect(await search(fakeSystem({ files, answer, env }))).toEqual(['folder /named']);
});

it('then the cache, the active environment, and the path, each library once', async () => {
  const { system, cached } = machine();
  expect(await search(system)).toEqual([
    cached,
    'python /venv/tensorflow',
    'python /usr/tensorflow',
  ]);
});

it('puts CUDA libraries first, or takes no others', async () => {
  const { system, cached } = machine();
  expect(await search(system, { cuda: 'first' })).toEqual([
    'python /usr/tensorflow',
    cached,
    'python /venv/tensorflow',
  ]);
  expect(await search(system, { cuda: 'only' })).toEqual(['python /usr/tensorflow']);
});

it('looks only for the release and in the places it is told', async () => {
  const { system, cached } = machine();
  expect(await search(system, { origins: ['cache'] })).toEqual([cached]);
  expect(await search(system, { version: '2.22.0' })).toEqual(['python /usr/tensorflow']);
});

it('knows fetched libraries by platform, release and kind, the newest first', () => {
  const home = homeWith(
    ...['linux-x64-2.9.0', 'linux-x64-2.21.0', 'linux-x64-2.21.0-cuda', 'linux-arm64-2.21.0'],
  );
  const system = fakeSystem({ home, exists });
  const found = fetchedLibraries(cacheFolders(system), system);
  expect(found.map(({ version, cuda }) => `${version} ${cuda}`)).toEqual([
    ...['2.21.0 true', '2.21.0 false', '2.9.0 false'],
  ]);
});

it('passes over libraries that are incomplete or too old', async () => {
  const old = fakeSystem({
    files,
    answer: () => pythonReport('/usr/tensorflow', { version: '2.15.1' }),
  });
  expect(await search(old, { origins: ['python'] })).toEqual([]);
  const incomplete = fakeSystem({ answer: () => pythonReport('/usr/tensorflow') });
  expect(await search(incomplete)).toEqual([]);
});

it('says what the named folder lacks', async () => {
  const system = fakeSystem({ env: { ARCTIC_TENSORFLOW_DIR: '/wrong' } });
  await expect(search(system)).rejects.toThrow(
    'Received: /wrong, which lacks libtensorflow_cc.so.2, libtensorflow_framework.so.2, include/',
  );
});
