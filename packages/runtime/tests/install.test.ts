import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolders } from '../src/cache.js';
import { install, type System } from '../src/index.js';
import { findInstalled } from '../src/search.js';
import { findTfjsNode } from '../src/tfjs-node.js';
import {
  fakeSystem,
  pythonReport,
  realLibrary,
  smokeReport,
  temporaryFolder,
  type Answer,
} from './fake-system.js';
import { tensorflowWheel, writeZip } from './zip-file.js';

/** A machine with a compiler, a smoke test that answers `smoke`, and Pythons with the given libraries. */
function machine(pythons: Record<string, string>, smoke: (program: string) => string): System {
  const answer: Answer = (command, args) => {
    const folder = pythons[command];
    if (folder) return pythonReport(folder);
    if (command === '/usr/bin/node') return smoke(args[1] ?? '');
    return command === 'c++' ? 'c++ 12' : undefined;
  };
  return fakeSystem({ home: temporaryFolder(), exists: existsSync, answer });
}

it('builds, tests and keeps an addon for the library it found', async () => {
  const folder = realLibrary();
  const system = machine({ python3: folder }, () => smokeReport());
  const steps: string[] = [];
  const addon = await install({ system, onProgress: (step) => steps.push(step) });
  expect(addon).toMatchObject({
    tensorflowVersion: '2.21.0',
    library: { folder, origin: 'python' },
  });
  expect(addon.path.startsWith(join(system.home, '.cache', 'arctic-runtime'))).toBe(true);
  expect(steps).toEqual([
    `Found TensorFlow in ${folder} (python).`,
    `Building the addon for ${folder}.`,
    'Testing the addon in a child process.',
  ]);

  const again: string[] = [];
  await install({ system, onProgress: (step) => again.push(step) });
  expect(again).toEqual([`Found TensorFlow in ${folder} (python).`]);
});

it('tests again when the library has changed', async () => {
  const folder = realLibrary();
  let tests = 0;
  const system = machine({ python3: folder }, () => {
    tests += 1;
    return smokeReport();
  });
  await install({ system });
  utimesSync(join(folder, 'libtensorflow_framework.so.2'), 1, 1);
  await install({ system });
  expect(tests).toBe(2);
});

it('passes over a library that calculates wrongly', async () => {
  const [bad, good] = [realLibrary(), realLibrary()];
  let tests = 0;
  const system = machine({ python3: bad, python: good }, () => {
    tests += 1;
    return smokeReport(tests === 1 ? ['conv2d'] : []);
  });
  const steps: string[] = [];
  const addon = await install({ system, onProgress: (step) => steps.push(step) });
  expect(addon.library.folder).toBe(good);
  expect(steps).toContain('Passed over: TensorFlow 2.21.0 calculated wrongly: conv2d.');
});

it('ends with the fault of the last library, or says where it looked', async () => {
  const system = machine({ python3: realLibrary() }, () => 'Segmentation fault');
  await expect(install({ system, origins: ['python'] })).rejects.toMatchObject({
    kind: 'smoke-test',
  });
  await expect(install({ system, origins: ['cache'] })).rejects.toThrow(
    'No TensorFlow library found (looked in: cache).',
  );
});

it('builds anew where it is told to, or the library was installed by another recipe', async () => {
  const folder = realLibrary();
  let tests = 0;
  const system = machine({ python3: folder }, () => {
    tests += 1;
    return smokeReport();
  });
  const { path } = await install({ system });
  await install({ system, force: true });
  expect(tests).toBe(2);
  const record = join(dirname(path), 'addon.json');
  writeFileSync(record, readFileSync(record, 'utf8').replace(/"recipe": "\w+"/, '"recipe": "old"'));
  await install({ system });
  expect(tests).toBe(3);
});

it('uses a folder or a wheel that it is given, and needs no Python for it', async () => {
  const folder = realLibrary();
  const system = machine({}, () => smokeReport());
  expect(await install({ system, from: folder })).toMatchObject({
    library: { folder, origin: 'given' },
  });
  const wheels = temporaryFolder();
  writeZip(
    join(wheels, 'tensorflow-2.22.0-cp311-cp311-linux_x86_64.whl'),
    tensorflowWheel({ version: '2.22.0', tag: 'cp311-cp311-linux_x86_64' }),
  );
  const { library } = await install({ system, from: wheels });
  expect(library).toMatchObject({ origin: 'given', version: '2.22.0' });
  expect(existsSync(join(library.folder, 'libtensorflow_cc.so.2'))).toBe(true);
});

it.each([
  ['nowhere', 'does not exist'],
  ['.', 'is none of these'],
])('says what it expected in place of %s', async (name, received) => {
  const system = machine({}, () => smokeReport());
  await expect(install({ system, from: join(temporaryFolder(), name) })).rejects.toMatchObject({
    message: expect.stringContaining(received),
    remedy: expect.stringContaining('pip download'),
  });
});

it('says before a download that there is no compiler', async () => {
  const system = fakeSystem({ home: temporaryFolder() });
  await expect(install({ system })).rejects.toMatchObject({ kind: 'compiler' });
});

it('refuses releases that the addon cannot use, and Windows', async () => {
  const system = fakeSystem({ home: temporaryFolder() });
  await expect(install({ system, version: '2.9.1' })).rejects.toThrow("Received: '2.9.1'.");
  const windows = fakeSystem({ home: temporaryFolder(), platform: 'win32' });
  await expect(install({ system: windows })).rejects.toMatchObject({ kind: 'platform' });
});

it('loads the one that was installed last, and a CUDA build first where there is a device', async () => {
  const [plain, cuda] = [realLibrary(), realLibrary()];
  const base = machine({}, () => smokeReport());
  const clock = { now: Date.now() };
  const system = {
    ...base,
    now: () => (clock.now += 10_000),
    run: (command: string, args: readonly string[]) =>
      command === 'python3'
        ? Promise.resolve({ code: 0, stdout: pythonReport(cuda, { cuda: true }), stderr: '' })
        : base.run(command, args),
  };
  const tfjsNode = findTfjsNode();
  const folders = cacheFolders(system);
  const loaded = (device: boolean) =>
    findInstalled(tfjsNode, folders, system, device)?.library.folder;
  await install({ system, from: plain });
  await install({ system, origins: ['python'] });
  await install({ system, from: plain });
  expect(loaded(false)).toBe(plain);
  expect(loaded(true)).toBe(cuda);
  await install({ system, origins: ['python'], gpu: true });
  expect(loaded(false)).toBe(cuda);
});
