import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { install, type System } from '../src/index.js';
import {
  fakeSystem,
  pythonReport,
  realLibrary,
  smokeReport,
  temporaryFolder,
  type Answer,
} from './fake-system.js';

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
  utimesSync(join(folder, 'libtensorflow_cc.so.2'), 1, 1);
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
