import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolders } from '../src/cache.js';
import { downloadLibrary, unpackGivenWheel, type DownloadOptions } from '../src/download.js';
import type { System } from '../src/index.js';
import { fakeSystem, pythonReport, temporaryFolder, type Answer } from './fake-system.js';
import { tensorflowWheel, writeZip } from './zip-file.js';

const VERSION = '2.99.0'; // not pinned, so that a made-up wheel can be fetched
const FILE = `tensorflow_cpu-${VERSION}-cp311-cp311-manylinux_2_27_x86_64.whl`;

function wheelBytes(): Buffer {
  const path = join(temporaryFolder(), FILE);
  writeZip(path, tensorflowWheel({ version: VERSION }));
  return readFileSync(path);
}

/** A machine whose index has `wheel`; each fetch of it does what `fetch` does with the .part file. */
function machine(
  wheel: Buffer,
  fetch: (part: string) => ReturnType<Answer>,
  pip: Answer = () => undefined,
): System {
  const sha256 = createHash('sha256').update(wheel).digest('hex');
  const offer = {
    name: 'tensorflow-cpu',
    version: VERSION,
    file: FILE,
    url: 'https://x/y',
    sha256,
  };
  const answer: Answer = (command, args) => {
    if (args.includes('find')) return JSON.stringify([offer]);
    if (args.includes('fetch')) return fetch(args.at(-1) ?? '');
    if (args.includes('pip')) return pip(command, args);
    return command === 'python3' ? pythonReport() : undefined;
  };
  const exists = existsSync;
  return fakeSystem({ home: temporaryFolder(), answer, exists });
}

function download(system: System, options: Partial<DownloadOptions> = {}) {
  const steps: string[] = [];
  const folders = cacheFolders(system);
  const done = downloadLibrary({
    ...{ system, folders, version: VERSION, cuda: false },
    onProgress: (step) => steps.push(step),
    onTransfer: () => undefined,
    ...options,
  });
  return { done, steps, folders };
}

