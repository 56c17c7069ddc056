import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRasterError } from '../../src/errors.js';
import { openNetCdf3 } from '../../src/netcdf/netcdf3.js';
import { openNetCdf4 } from '../../src/netcdf/netcdf4.js';
import type { RasterFile } from '../../src/raster-file.js';
import { temporaryFolder } from '../helpers.js';
import { fixture } from './helpers.js';

/** Numbers from 0 to 1 that are the same every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A copy with flipped bits, bytes of ones, moved pieces, or its end cut off. */
function mutated(bytes: Buffer, i: number, next: () => number): Buffer {
  const copy = Buffer.from(bytes);
  if (i % 6 === 5) return copy.subarray(0, Math.floor(next() * copy.length));
  const head = i % 2 === 0 ? Math.min(copy.length, 2048) : copy.length;
  for (let flips = Math.floor(next() * 8); flips >= 0; flips--) {
    const at = Math.floor(next() * head);
    const how = next();
    if (how < 0.5) copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(next() * 8));
    else if (how < 0.8) copy.fill(255, at, at + 1 + Math.floor(next() * 4));
    else {
      const from = Math.floor(next() * (copy.length - 8));
      copy.copy(copy, at, from, from + Math.min(8, copy.length - at));
    }
  }
  return copy;
}

async function readAll(open: (path: string) => Promise<RasterFile>, path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      for (const variable of file.variables) await variable.read();
    } finally {
      await file.close();
    }
    return 'read';
  } catch (error) {
    if (isRasterError(error)) return error._tag;
    throw error;
  }
}

describe('mutated files', () => {
  for (const [name, open, copies] of [
    ['classic.nc', openNetCdf3, 200],
    ['odd.nc', openNetCdf4, 60],
    ['oldest.h5', openNetCdf4, 60],
    ['newest.h5', openNetCdf4, 24],
  ] as const) {
    it(`end in values or a typed error: ${name}`, async () => {
      const bytes = readFileSync(fixture(name));
      const path = join(temporaryFolder(), 'mutated');
      const next = generator(copies);
      const found = new Set<string>();
      for (let i = 0; i < copies; i++) {
        writeFileSync(path, mutated(bytes, i, next));
        found.add(await readAll(open, path));
      }
      expect(found.has('read') && found.has('DamagedFile')).toBe(true);
    });
  }
});
