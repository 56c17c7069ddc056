import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const LAUNCHERS = [
  ['Open MPI', 'mpirun.openmpi', ['--allow-run-as-root', '--oversubscribe']],
  ['MPICH', 'mpirun.mpich', []],
] as const;

const rankFile = new URL('./rank.ts', import.meta.url).pathname;

/** Two processes of `rank.ts`. */
function mpirun(launcher: string, options: readonly string[], mode: string) {
  const began = performance.now();
  const node = [process.execPath, '--import', 'tsx', rankFile, mode];
  const { status, stdout, stderr } = spawnSync(launcher, [...options, '-n', '2', ...node], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr, seconds: (performance.now() - began) / 1000 };
}

const places = (process.env.PATH ?? '').split(':');

for (const [name, launcher, options] of LAUNCHERS) {
  const there = places.some((place) => existsSync(`${place}/${launcher}`));
  // Where it is not installed, the test's name says what is skipped.
  describe.skipIf(!there)(`${name} (${launcher})`, () => {
    it('adds up, broadcasts and waits', { timeout: 60_000 }, () => {
      const { status, stdout, stderr } = mpirun(launcher, options, 'work');
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const ranks = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { rank: number; version: string })
        .sort((a, b) => a.rank - b.rank);
      const sum = 2 * (10 * 1_000_000 + 0 + 1 + 2) + 5_000_003;
      for (const [rank, received] of ranks.entries()) {
        expect(received).toMatchObject({
          rank,
          size: 2,
          many: [1, 9, 5, sum],
          few: [2 / 3, 1],
          numbers: [10, -5],
          bytes: [250],
        });
        expect(received.version).toContain(name);
      }
    });

    it('ends soon when a process is killed', { timeout: 60_000 }, () => {
      const { status, seconds } = mpirun(launcher, options, 'lost');
      expect(status).not.toBe(0);
      expect(seconds).toBeLessThan(30);
    });

    it('tells of a process that does not come, and ends', { timeout: 60_000 }, () => {
      const { status, stderr, seconds } = mpirun(launcher, options, 'alone');
      expect(status).not.toBe(0);
      expect(stderr).toContain('process 0 still waits alone');
      expect(seconds).toBeLessThan(30);
    });
  });
}
