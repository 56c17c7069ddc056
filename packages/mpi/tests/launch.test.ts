import { expect, it } from 'vitest';
import { connectMpi, isMpiError, launchedByMpi } from '../src/index.js';

it('knows the launchers', () => {
  expect(launchedByMpi({})).toBeNull();
  expect(launchedByMpi({ OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_SIZE: '4' })).toEqual({
    rank: 1,
    size: 4,
    family: 'open-mpi',
  });
  expect(launchedByMpi({ PMI_RANK: '0', PMI_SIZE: '2' })?.family).toBe('mpich');
  const slurm = { SLURM_PROCID: '3', SLURM_STEP_NUM_TASKS: '8' };
  expect(launchedByMpi(slurm)).toBeNull();
  expect(launchedByMpi({ ...slurm, SLURM_MPI_TYPE: 'pmix_v4' })).toEqual({
    rank: 3,
    size: 8,
    family: null,
  });
  expect(launchedByMpi({ PMI_RANK: '2', PMI_SIZE: '2' })).toBeNull();
});

it('says what to install where there is no library', () => {
  let error: unknown;
  try {
    connectMpi({ env: { ARCTIC_MPI_LIBRARY: '/nowhere/libmpi.so' } });
  } catch (thrown) {
    error = thrown;
  }
  expect(isMpiError(error, 'LibraryNotFound')).toBe(true);
  expect(String(error)).toMatch(/\/nowhere\/libmpi\.so.*Install one/);
});
