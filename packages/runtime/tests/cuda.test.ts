import { expect, it } from 'vitest';
import { findCudaDevice } from '../src/cuda.js';
import { fakeSystem } from './fake-system.js';

const answer = (command: string) =>
  command === 'nvidia-smi' ? 'NVIDIA H100\nNVIDIA H100\n' : undefined;

it('names the first device', async () => {
  expect(await findCudaDevice(fakeSystem({ files: ['/dev/nvidia0'], answer }))).toBe('NVIDIA H100');
});

it('finds none without a device file or without an answering driver', async () => {
  expect(await findCudaDevice(fakeSystem({ answer }))).toBeUndefined();
  expect(await findCudaDevice(fakeSystem({ files: ['/dev/nvidia0'] }))).toBeUndefined();
});
