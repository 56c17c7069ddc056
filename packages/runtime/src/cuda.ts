import type { System } from './system.js';

/** Whether a driver's files say that there may be a CUDA device. */
export function mayHaveCuda(system: System): boolean {
  const marks = ['/dev/nvidia0', '/proc/driver/nvidia/version', '/dev/dxg'];
  return marks.some((path) => system.exists(path));
}

/** The name of the first CUDA device, or undefined where there is none. */
export async function findCudaDevice(system: System): Promise<string | undefined> {
  if (!mayHaveCuda(system)) return undefined;
  const query = ['--query-gpu=name', '--format=csv,noheader'];
  const { code, stdout } = await system.run('nvidia-smi', query);
  const name = stdout.split('\n')[0]?.trim();
  return code === 0 && name ? name : undefined;
}