it('fetches, checks, unpacks and tidies up', async () => {
  const wheel = wheelBytes();
  const system = machine(wheel, (part) => {
    writeFileSync(part, wheel);
    return '0 100 0\n50 100 2\n';
  });
  const transfers: unknown[] = [];
  const { done, steps, folders } = download(system, { onTransfer: (t) => transfers.push(t) });
  expect(await done).toEqual({
    folder: join(folders.libraries, `linux-x64-${VERSION}`, 'tensorflow'),
    ...{ origin: 'download', cuda: false, version: VERSION },
  });
  expect(readdirSync(join(folders.libraries, `linux-x64-${VERSION}`, 'tensorflow')).sort()).toEqual(
    [...['include', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']],
  );
  expect(readdirSync(folders.downloads)).toEqual([]);
  expect(steps).toContain(`Release ${VERSION} is not pinned: only the index vouches for it.`);
  expect(transfers.at(-1)).toEqual({
    ...{ file: FILE, receivedBytes: 50, totalBytes: 100, bytesPerSecond: 25, secondsLeft: 2 },
  });
});

it('goes on where a download broke off', async () => {
  const wheel = wheelBytes();
  let tries = 0;
  const system = machine(wheel, (part) => {
    tries += 1;
    const have = existsSync(part) ? readFileSync(part) : Buffer.alloc(0);
    writeFileSync(
      part,
      tries === 1 ? wheel.subarray(0, 700) : Buffer.concat([have, wheel.subarray(700)]),
    );
    return tries === 1 ? { code: 4, stdout: '', stderr: 'trace\nTimeoutError: slow\n' } : '';
  });
  const first = download(system);
  await expect(first.done).rejects.toMatchObject({
    message: `The download of ${FILE} broke off: TimeoutError: slow.`,
    remedy: expect.stringContaining('goes on where it stopped'),
  });
  expect(readFileSync(join(first.folders.downloads, `${FILE}.part`))).toHaveLength(700);
  await download(system).done;
  expect(tries).toBe(2);
});

it('begins anew where what was left is damaged, and gives up where the index is', async () => {
  const wheel = wheelBytes();
  const healing = machine(wheel, (part) => {
    if (!existsSync(part)) writeFileSync(part, wheel);
    return '';
  });
  const { downloads } = cacheFolders(healing);
  mkdirSync(downloads, { recursive: true });
  writeFileSync(join(downloads, `${FILE}.part`), 'damaged');
  const { done, steps } = download(healing);
  await done;
  expect(steps).toContain('What an earlier run left was damaged; fetching it again.');

  const wrong = machine(wheel, (part) => {
    writeFileSync(part, 'something else');
    return '';
  });
  const failed = download(wrong);
  await expect(failed.done).rejects.toMatchObject({ kind: 'checksum' });
  expect(readdirSync(failed.folders.downloads)).toEqual([]);
  expect(existsSync(failed.folders.libraries)).toBe(false);
});

it('leaves it to pip where the URL cannot be fetched, and passes on its last error', async () => {
  const wheel = wheelBytes();
  const refused = () => ({ code: 3, stdout: '', stderr: '401' });
  const arrives = machine(wheel, refused, (_, args) => {
    const folder = args.find((arg) => arg.startsWith('--dest='))?.slice('--dest='.length) ?? '';
    expect(args).toContain(`tensorflow-cpu==${VERSION}`);
    expect(args).toContain('--platform=manylinux_2_27_x86_64');
    writeFileSync(join(folder, FILE), wheel);
    return '';
  });
  await download(arrives).done;

  const stderr = 'ERROR: first\nERROR: No matching distribution found\n';
  const fails = machine(wheel, refused, () => ({ code: 1, stdout: '', stderr }));
  const { done, folders } = download(fails);
  await expect(done).rejects.toThrow(
    `pip could not fetch ${FILE}: ERROR: No matching distribution found`,
  );
  expect(readdirSync(folders.downloads)).toEqual([]);
});

it('asks for every wheel of the CUDA build, and looks for room first', async () => {
  let asked: readonly string[] = [];
  const answer: Answer = (command, args) => {
    if (args.includes('find')) {
      asked = args.slice(args.indexOf('--') + 1);
      return { code: 3, stdout: '', stderr: '' };
    }
    if (args.includes('pip')) return { code: 1, stdout: '', stderr: 'ERROR: enough' };
    return command === 'python3' ? pythonReport() : undefined;
  };
  const system = fakeSystem({ home: temporaryFolder(), answer });
  await expect(download(system, { cuda: true, version: '2.21.0' }).done).rejects.toThrow('enough');
  expect(asked[0]).toBe('tensorflow==2.21.0');
  expect(asked.filter((name) => name.startsWith('nvidia-'))).toHaveLength(12);

  const small = fakeSystem({ home: temporaryFolder(), answer, freeBytes: () => 5e8 });
  await expect(download(small, { version: '2.21.0' }).done).rejects.toMatchObject({
    kind: 'disk',
    message: expect.stringMatching(/^Expected 1129 MB free .* Received: 500 MB\.$/),
  });
});

it('says that Python or pip is missing, and that neither is needed with the wheel', async () => {
  await expect(download(fakeSystem()).done).rejects.toThrow('No Python found');
  const answer = (command: string) => (command === 'python3' ? '{"version":"3.12.0"}' : undefined);
  await expect(download(fakeSystem({ answer })).done).rejects.toMatchObject({
    message: 'python3 has no pip.',
    remedy: expect.stringMatching(/^python3 -m ensurepip --upgrade .*install --from FILE/),
  });
});

it('unpacks a wheel that it is given, and checks it against its pin', async () => {
  const path = join(temporaryFolder(), 'tensorflow-2.22.0-cp312-cp312-manylinux_2_27_x86_64.whl');
  writeZip(path, tensorflowWheel({ version: '2.22.0', cuda: true }));
  const system = fakeSystem({ home: temporaryFolder() });
  const options = { system, folders: cacheFolders(system), onProgress: () => undefined };
  expect(await unpackGivenWheel(path, options)).toMatchObject({
    ...{ version: '2.22.0', cuda: true, origin: 'given' },
    folder: expect.stringMatching(/linux-x64-2\.22\.0-cuda\/tensorflow$/),
  });

  const pinned = join(
    temporaryFolder(),
    'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  );
  writeZip(pinned, tensorflowWheel());
  await expect(unpackGivenWheel(pinned, options)).rejects.toMatchObject({
    kind: 'checksum',
    message: expect.stringContaining(`Expected ${pinned} to have SHA-256 2b847d21`),
  });
  expect(readdirSync(options.folders.libraries)).toEqual(['linux-x64-2.22.0-cuda']);
});
