import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PartFile } from '../../src/download/part-file.js';
import { temporaryFolder } from '../helpers.js';

it('a part that goes on keeps its origin untouched; one that begins anew is emptied', async () => {
  const path = join(temporaryFolder(), 'file.bin');
  const url = 'http://127.0.0.1/file.bin';
  const part = new PartFile(path);
  const origin = { url, validator: '"one"', total: 9 };
  await (await part.open(0, origin)).close();
  writeFileSync(part.partPath, 'some');
  const before = statSync(`${path}.part.json`, { bigint: true }).mtimeNs;
  await (await part.open(4, origin)).close();
  expect(statSync(`${path}.part.json`, { bigint: true }).mtimeNs).toBe(before);
  expect(await part.earlier(url)).toEqual({ bytes: 4, origin });
  await (await part.open(0, { ...origin, validator: '"two"' })).close();
  expect(await part.earlier(url)).toBeNull();
  expect(readFileSync(part.partPath, 'utf8')).toBe('');
});
