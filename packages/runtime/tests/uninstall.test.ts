import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolders } from '../src/cache.js';
import { install, uninstall } from '../src/index.js';
import { fakeSystem, libraryIn, smokeReport, temporaryFolder, type Answer } from './fake-system.js';

/** A machine with an installed library of 3 bytes, one of another platform, and a broken-off download. */
async function machine() {
  const answer: Answer = (command) =>
    command === '/usr/bin/node' ? smokeReport() : command === 'c++' ? 'c++ 12' : undefined;
  const system = fakeSystem({ home: temporaryFolder(), exists: existsSync, answer });
  const folders = cacheFolders(system);
  for (const name of ['linux-x64-2.21.0', 'darwin-arm64-2.21.0'])
    for (const file of libraryIn(join(folders.libraries, name, 'tensorflow'))) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, '1');
    }
  mkdirSync(folders.downloads);
  writeFileSync(join(folders.downloads, 'a.whl.part'), '12345');
  const addon = await install({ system, origins: ['cache'] });
  return { system, folders, addon };
}

it('removes what is in use and says how much it was', async () => {
  const { system, folders, addon } = await machine();
  const dry = await uninstall({ system, dryRun: true });
  expect(existsSync(join(addon.path, '..'))).toBe(true);
  const report = await uninstall({ system });
  expect(report).toEqual(dry);
  expect(report.removed.map(({ bytes }) => bytes).slice(1)).toEqual([3, 5]);
  expect(report.bytes).toBe(report.removed.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(existsSync(join(addon.path, '..'))).toBe(false);
  expect(existsSync(folders.downloads)).toBe(false);
  expect(existsSync(join(folders.libraries, 'linux-x64-2.21.0'))).toBe(false);
  expect(existsSync(join(folders.libraries, 'darwin-arm64-2.21.0'))).toBe(true);
  expect(await uninstall({ system })).toEqual({ removed: [], bytes: 0 });
});

it('removes a library without an addon, as an upgrade of this package leaves it', async () => {
  const { system, folders, addon } = await machine();
  rmSync(join(addon.path, '..'), { recursive: true });
  expect((await uninstall({ system })).bytes).toBe(3 + 5);
  expect(existsSync(join(folders.libraries, 'linux-x64-2.21.0'))).toBe(false);
});

it('removes the whole cache folder where told so', async () => {
  const { system, folders } = await machine();
  const { removed } = await uninstall({ system, what: 'all' });
  expect(removed.map(({ path }) => path)).toEqual([folders.root]);
  expect(existsSync(folders.root)).toBe(false);
});

it("leaves a library that is not the cache's where it is", async () => {
  const { system, folders } = await machine();
  const own = temporaryFolder();
  for (const file of libraryIn(own)) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '1');
  }
  await install({ system, from: own });
  const { removed } = await uninstall({ system });
  expect(removed.map(({ path }) => path)).not.toContain(own);
  expect(existsSync(own)).toBe(true);
  expect(existsSync(join(folders.libraries, 'linux-x64-2.21.0'))).toBe(true);
});
