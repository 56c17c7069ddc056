import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolders } from '../src/cache.js';
import { abandonInstallation, runCommandLine } from '../src/command.js';
import { fakeSystem, temporaryFolder } from './fake-system.js';

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (text: string) => out.push(text), err: (text: string) => err.push(text) };
  const code = await runCommandLine(argv, output, fakeSystem({ home: temporaryFolder() }));
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('arctic-runtime', () => {
  it('teaches with --help and without arguments', async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const word of [
      'install',
      'doctor',
      'uninstall',
      '--from',
      '--gpu',
      '--version',
      '--force',
      '@arctic/runtime/register',
      'ARCTIC_TENSORFLOW_DIR',
      'CXX',
      'Examples',
    ]) {
      expect(help.out).toContain(word);
    }
    expect((await run()).out).toBe(help.out);
  });

  it('fails with code 2 and one sentence', async () => {
    expect(await run('instal')).toEqual({
      code: 2,
      out: '',
      err: "Expected 'install', 'doctor' or 'uninstall'. Received: 'instal'. Mend with: npx arctic-runtime --help",
    });
    expect(await run('install', '--origin', 'moon')).toMatchObject({
      code: 2,
      err: expect.stringContaining("Received: 'moon'"),
    });
    expect(await run('install', '--frmo')).toMatchObject({ code: 2 });
    expect(await run('doctor', '--force')).toMatchObject({
      code: 2,
      err: expect.stringContaining("'doctor' has no option --force."),
    });
    expect(await run('install', '--origin', 'cache')).toMatchObject({
      code: 2,
      err: 'No TensorFlow library found (looked in: cache). Mend with: npx arctic-runtime install',
    });
  });

  it('prints the diagnosis as JSON and answers 2 when something is wrong', async () => {
    const { code, out } = await run('doctor', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ healthy: false });
  });

  it('uninstalls nothing where nothing is installed', async () => {
    expect(await run('uninstall')).toEqual({ code: 0, out: 'Nothing is installed.', err: '' });
    const { out } = await run('uninstall', '--all', '--dry-run', '--json');
    expect(JSON.parse(out)).toEqual({ removed: [], bytes: 0 });
  });

  it('tidies up after an interrupted installation of its own, and keeps the download', () => {
    const system = fakeSystem({ home: temporaryFolder() });
    expect(abandonInstallation(system)).toBe(false);
    const { root, lock, libraries, downloads } = cacheFolders(system);
    for (const folder of [join(libraries, '.half'), downloads])
      mkdirSync(folder, { recursive: true });
    writeFileSync(join(downloads, 'a.whl.part'), '');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), startedAt: 0 }));
    expect(abandonInstallation(system)).toBe(true);
    expect(readdirSync(root, { recursive: true }).sort()).toEqual([
      ...['downloads', 'downloads/a.whl.part', 'libraries'],
    ]);
  });
});
