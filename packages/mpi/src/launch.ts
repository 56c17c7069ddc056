/** The two families of libraries: their handles look different. */
export type MpiFamily = 'open-mpi' | 'mpich';

/** What the environment tells of a process that mpirun, mpiexec or srun started. */
export interface MpiLaunch {
  readonly rank: number;
  readonly size: number;
  /** Whose library it takes; null where the launcher serves both (Slurm with PMIx or PMI-2). */
  readonly family: MpiFamily | null;
}

/** Variables of launchers, the number of the process and the number of processes. */
const LAUNCHERS = [
  ['OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE', 'open-mpi'],
  ['PMI_RANK', 'PMI_SIZE', 'mpich'],
  // srun --mpi=pmix or pmi2; without --mpi, tasks know nothing of each other.
  ['SLURM_PROCID', 'SLURM_STEP_NUM_TASKS', null],
] as const;

/** How MPI's launcher started this process; null when it was started by itself. */
export function launchedByMpi(env: Readonly<Record<string, string | undefined>>): MpiLaunch | null {
  for (const [rank, size, family] of LAUNCHERS) {
    if (family === null && !/^pmi/.test(env.SLURM_MPI_TYPE ?? '')) continue;
    const launch = { rank: number(env[rank]), size: number(env[size]), family };
    if (launch.rank >= 0 && launch.size > launch.rank) return launch;
  }
  return null;
}

function number(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : NaN;
}
