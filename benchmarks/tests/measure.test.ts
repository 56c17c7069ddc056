import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Launch } from '../src/contestant.js';
import { measure } from '../src/measure.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arctic-bench-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that speaks the protocol and writes its name into a log at every step. */
function fake(name: string, { parameters = 5, diesAtStep = Infinity } = {}): Launch {
  const script = `
    const { appendFileSync } = require('node:fs');
    const say = (reply) => process.stdout.write('@bench ' + JSON.stringify(reply) + '\\n');
    say({ kind: 'ready', versions: { ${name}: '1' }, parameters: ${parameters} });
    let steps = 0;
    require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
      if (++steps === ${diesAtStep}) { process.stderr.write('no room left\\n'); process.exit(3); }
      appendFileSync(process.env.LOG, '${name} ');
      console.log('chatter');
      say({ kind: 'step', ms: steps, value: 0.5, peakMb: 100 });
    });`;
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    env: { LOG: join(folder, 'log') },
  };
}

const log = () => readFileSync(join(folder, 'log'), 'utf8').trim();
const options = { warmUp: 1, repetitions: 2, availableMb: () => Infinity, onStep: () => undefined };

describe('measure', () => {
  it('warms each up, then takes turns', async () => {
    const measured = await measure(fake('A'), [fake('B'), fake('C')], options);
    expect(log()).toBe('A B C A B C A B C');
    expect(measured.ours.samplesMs).toEqual([2, 3]);
    expect(measured.peers['C']).toMatchObject({ medianMs: 2.5, peakMb: 100 });
    expect(measured.versions).toEqual({ A: '1', B: '1', C: '1' });
  });

  it('lets peers come one by one, each against ours, where memory is short', async () => {
    const short = { ...options, availableMb: () => 0 };
    const measured = await measure(fake('A'), [fake('B'), fake('C')], short);
    expect(log()).toBe('A B A B A B C A C A C');
    expect(measured.ours.samplesMs).toHaveLength(4);
  });

  it('tells why a peer died and goes on with the others', async () => {
    const peers = [fake('B', { diesAtStep: 2 }), fake('C')];
    const measured = await measure(fake('A'), peers, options);
    expect(measured.peers['B']).toEqual({ error: 'B ended with code 3: no room left' });
    expect(measured.peers['C']).toMatchObject({ samplesMs: [2, 3] });
    expect(log()).toBe('A B C A C A C');
  });

  it('compares with no peer whose network has another size', async () => {
    const measured = await measure(fake('A'), [fake('B', { parameters: 6 })], options);
    expect(measured.peers['B']).toEqual({
      error: 'Expected 5 trainable values, as ours. Received: 6.',
    });
  });

  it('says so where a program is missing', async () => {
    const missing = { name: 'B', command: join(folder, 'nothing'), args: [], env: {} };
    const measured = await measure(fake('A'), [missing], options);
    expect(measured.peers['B']).toEqual({
      error: expect.stringMatching(/^B could not be started/),
    });
  });
});
