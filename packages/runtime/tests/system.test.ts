import { expect, it } from 'vitest';
import { currentSystem } from '../src/system.js';

const { run, execPath } = currentSystem();

it('passes on output and exit code', async () => {
  const program = 'console.log(process.env.WORD); console.error("fault"); process.exit(3)';
  const result = await run(execPath, ['-e', program], { env: { WORD: 'sea ice' } });
  expect(result).toEqual({ code: 3, stdout: 'sea ice\n', stderr: 'fault\n' });
});

it('tells a command that is missing from one that was killed', async () => {
  expect(await run('no-such-command', [])).toMatchObject({ code: 127 });
  const killed = await run(execPath, ['-e', 'process.kill(process.pid, "SIGKILL")']);
  expect(killed).toMatchObject({ code: 1, stderr: 'killed by SIGKILL' });
});
