import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config.js';
import { expectSameProcessed, rememberProcessed } from '../../src/steps/processed.js';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'processed-'));
  mkdirSync(join(out, 'data', 'processed'), { recursive: true });
});
afterEach(() => {
  rmSync(out, { recursive: true });
});

function writeRecords(seed: number): void {
  for (const name of ['stats.json', 'split.json']) {
    writeFileSync(
      join(out, 'data', 'processed', name),
      JSON.stringify({ schema: 1, classifier: { seed } }),
    );
  }
}

it('lets a run be scored on its own split, and no other', async () => {
  const config = resolveConfig('first', out, {}, {});
  writeRecords(1);
  await rememberProcessed(config, 'classifier');
  expectSameProcessed(config, 'classifier');
  writeRecords(2);
  expect(() => {
    expectSameProcessed(config, 'classifier');
  }).toThrow(/run first was trained with\. Received: those of another run/);
});

it('says nothing of a run that was not trained', () => {
  expectSameProcessed(resolveConfig('first', out, {}, {}), 'siamese');
});
