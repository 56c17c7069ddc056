import { createWorkerPool } from '../../src/index.js';

// A program that forgets to close its pool ends nevertheless.
const pool = createWorkerPool({
  module: new URL('answers.mjs', import.meta.url),
  workers: 2,
  data: { factor: 2 } as never, // the module has no types
  execArgv: [],
});
const answer = await pool.run({ kind: 'scale', values: [21], milliseconds: 50 } as never);
process.stdout.write(JSON.stringify(answer));
