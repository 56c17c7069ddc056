import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AnswerCache } from '../src/products/answer-cache.js';
import { temporaryFolder } from './make-state.js';

it('makes an answer again whose file is gone', async () => {
  const folder = join(temporaryFolder(), 'cache');
  mkdirSync(folder);
  const cache = new AnswerCache(folder, 1 << 30);
  let made = 0;
  const make = async (path: string) => {
    made += 1;
    writeFileSync(path, Buffer.alloc(2 << 20));
    return { path, gzipped: null, contentType: 'image/tiff', bytes: 2 << 20 };
  };
  await cache.get('a', make);
  await cache.get('a', make);
  expect(made).toBe(1);
  rmSync(join(folder, 'a'));
  await Promise.all([cache.get('a', make), cache.get('a', make)]);
  expect(made).toBe(2);
  expect(readdirSync(folder)).toEqual(['a']);
  expect(cache.size).toEqual({ answers: 1, bytes: 2 << 20 });
});
