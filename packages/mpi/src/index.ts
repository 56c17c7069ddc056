/**
 * MPI from Node.js: sums, broadcasts and barriers over typed arrays, with the Open MPI or MPICH that
 * the machine or cluster has. Found and loaded at run time; nothing is compiled.
 *
 * @example
 * ```ts
 * import { connectMpi, launchedByMpi } from '@arctic/mpi';
 *
 * if (launchedByMpi(process.env)) {
 *   const mpi = connectMpi();
 *   const ones = Float64Array.of(1);
 *   mpi.allReduceInto(ones); // [mpi.size] in every process
 *   mpi.finalize();
 * }
 * ```
 *
 * @packageDocumentation
 */
export { connectMpi, type ConnectOptions, type MpiArray, type MpiCommunicator } from './connect.js';
export { launchedByMpi, type MpiFamily, type MpiLaunch } from './launch.js';
export { isMpiError, MpiError, type MpiErrorTag } from './errors.js';
