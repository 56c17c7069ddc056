import { load, type LibraryHandle } from 'koffi';
import { MpiError } from './errors.js';
import type { MpiFamily } from './launch.js';

/** A loaded library and whose it is. */
export interface MpiLibrary {
  readonly lib: LibraryHandle;
  readonly path: string;
  readonly family: MpiFamily;
}

/** Names under which the system's loader finds the libraries, and places that it does not look at by itself. */
const NAMES: Readonly<Record<MpiFamily, readonly string[]>> = {
  'open-mpi': [
    'libmpi.so.40',
    'libmpi.so.80',
    '/usr/lib/x86_64-linux-gnu/openmpi/lib/libmpi.so',
    '/usr/lib64/openmpi/lib/libmpi.so.40',
    '/opt/homebrew/lib/libmpi.dylib',
    '/usr/local/lib/libmpi.dylib',
  ],
  mpich: [
    'libmpich.so.12',
    'libmpi.so.12',
    '/usr/lib64/mpich/lib/libmpi.so.12',
    '/opt/homebrew/opt/mpich/lib/libmpi.dylib',
  ],
};

/**
 * Loads MPI: the library at `path`, or the first that is found, of the launcher's family first.
 *
 * @throws MpiError `LibraryNotFound` with what was tried and what to install.
 */
export function loadLibrary(path: string | undefined, family: MpiFamily | null): MpiLibrary {
  const families: MpiFamily[] = family === 'mpich' ? ['mpich', 'open-mpi'] : ['open-mpi', 'mpich'];
  // The family that the launcher named must be the one: another would start as many jobs of one process.
  const wanted = family === null ? families : families.slice(0, 1);
  const names = path === undefined ? wanted.flatMap((each) => NAMES[each]) : [path];
  const problems: string[] = [];
  for (const name of names) {
    try {
      // Its plug-ins look for its symbols among those of the whole process.
      const lib = load(name, { global: true });
      return { lib, path: name, family: familyOf(lib) };
    } catch (cause) {
      problems.push(cause instanceof Error ? cause.message : String(cause));
    }
  }
  throw new MpiError(
    'LibraryNotFound',
    `Expected an MPI library (Open MPI or MPICH). Received: none of ${names.join(', ')} could be loaded. ` +
      "Install one (Debian: openmpi-bin libopenmpi3; or mpich), load the cluster's module, or name the file in ARCTIC_MPI_LIBRARY.",
    { cause: new Error(problems.join('; ')) },
  );
}

function familyOf(lib: LibraryHandle): MpiFamily {
  try {
    lib.symbol('ompi_mpi_comm_world', 'void *');
    return 'open-mpi';
  } catch {
    return 'mpich';
  }
}
