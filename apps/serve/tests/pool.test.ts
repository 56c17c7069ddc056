import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { Pool, type PoolEvent } from '../src/workers/pool.js';
import { temporaryFolder, until } from './make-state.js';

const WORKER = `
process.on('message', ({ id, job }) => {
  if (job === 'die') process.exit(3);
  if (job === 'hang') for (;;);
  if (job === 'fail') return process.send({ id, error: { tag: 'SomeError', message: 'bad input' } });
  setTimeout(() => process.send({ id, value: job }), job.wait ?? 0);
});
process.on('disconnect', () => process.exit());
`;

let pool: Pool;
const events: PoolEvent[] = [];
function makePool(options: Partial<ConstructorParameters<typeof Pool>[0]> = {}): Pool {
  const path = join(temporaryFolder(), 'worker.mjs');
  writeFileSync(path, WORKER);
  events.length = 0;
  pool = new Pool({
    name: 'test',
    module: pathToFileURL(path),
    size: 1,
    queue: 2,
    timeLimit: 5,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return pool;
}
afterEach(() => pool.close(0));

it('runs jobs one after the other, and turns away what does not fit into the queue', async () => {
  const { load } = makePool();
  expect(load.workers).toBe(1);
  const jobs = [100, 1, 2, 3].map((wait) => pool.run({ wait }));
  await expect(jobs[3]).rejects.toMatchObject({ status: 503, kind: 'overloaded' });
  expect(await Promise.all(jobs.slice(0, 3))).toEqual([{ wait: 100 }, { wait: 1 }, { wait: 2 }]);
});

it('replaces a process that died, and gives a job up that two died of', async () => {
  makePool();
  await expect(pool.run('die')).rejects.toMatchObject({ status: 503, kind: 'worker-died' });
  expect(events.filter(({ kind }) => kind === 'died')).toHaveLength(2);
  expect(await pool.run({ n: 1 })).toEqual({ n: 1 });
});

it('ends a job that takes too long', async () => {
  makePool({ timeLimit: 3 });
  await expect(pool.run('hang')).rejects.toMatchObject({ status: 503, kind: 'time-limit' });
  expect(await pool.run({ n: 2 })).toEqual({ n: 2 });
});

it('tells bad input from faults', async () => {
  makePool();
  await expect(pool.run('fail')).rejects.toMatchObject({ status: 422 });
});

it('drops a job whose client went away before it began', async () => {
  makePool();
  const first = pool.run({ wait: 200 });
  const gone = new AbortController();
  const second = pool.run({ wait: 1 }, gone.signal);
  gone.abort();
  await expect(second).rejects.toMatchObject({ status: 499 });
  await first;
  await until(() => pool.load.running === 0);
});

it('lets running jobs end when it closes', async () => {
  makePool();
  const running = pool.run({ wait: 300 });
  await until(() => pool.load.running === 1);
  const waiting = pool.run({ wait: 1 });
  const closed = pool.close();
  await expect(waiting).rejects.toMatchObject({ kind: 'shutting-down' });
  expect(await running).toEqual({ wait: 300 });
  await closed;
  await expect(pool.run({})).rejects.toMatchObject({ kind: 'shutting-down' });
});
