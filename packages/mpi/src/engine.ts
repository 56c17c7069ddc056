import { MpiError } from './errors.js';
import type { MpiLibrary } from './library.js';

/** Kinds of values that are sent. */
export type MpiType = 'float' | 'double' | 'int' | 'byte';

/** MPI's functions with the handles of the library filled in; each throws where MPI returns an error. */
export interface MpiEngine {
  readonly version: string;
  init(): void;
  rank(): number;
  size(): number;
  /** Begin and return at once; `memory` must stay where it is until `done`. */
  startAllReduce(memory: Uint8Array, count: number, type: MpiType): void;
  startBroadcast(memory: Uint8Array, count: number, type: MpiType): void;
  startBarrier(): void;
  /** Whether what was begun is complete; works on it too. */
  done(): boolean;
  abort(code: number): void;
  finalize(): void;
}

/** Handles of MPICH and of what shares its binary interface: Intel MPI, MVAPICH, Cray MPICH. */
const MPICH = {
  world: 0x44000000,
  types: { float: 0x4c00040a, double: 0x4c00080b, int: 0x4c000405, byte: 0x4c00010d },
  sum: 0x58000003,
  inPlace: -1,
};

/** Handles of Open MPI are addresses of these symbols. */
const OPEN_MPI = {
  world: 'ompi_mpi_comm_world',
  types: {
    float: 'ompi_mpi_float',
    double: 'ompi_mpi_double',
    int: 'ompi_mpi_int',
    byte: 'ompi_mpi_byte',
  },
  sum: 'ompi_mpi_op_sum',
  inPlace: 1,
};

const TYPES: readonly MpiType[] = ['float', 'double', 'int', 'byte'];
/** Only the thread that called init calls MPI. */
const FUNNELED = 1;

/** Binds the functions of a library. */
export function createEngine({ lib, family }: MpiLibrary): MpiEngine {
  const open = family === 'open-mpi';
  const handle = open ? 'void *' : 'int';
  const address = (symbol: string): unknown => lib.symbol(symbol, 'void *');
  const world: unknown = open ? address(OPEN_MPI.world) : MPICH.world;
  const sum: unknown = open ? address(OPEN_MPI.sum) : MPICH.sum;
  const types = Object.fromEntries(
    TYPES.map((type) => [type, open ? address(OPEN_MPI.types[type]) : MPICH.types[type]]),
  ) as Record<MpiType, unknown>; // one for each of the names
  const { inPlace } = open ? OPEN_MPI : MPICH;

  const bind = (name: string, parameters: readonly string[]) => {
    const call = lib.func(name, 'int', [...parameters]);
    return (...values: unknown[]): void => {
      const code: unknown = call(...values);
      if (code === 0) return;
      throw new MpiError('CallFailed', `Expected ${name} to return 0. Received: ${String(code)}.`);
    };
  };
  const initThread = bind('MPI_Init_thread', ['void *', 'void *', 'int', 'void *']);
  const commRank = bind('MPI_Comm_rank', [handle, 'void *']);
  const commSize = bind('MPI_Comm_size', [handle, 'void *']);
  const versionOf = bind('MPI_Get_library_version', ['void *', 'void *']);
  const allReduce = bind('MPI_Iallreduce', [
    ...['intptr_t', 'void *', 'int', handle, handle, handle, 'void *'],
  ]);
  const broadcast = bind('MPI_Ibcast', ['void *', 'int', handle, 'int', handle, 'void *']);
  const barrier = bind('MPI_Ibarrier', [handle, 'void *']);
  const test = bind('MPI_Test', ['void *', 'void *', 'void *']);
  const abort = bind('MPI_Abort', [handle, 'int']);
  const finalize = bind('MPI_Finalize', []);

  // Memory of their own outside JavaScript's heap, so that nothing moves while MPI works on it.
  const request = new Uint8Array(new ArrayBuffer(8));
  const status = new Uint8Array(new ArrayBuffer(64));
  const number = new Int32Array(new ArrayBuffer(8));
  const asked = (ask: (into: Int32Array) => void): number => {
    ask(number);
    return number[0] as number; // two of them
  };
  return {
    get version() {
      const text = new Uint8Array(new ArrayBuffer(8192));
      versionOf(text, number);
      return (
        Buffer.from(text).toString('latin1').replace(/\0.*$/s, '').split(/[\n,]/)[0]?.trim() ?? ''
      );
    },
    init: () => initThread(null, null, FUNNELED, number),
    rank: () => asked((into) => commRank(world, into)),
    size: () => asked((into) => commSize(world, into)),
    startAllReduce: (memory, count, type) =>
      allReduce(inPlace, memory, count, types[type], sum, world, request),
    startBroadcast: (memory, count, type) =>
      broadcast(memory, count, types[type], 0, world, request),
    startBarrier: () => barrier(world, request),
    done: () => asked((flag) => test(request, flag, status)) !== 0,
    abort: (code) => abort(world, code),
    finalize,
  };
}
