import type { System } from './system.js';

/** The name of the first CUDA device, or undefined where there is none. */
export async function findCudaDevice(system: System): Promise<string | undefined> {
  const marks = ['/dev/nvidia0', '/proc/driver/nvidia/version', '/dev/dxg'];
  if (!marks.some((path) => system.exists(path))) return undefined;
  const query = ['--query-gpu=name', '--format=csv,noheader'];
  const { code, stdout } = await system.run('nvidia-smi', query);
  const name = stdout.split('\n')[0]?.trim();
  return code === 0 && name ? name : undefined;
}
