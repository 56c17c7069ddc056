import { connectMpi, launchedByMpi } from '@arctic/mpi';
import { synchroniseNorms } from '@arctic/nn';
import { alone, RESUMABLE_EXIT_CODE, type Communicator } from '@arctic/trainer-core';

/**
 * The processes that `mpirun` or `srun` started together with this one; this process alone where
 * there are none. To be called once, before TensorFlow is loaded. The job is left when the process
 * ends; a failure ends it for all, as the others would wait for ever.
 *
 * @throws MpiError where the launcher is there and its library is not.
 */
export function joinJob(): Communicator {
  const launch = launchedByMpi(process.env);
  if (launch === null || launch.size === 1) return alone;
  const job = connectMpi();
  process.on('exit', (code) => {
    if (code === 0 || code === RESUMABLE_EXIT_CODE) job.finalize();
    else job.abort(code);
  });
  return job;
}

/** Lets batch norm look at the batches of all processes while `work` lasts. */
export async function withPooledNorms<T>(
  communicator: Communicator,
  wanted: boolean,
  work: () => Promise<T>,
): Promise<T> {
  if (communicator.size === 1 || !wanted) return work();
  synchroniseNorms((values) => communicator.allReduceInto(values));
  try {
    return await work();
  } finally {
    synchroniseNorms(null);
  }
}
