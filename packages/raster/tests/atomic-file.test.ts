import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFolder, writeFileAtomic } from '../src/index.js';
import { failure, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

describe('writeFileAtomic', () => {
  it('writes parts in order, makes folders, leaves nothing else', async () => {
    const path = join(folder, 'a/b/file.bin');
    await writeFileAtomic(path, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    await writeFileAtomic(path, Uint8Array.of(9));
    expect([...readFileSync(path)]).toEqual([9]);
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['file.bin']);
  });
  it('says where it cannot write', async () => {
    writeFileSync(join(folder, 'plain'), '');
    const path = join(folder, 'plain/file.bin');
    expect(await failure(() => writeFileAtomic(path, Uint8Array.of(1)), 'WriteFailed')).toContain(
      path,
    );
  });
});

describe('replaceFolder', () => {
  it('takes the place of an earlier folder only when filled', async () => {
    const path = join(folder, 'store');
    mkdirSync(path);
    writeFileSync(join(path, 'old'), '');
    const stop = new Error('stop');
    const failing = replaceFolder(path, async (temporary) => {
      writeFileSync(join(temporary, 'half'), '');
      throw stop;
    });
    await expect(failing).rejects.toMatchObject({ _tag: 'WriteFailed', cause: stop });
    expect(readdirSync(path)).toEqual(['old']);
    await replaceFolder(path, async (temporary) => writeFileSync(join(temporary, 'new'), ''));
    expect(readdirSync(path)).toEqual(['new']);
    expect(readdirSync(folder).filter((name) => name.startsWith('.store'))).toEqual([]);
    expect(existsSync(join(path, 'old'))).toBe(false);
  });
});
