import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolders } from '../src/cache.js';
import { downloadLibrary, pipArguments, verifyWheel } from '../src/download.js';
import { WHEELS } from '../src/versions.js';
import type { System } from '../src/index.js';
import { fakeSystem, pythonReport, temporaryFolder } from './fake-system.js';

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function download(system: System): Promise<unknown> {
  return downloadLibrary(cacheFolders(system, '4.22.0'), system, () => undefined);
}

it('asks pip for one wheel whatever Python runs it', () => {
  const wheel = WHEELS['linux-x64'];
  expect(wheel && pipArguments(wheel, '/to').join(' ')).toBe(
    '-m pip download --no-deps --only-binary=:all: --progress-bar=off --disable-pip-version-check ' +
      '--implementation=cp --abi=cp311 --python-version=311 --platform=manylinux_2_27_x86_64 ' +
      '--dest=/to tensorflow-cpu==2.21.0',
  );
});

it('pins every wheel by size and SHA-256', () => {
  for (const { sha256, bytes, file } of Object.values(WHEELS)) {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(1e8);
    expect(file).toContain('2.21.0');
  }
});

it('accepts the pinned bytes and no others', async () => {
  const file = join(temporaryFolder(), 'wheel');
  writeFileSync(file, '');
  await verifyWheel(file, { sha256: EMPTY_SHA256 });
  writeFileSync(file, 'x');
  await expect(verifyWheel(file, { sha256: EMPTY_SHA256 })).rejects.toMatchObject({
    kind: 'checksum',
  });
});

it('leaves nothing behind when the wheel is not the pinned one', async () => {
  const home = temporaryFolder();
  const answer = (_: string, args: readonly string[]) => {
    if (!args.includes('pip')) return pythonReport();
    const folder = args.find((arg) => arg.startsWith('--dest='))?.slice('--dest='.length) ?? '';
    writeFileSync(join(folder, WHEELS['linux-x64']?.file ?? ''), 'something else');
    return '';
  };
  const system = fakeSystem({ home, answer });
  await expect(download(system)).rejects.toMatchObject({ kind: 'checksum' });
  expect(readdirSync(cacheFolders(system, '4.22.0').root)).toEqual([]);
});

it('says which platforms have a wheel', async () => {
  await expect(download(fakeSystem({ platform: 'sunos', arch: 'sparc' }))).rejects.toThrow(
    'Expected a platform with a pinned TensorFlow wheel (linux-x64). Received: sunos-sparc.',
  );
});

it('says that Python or pip is missing', async () => {
  await expect(download(fakeSystem())).rejects.toThrow('No Python found');
  const answer = (command: string) => (command === 'python3' ? '{"version":"3.12.0"}' : undefined);
  await expect(download(fakeSystem({ answer }))).rejects.toMatchObject({
    message: 'python3 has no pip.',
    remedy: 'python3 -m ensurepip --upgrade',
  });
});

it("passes on pip's last error", async () => {
  const stderr = 'ERROR: first\nERROR: No matching distribution found\n';
  const answer = (_: string, args: readonly string[]) =>
    args.includes('pip') ? { code: 1, stdout: '', stderr } : pythonReport();
  const system = fakeSystem({ home: temporaryFolder(), answer });
  await expect(download(system)).rejects.toThrow(
    'pip could not fetch tensorflow-cpu 2.21.0: ERROR: No matching distribution found',
  );
});
