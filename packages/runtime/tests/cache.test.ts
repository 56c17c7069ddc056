import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolders, publishFolder, removeHalfWritten } from '../src/cache.js';
import { fakeSystem, temporaryFolder } from './fake-system.js';

it('lies below XDG_CACHE_HOME, else below ~/.cache', () => {
  expect(cacheFolders(fakeSystem()).root).toBe('/home/somebody/.cache/arctic-runtime');
  const system = fakeSystem({ env: { XDG_CACHE_HOME: '/big' } });
  expect(cacheFolders(system).libraries).toBe('/big/arctic-runtime/libraries');
});

it('replaces a folder only when the new one is complete', async () => {
  const target = join(temporaryFolder(), 'thing');
  const fill = (text: string) => (folder: string) => writeFile(join(folder, 'file'), text);
  await publishFolder(target, fill('first'));
  const failed = publishFolder(target, async (folder) => {
    await fill('half')(folder);
    throw new Error('interrupted');
  });
  await expect(failed).rejects.toThrow('interrupted');
  expect(readFileSync(join(target, 'file'), 'utf8')).toBe('first');
  await publishFolder(target, fill('second'));
  expect(readFileSync(join(target, 'file'), 'utf8')).toBe('second');
  expect(readdirSync(dirname(target))).toEqual(['thing']); // nothing temporary is left
});

it('sweeps away what was half-written, and nothing else', () => {
  const folders = cacheFolders(fakeSystem({ home: temporaryFolder() }));
  for (const folder of [folders.libraries, folders.addons, folders.downloads]) {
    mkdirSync(join(folder, '.half-Xy12'), { recursive: true });
    writeFileSync(join(folder, 'whole'), '');
  }
  writeFileSync(join(folders.downloads, 'a.whl.part'), '');
  removeHalfWritten(folders);
  expect(readdirSync(folders.libraries)).toEqual(['whole']);
  expect(readdirSync(folders.addons)).toEqual(['whole']);
  expect(readdirSync(folders.downloads).sort()).toEqual(['a.whl.part', 'whole']);
});
