import { expect, it } from 'vitest';
import { pythonCommands, pythonEnvironments, type PythonEnvironment } from '../src/python.js';
import { currentSystem } from '../src/system.js';
import { fakeSystem, pythonReport } from './fake-system.js';

it('asks the active environments before the path', () => {
  const env = { VIRTUAL_ENV: '/venv', CONDA_PREFIX: '/conda' };
  expect(pythonCommands(fakeSystem({ env }))).toEqual([
    '/venv/bin/python',
    '/conda/bin/python',
    'python3',
    'python',
  ]);
});

it('passes over Pythons that do not run', async () => {
  const answer = (command: string) => (command === 'python' ? pythonReport() : undefined);
  const found: PythonEnvironment[] = [];
  for await (const environment of pythonEnvironments(fakeSystem({ answer })))
    found.push(environment);
  expect(found).toEqual([{ command: 'python', version: '3.11.7', pip: '24.0' }]);
});

it('reads the answer of every Python on this machine', async () => {
  for await (const { version } of pythonEnvironments(currentSystem())) {
    expect(version).toMatch(/^\d+\.\d+/);
  }
});
