import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectSpace, replaceFolders } from '../src/output-folders.js';
import { makeFolder } from './dataset.js';

test('replaceFolders puts all folders in place or none', async () => {
  const { folder, cleanUp } = await makeFolder();
  const write = (text: string) => (target: string) => writeFile(join(target, 'x'), text);
  const texts = () =>
    Promise.all(['a/t', 'b/t'].map((name) => readFile(join(folder, name, 'x'), 'utf8')));
  await mkdir(join(folder, 'a/other'), { recursive: true });
  await replaceFolders(folder, { 'a/t': write('1'), 'b/t': write('1') });
  expect(await texts()).toEqual(['1', '1']);
  const failing = () => Promise.reject(new Error('full'));
  await expect(replaceFolders(folder, { 'a/t': write('2'), 'b/t': failing })).rejects.toThrow(
    'full',
  );
  expect(await texts()).toEqual(['1', '1']);
  expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
  expect((await readdir(join(folder, 'a'))).sort()).toEqual(['other', 't']);
  await cleanUp();
});

test('expectSpace says what is needed and what there is', async () => {
  const { folder, cleanUp } = await makeFolder();
  await expectSpace(folder, 1);
  await expect(expectSpace(folder, 2 ** 60)).rejects.toThrow(
    /expected \d+ MiB of free disk space. Received: \d+ MiB/,
  );
  await cleanUp();
});
