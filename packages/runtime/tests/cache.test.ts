import { readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolders, cacheKey, cacheRoot, publishFolder } from '../src/cache.js';
import { fakeSystem, temporaryFolder } from './fake-system.js';

it('names versions and platform in the key', () => {
  expect(cacheKey(fakeSystem(), '4.22.0')).toBe('tf2.21.0-tfjs4.22.0-linux-x64-napi8');
  expect(cacheKey(fakeSystem({ platform: 'darwin', arch: 'arm64' }), '4.22.0')).toBe(
    'tf2.21.0-tfjs4.22.0-darwin-arm64-napi8',
  );
});

it('lies below XDG_CACHE_HOME, else below ~/.cache', () => {
  expect(cacheRoot(fakeSystem())).toBe('/home/somebody/.cache/arctic-runtime');
  expect(cacheRoot(fakeSystem({ env: { XDG_CACHE_HOME: '/big' } }))).toBe('/big/arctic-runtime');
  expect(cacheFolders(fakeSystem(), '4.22.0').tensorflow).toBe(
    '/home/somebody/.cache/arctic-runtime/tf2.21.0-tfjs4.22.0-linux-x64-napi8/tensorflow',
  );
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
