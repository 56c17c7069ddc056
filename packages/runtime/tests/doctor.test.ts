import { expect, it } from 'vitest';
import { checkAllocator, checkDevice, checkThreads } from '../src/check-machine.js';
import { checkCache, checkNode } from '../src/check-tools.js';
import { doctor, formatDoctorReport, recommendedEnv } from '../src/index.js';
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

it('names what the platform lacks', () => {
  expect(checkNode(fakeSystem({ musl: true }))).toMatchObject({
    status: 'fault',
    remedy: expect.stringContaining('bookworm'),
  });
  expect(checkNode(fakeSystem()).status).toBe('ok');
});

it('looks at the cache folder: a fault only where something has to be installed', () => {
  const locked = fakeSystem({ isWritable: () => false });
  expect(checkCache(locked, false)).toMatchObject({
    status: 'fault',
    remedy: expect.stringContaining('XDG_CACHE_HOME='),
  });
  expect(checkCache(locked, true).status).toBe('note');
  const full = checkCache(fakeSystem({ freeBytes: () => 1e8 }), false);
  expect(full.detail).toContain('100 MB free; too little: an installation takes 1129 MB');
  expect(checkCache(fakeSystem(), false).status).toBe('ok');
});

it('says which device calculates and how an idle one is put to use', async () => {
  const answer = (command: string) => (command === 'nvidia-smi' ? '570.1\n' : undefined);
  const files = ['/dev/nvidia0'];
  const system = fakeSystem({ files, answer });
  expect(await checkDevice(fakeSystem(), undefined, false)).toMatchObject({ status: 'ok' });
  expect(await checkDevice(system, 'H100', true)).toMatchObject({
    status: 'ok',
    detail: 'H100, driver 570.1',
  });
  expect(await checkDevice(system, 'H100', false)).toMatchObject({
    status: 'note',
    remedy: 'npx arctic-runtime install --gpu',
  });
  expect(await checkDevice(system, undefined, false)).toMatchObject({
    status: 'note',
    remedy: expect.stringContaining('driver'),
  });
});

it('checks threads and allocator', () => {
  expect(checkThreads(fakeSystem()).detail).toBe('4 of 4 cores');
  expect(checkThreads(fakeSystem({ env: { TF_NUM_INTRAOP_THREADS: 'all' } }))).toMatchObject({
    status: 'fault',
    remedy: 'unset TF_NUM_INTRAOP_THREADS',
  });
  expect(checkAllocator(fakeSystem())).toMatchObject({
    status: 'note',
    remedy: expect.stringContaining('MALLOC_TRIM_THRESHOLD_='),
  });
  const env = { LD_PRELOAD: '/usr/lib/libtcmalloc_minimal.so.4' };
  expect(checkAllocator(fakeSystem({ env })).detail).toBe('tcmalloc, preloaded');
  expect(checkAllocator(fakeSystem({ env: recommendedEnv('linux') })).status).toBe('ok');
});
