import { createEngine, type MpiEngine, type MpiType } from './engine.js';
import { MpiError } from './errors.js';
import { launchedByMpi } from './launch.js';
import { loadLibrary } from './library.js';

/** How to reach the other processes. */
export interface ConnectOptions {
  /** The library's file. @default what ARCTIC_MPI_LIBRARY names, else the first that is found */
  readonly library?: string;
  /**
   * Longest wait for the other processes in one operation, seconds: longer than the slowest of them
   * may need between two operations. @default 1800
   */
  readonly timeoutSeconds?: number;
  /** Where variables are looked up. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Arrays that can be sent. */
export type MpiArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** The processes of one MPI job; a `Communicator` of `@arctic/trainer-core`. */
export interface MpiCommunicator {
  /** Number of this process, from 0. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /** For people: name and version of the library. */
  readonly libraryVersion: string;
  /** Adds up the arrays of all processes, element by element, in place. @throws MpiError */
  allReduceInto(values: Float32Array | Float64Array): void;
  /** Gives every process the values of process 0, in place. @throws MpiError */
  broadcastInto(values: MpiArray): void;
  /** Returns when all processes have called it. @throws MpiError */
  barrier(): void;
  /** Ends all processes of the job at once, with this exit code. */
  abort(code: number): void;
  /** Ends the use of MPI in good order; every process has to call it before it exits. */
  finalize(): void;
}

/** Bytes sent at once: MPI counts values with 32 bits, and many small pieces are slow. */
const MESSAGE_BYTES = 64 << 20;
/** Arrays up to so many bytes are copied to where nothing moves. */
const STAGE_BYTES = 4096;
/** Waiting is polling: at full speed for so long, then with short naps, which leave the core to others. */
const SPIN_MS = 20;
const NAP_MS = 0.1;

/**
 * Joins the MPI job that this process was started in (`mpirun -n 4 node …`). Call it once, on the main
 * thread, before TensorFlow is loaded. Calls block; every process has to make the same calls in the
 * same order. A process started by itself is a job of one.
 *
 * @throws MpiError `LibraryNotFound` where there is no MPI.
 * @example
 * const mpi = connectMpi();
 * const sums = Float32Array.of(mpi.rank, 1);
 * mpi.allReduceInto(sums);
 * mpi.finalize();
 */
export function connectMpi(options: ConnectOptions = {}): MpiCommunicator {
  const { env = process.env, timeoutSeconds = 1800 } = options;
  const launch = launchedByMpi(env);
  const path = options.library ?? env.ARCTIC_MPI_LIBRARY;
  const engine = createEngine(loadLibrary(path, launch?.family ?? null));
  engine.init();
  const [rank, size] = [engine.rank(), engine.size()];
  if (launch !== null && size !== launch.size) {
    throw new MpiError(
      'CallFailed',
      `Expected ${launch.size} processes, as the launcher said. Received: ${size} from ${engine.version}. ` +
        'Start the job with the mpirun of the library that is loaded, or name that library in ARCTIC_MPI_LIBRARY.',
    );
  }
  const stage = new Uint8Array(new ArrayBuffer(STAGE_BYTES));
  const send = (values: MpiArray, start: (memory: Uint8Array, count: number) => void) => {
    const perMessage = MESSAGE_BYTES / values.BYTES_PER_ELEMENT;
    for (let from = 0; from < values.length; from += perMessage) {
      const part = values.subarray(from, from + perMessage);
      const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
      // Small arrays may lie on JavaScript's heap, where they are moved about.
      const memory = bytes.length > STAGE_BYTES ? bytes : stage.subarray(0, bytes.length);
      if (memory !== bytes) memory.set(bytes);
      start(memory, part.length);
      wait(engine, timeoutSeconds, rank);
      if (memory !== bytes) bytes.set(memory);
    }
  };
  return {
    rank,
    size,
    libraryVersion: engine.version,
    allReduceInto: (values) =>
      send(values, (memory, count) => engine.startAllReduce(memory, count, typeOf(values))),
    broadcastInto: (values) =>
      send(values, (memory, count) => engine.startBroadcast(memory, count, typeOf(values))),
    barrier() {
      engine.startBarrier();
      wait(engine, timeoutSeconds, rank);
    },
    abort: (code) => engine.abort(code),
    finalize: () => engine.finalize(),
  };
}

function typeOf(values: MpiArray): MpiType {
  if (values instanceof Float32Array) return 'float';
  if (values instanceof Float64Array) return 'double';
  return values instanceof Int32Array ? 'int' : 'byte';
}

const nap = new Int32Array(new SharedArrayBuffer(4));

function wait(engine: MpiEngine, timeoutSeconds: number, rank: number): void {
  const began = performance.now();
  while (!engine.done()) {
    const waited = performance.now() - began;
    if (waited > 1000 * timeoutSeconds) {
      throw new MpiError(
        'TimedOut',
        `Expected all processes to take part within ${timeoutSeconds} s. Received: process ${rank} still waits alone. ` +
          'One of them was lost or is stuck: see its output; the job can be resumed from its last checkpoint.',
      );
    }
    if (waited > SPIN_MS) Atomics.wait(nap, 0, 0, NAP_MS);
  }
}
