import type { System } from './system.js';

/**
 * Sets what TensorFlow reads from the environment when its library is loaded, where the user has not:
 * quiet logging, one thread per core, and GPU memory taken as needed.
 *
 * @returns the number of threads that one operation may use.
 */
export function setTensorFlowEnvironment(env: NodeJS.ProcessEnv, cores: number): number {
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  env['TF_NUM_INTRAOP_THREADS'] ??= String(cores);
  env['TF_NUM_INTEROP_THREADS'] ??= String(cores);
  return Number(env['TF_NUM_INTRAOP_THREADS']) || cores;
}

/**
 * Variables that can make training faster but count only when a process starts: an app spawns itself, or
 * its workers, with them. They let glibc keep the large blocks that each operation allocates and frees
 * (a ResNet-50 training step went from 274 to 241 ms on one machine; a few convolutions and sums showed no
 * difference beyond noise on another).
 */
export function recommendedEnv(
  platform: System['platform'] = process.platform,
): Record<string, string> {
  if (platform !== 'linux') return {};
  return { MALLOC_TRIM_THRESHOLD_: '4294967296', MALLOC_TOP_PAD_: '67108864' };
}
