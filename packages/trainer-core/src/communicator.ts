/**
 * What the processes of one training say to each other. `@arctic/mpi` has one for MPI; calls block,
 * and every process has to make the same calls in the same order.
 */
export interface Communicator {
  /** Number of this process, from 0. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /** Adds up the arrays of all processes, element by element, in place. */
  allReduceInto(values: Float32Array | Float64Array): void;
  /** Gives every process the values of process 0, in place. */
  broadcastInto(values: Float32Array | Float64Array | Int32Array | Uint8Array): void;
  /** Returns when all processes have called it. */
  barrier(): void;
}

/** One process alone. */
export const alone: Communicator = {
  rank: 0,
  size: 1,
  allReduceInto: () => undefined,
  broadcastInto: () => undefined,
  barrier: () => undefined,
};
