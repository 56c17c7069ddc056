import { readFileSync } from 'node:fs';
import { mayHaveCuda } from './cuda.js';
import { fault, note, ok, type DoctorCheck } from './doctor-check.js';
import { recommendedEnv } from './environment.js';
import type { System } from './system.js';

const GPU_INSTALL = 'npx arctic-runtime install --gpu';

/** The instruction sets that TensorFlow's convolutions gain from, the best last. */
const CPU_FEATURES = ['avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'amx_tile', 'asimd', 'sve'];

/** The processor or GPU that calculates, and whether a GPU lies idle. */
export async function checkDevice(
  system: System,
  cudaDevice: string | undefined,
  gpu: boolean,
): Promise<DoctorCheck> {
  if (cudaDevice === undefined) {
    if (mayHaveCuda(system)) {
      const detail = 'A CUDA device file is there, but nvidia-smi does not answer.';
      return note('device', detail, 'reinstall the NVIDIA driver (in a container: --gpus all)');
    }
    return ok('device', `CPU${cpuFeatures()}, no CUDA device`);
  }
  const query = ['--query-gpu=driver_version', '--format=csv,noheader'];
  const { stdout } = await system.run('nvidia-smi', query);
  const device = `${cudaDevice}, driver ${stdout.split('\n')[0]?.trim() ?? 'unknown'}`;
  if (gpu) return ok('device', device);
  return note('device', `${device}, which the library in use cannot use`, GPU_INSTALL);
}

/** The features that the kernel reports, in parentheses; nothing where it reports none. */
function cpuFeatures(): string {
  try {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    const flags = new Set(line?.[1]?.trim().split(/\s+/));
    const found = CPU_FEATURES.filter((feature) => flags.has(feature));
    return found.length > 0 ? ` (${found.join(', ')})` : '';
  } catch {
    return ''; // no Linux
  }
}

/** How many threads one operation may use. */
export function checkThreads({ env, cores }: System): DoctorCheck {
  const named = env['TF_NUM_INTRAOP_THREADS'];
  if (named === undefined) return ok('threads', `${cores} of ${cores} cores`);
  if (Number.isInteger(Number(named)) && Number(named) > 0)
    return ok('threads', `${named} of ${cores} cores, from TF_NUM_INTRAOP_THREADS`);
  const expected = `Expected TF_NUM_INTRAOP_THREADS to be a number above 0. Received: '${named}'.`;
  return fault('threads', expected, 'unset TF_NUM_INTRAOP_THREADS');
}

/** Whether large blocks are kept for the next operation rather than given back each time. */
export function checkAllocator({ env, platform }: System): DoctorCheck {
  const preloaded = /(tcmalloc|jemalloc|mimalloc)/.exec(env['LD_PRELOAD'] ?? '')?.[1];
  if (preloaded) return ok('allocator', `${preloaded}, preloaded`);
  const settings = Object.entries(recommendedEnv(platform));
  if (settings.length === 0) return ok('allocator', "the platform's own");
  const set = settings.filter(([name]) => env[name] !== undefined).map(([name]) => name);
  if (set.length === settings.length || env['GLIBC_TUNABLES']?.includes('malloc'))
    return ok('allocator', 'glibc, set to keep large blocks');
  const remedy = settings.map(([name, value]) => `${name}=${value}`).join(' ');
  return note('allocator', 'glibc as it comes; training gains from', `${remedy} node app.js`);
}
