// One process of a job, started by mpirun; says what it got as a line of JSON, in order of rank.
import { connectMpi } from '../src/index.js';

const [mode] = process.argv.slice(2);
const mpi = connectMpi(mode === 'alone' ? { timeoutSeconds: 2 } : {});

if (mode === 'lost' && mpi.rank === 1) process.kill(process.pid, 'SIGKILL');
if (mode === 'alone' && mpi.rank === 1) {
  // Stuck, not dead: nobody but the others can notice.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8000);
}
try {
  mpi.barrier();
  // More than one message's worth.
  const many = Float32Array.from({ length: 5_000_003 }, (_, i) => (i % 5) + mpi.rank);
  mpi.allReduceInto(many);
  const few = Float64Array.of(1 / 3, mpi.rank);
  mpi.allReduceInto(few);
  const numbers = Int32Array.of(10 + mpi.rank, -5);
  mpi.broadcastInto(numbers);
  const bytes = Uint8Array.of(250 + mpi.rank);
  mpi.broadcastInto(bytes);
  const received = {
    rank: mpi.rank,
    size: mpi.size,
    version: mpi.libraryVersion,
    many: [many[0], many[4], many[5_000_002], many.reduce((a, b) => a + b, 0)],
    few: [...few],
    numbers: [...numbers],
    bytes: [...bytes],
  };
  process.stdout.write(`${JSON.stringify(received)}\n`);
  mpi.finalize();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  mpi.abort(7);
}
