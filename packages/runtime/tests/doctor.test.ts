import { expect, it } from 'vitest';
import { doctor, formatDoctorReport } from '../src/index.js';
import { fakeSystem, temporaryFolder } from './fake-system.js';

it('names the mending command of every fault', async () => {
  const system = fakeSystem({ home: temporaryFolder(), nodeVersion: '18.20.0' });
  const report = await doctor({ system });
  expect(report.healthy).toBe(false);
  const faults = report.checks.filter(({ status }) => status === 'fault');
  expect(faults.map(({ name }) => name)).toEqual(['node', 'compiler', 'python', 'library']);
  for (const { remedy } of faults) expect(remedy).toBeTruthy();
});

it('prints a line per check, the remedy below, and a verdict', async () => {
  const text = formatDoctorReport({
    healthy: false,
    checks: [
      { name: 'node', status: 'ok', detail: '20.19.0' },
      { name: 'compiler', status: 'fault', detail: 'No C++ compiler found.', remedy: 'get one' },
    ],
  });
  expect(text).toBe(
    [
      'ok     node      20.19.0',
      'fault  compiler  No C++ compiler found.',
      '                 mend with: get one',
      '',
      'The native TensorFlow backend is not usable; the JavaScript backend takes its place.',
    ].join('\n'),
  );
});
