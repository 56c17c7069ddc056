import { alone } from '@arctic/trainer-core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/config.js';
import type { RunContext } from '../src/context.js';
import { hashPath, readEnvironment, writeEnvironment } from '../src/environment.js';

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'environment-'));
  for (const split of ['train', 'val', 'test']) {
    mkdirSync(join(out, 'data/processed', split, 'classifier'), { recursive: true });
    writeFileSync(join(out, 'data/processed', split, 'classifier/images.npy'), split);
  }
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

const context = (resume: boolean): RunContext => ({
  config: resolveConfig('x', out, {}, { models: ['classifier', 'convlstm'] }),
  resume,
  limits: { fastDevRun: false },
  communicator: alone,
  backend: {
    ...{ backend: 'tensorflow', kind: 'native', device: 'CPU, 2 threads', threads: 2 },
    ...{ tfjsVersion: '4.22.0', libraryPath: '/somewhere' },
  },
  say: () => undefined,
});

describe('writeEnvironment', () => {
  it('notes versions, git, backend, machine and data', async () => {
    await writeEnvironment(context(false));
    const { schema, sessions } = readEnvironment(join(out, 'runs/x')) ?? {};
    expect({ schema, n: sessions?.length }).toEqual({ schema: 1, n: 1 });
    const [session] = sessions ?? [];
    expect(session?.resumed).toBe(false);
    expect(session?.versions).toMatchObject({ node: process.version });
    expect(session?.versions['@arctic/trainer-core']).toMatch(/^\d+\.\d+\.\d+/);
    expect(session?.backend).toMatchObject({ kind: 'native', threads: 2 });
    // Paths of a machine are nobody else's business.
    expect(JSON.stringify(session)).not.toContain('/somewhere');
    expect(session?.system['cores']).toBeGreaterThan(0);
    // In a copy without git there is nothing to note.
    if (session?.git) expect(session.git.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(Object.keys(session?.data.classifier ?? {})).toEqual(['train', 'val', 'test']);
    expect(session?.data.convlstm).toEqual({});
  });

  it('adds to what is there when a run goes on, and begins anew with a new run', async () => {
    await writeEnvironment(context(false));
    writeFileSync(join(out, 'data/processed/val/classifier/images.npy'), 'other');
    await writeEnvironment(context(true));
    const sessions = readEnvironment(join(out, 'runs/x'))?.sessions ?? [];
    expect(sessions.map(({ resumed }) => resumed)).toEqual([false, true]);
    const [before, now] = sessions.map(({ data }) => data.classifier);
    expect(now?.['train']).toBe(before?.['train']);
    expect(now?.['val']).not.toBe(before?.['val']);
    await writeEnvironment(context(false));
    expect(readEnvironment(join(out, 'runs/x'))?.sessions).toHaveLength(1);
  });

  it('is null where there is none, or none that can be read', () => {
    expect(readEnvironment(out)).toBeNull();
    writeFileSync(join(out, 'environment.json'), '{"schema":');
    expect(readEnvironment(out)).toBeNull();
  });
});

describe('hashPath', () => {
  it('depends on names and contents alone', async () => {
    const [a, b] = ['train', 'val'].map((split) => join(out, 'data/processed', split));
    const hash = await hashPath(a ?? '');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashPath(b ?? '')).not.toBe(hash);
    writeFileSync(join(b ?? '', 'classifier/images.npy'), 'train');
    expect(await hashPath(b ?? '')).toBe(hash);
    writeFileSync(join(b ?? '', 'more'), '');
    expect(await hashPath(b ?? '')).not.toBe(hash);
    expect(await hashPath(join(out, 'none'))).toBeNull();
  });
});
