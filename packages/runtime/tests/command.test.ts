import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../src/command.js';
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
      '--from',
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
      err: "Expected 'install' or 'doctor'. Received: 'instal'. Mend with: npx arctic-runtime --help",
    });
    expect(await run('install', '--from', 'moon')).toMatchObject({
      code: 2,
      err: expect.stringContaining("Received: 'moon'"),
    });
    expect(await run('install', '--frmo')).toMatchObject({ code: 2 });
    expect(await run('install', '--from', 'cache')).toMatchObject({
      code: 2,
      err: 'No TensorFlow library found (looked in: cache). Mend with: npx arctic-runtime install',
    });
  });

  it('prints the diagnosis as JSON and answers 2 when something is wrong', async () => {
    const { code, out } = await run('doctor', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ healthy: false });
  });
});
