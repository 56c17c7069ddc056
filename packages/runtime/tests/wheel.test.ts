import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CUDA_WHEELS, TENSORFLOW_WHEELS } from '../src/pinned-wheels.js';
import { identifyWheel, pinOf, unpackWheel, unpackedBytes } from '../src/wheel.js';
import { fakeSystem, temporaryFolder } from './fake-system.js';
import { tensorflowWheel, writeZip } from './zip-file.js';

const system = fakeSystem();

function wheelWith(files: Record<string, string>): string {
  const path = join(temporaryFolder(), 'tensorflow.whl');
  writeZip(path, files);
  return path;
}

it('reads version and kind', async () => {
  const path = wheelWith(tensorflowWheel());
  expect(await identifyWheel(path, system)).toEqual({ version: '2.21.0', cuda: false });
  const cuda = wheelWith(tensorflowWheel({ cuda: true, version: '2.22.1' }));
  expect(await identifyWheel(cuda, system)).toEqual({ version: '2.22.1', cuda: true });
});

it.each([
  ['holds no tensorflow/libtensorflow_cc.so.2', { 'other-1.dist-info/WHEEL': 'Tag: py3-none-any' }],
  ['is for cp311-cp311-win_amd64', tensorflowWheel({ tag: 'cp311-cp311-win_amd64' })],
  [
    'is for cp311-cp311-manylinux_2_27_aarch64',
    tensorflowWheel({ tag: 'cp311-cp311-manylinux_2_27_aarch64' }),
  ],
  ['is release 2.15.1', tensorflowWheel({ version: '2.15.1' })],
])('refuses a wheel that %s', async (reason, files) => {
  const failure = identifyWheel(wheelWith(files), system);
  await expect(failure).rejects.toMatchObject({
    kind: 'wheel',
    message: expect.stringContaining(reason),
  });
  await expect(failure).rejects.toMatchObject({ remedy: expect.stringContaining('--from') });
});

it('takes the libraries and the headers that are needed', async () => {
  const path = wheelWith(tensorflowWheel());
  const folder = temporaryFolder();
  await unpackWheel(path, folder, system);
  expect(readFileSync(join(folder, 'tensorflow/libtensorflow_cc.so.2'), 'utf8')).toBe(
    'C API '.repeat(1000),
  );
  expect(readFileSync(join(folder, 'tensorflow/libtensorflow_framework.so.2'), 'utf8')).toMatch(
    /^framework/,
  );
  expect(existsSync(join(folder, 'tensorflow/include/tensorflow/c/c_api.h'))).toBe(true);
  expect(existsSync(join(folder, 'tensorflow/include/eigen'))).toBe(false);
  expect(existsSync(join(folder, 'tensorflow/python'))).toBe(false);
  expect(await unpackedBytes(path, system)).toBe(6000 + 10_000 + 9);
});

it("takes NVIDIA's libraries without their headers, and nothing outside the folder", async () => {
  const path = wheelWith({
    'nvidia/cudnn/lib/libcudnn.so.9': 'x',
    'nvidia/cudnn/include/cudnn.h': 'y',
    'nvidia/../../escaped': 'z',
  });
  const folder = join(temporaryFolder(), 'inner');
  await unpackWheel(path, folder, system);
  expect(existsSync(join(folder, 'nvidia/cudnn/lib/libcudnn.so.9'))).toBe(true);
  expect(existsSync(join(folder, 'nvidia/cudnn/include'))).toBe(false);
  expect(existsSync(join(folder, '../escaped'))).toBe(false);
});

it('says of a truncated or damaged wheel that it is one', async () => {
  const path = wheelWith(tensorflowWheel());
  const bytes = readFileSync(path);
  bytes.write('C apI', bytes.indexOf('framework framework'), 'latin1'); // the second file is stored as it is
  writeFileSync(path, bytes);
  await expect(unpackWheel(path, temporaryFolder(), system)).rejects.toMatchObject({
    kind: 'wheel',
    message: expect.stringContaining('libtensorflow_framework.so.2 in it is damaged'),
  });
  truncateSync(path, 500);
  await expect(identifyWheel(path, system)).rejects.toThrow('it has no directory at its end');
});

it('pins every wheel by size and SHA-256', () => {
  const pins = [...Object.values(TENSORFLOW_WHEELS), ...Object.values(CUDA_WHEELS).flat()];
  for (const pin of pins) {
    expect(pin.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(pin.unpackedBytes).toBeGreaterThan(pin.bytes);
    expect(pin.file).toContain(pin.version);
    expect(pin.file.toLowerCase()).toContain(pin.name.replaceAll('-', '_'));
    expect(pinOf(pin.file)).toBe(pin);
  }
  expect(Object.keys(TENSORFLOW_WHEELS)).toEqual(['linux-x64', 'linux-arm64', 'darwin-arm64']);
});
