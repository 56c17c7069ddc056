import { checkAllocator, checkDevice, checkThreads } from './check-machine.js';
import { checkCache, checkCompiler, checkNode, checkPython } from './check-tools.js';
import { fault, ok, type DoctorCheck } from './doctor-check.js';
import { cacheFolders } from './cache.js';
import { findCudaDevice } from './cuda.js';
import { findInstalled } from './search.js';
import { smokeTest } from './smoke-test.js';
import { currentSystem, type System } from './system.js';
import { buildTargets } from './targets.js';
import { findTfjsNode } from './tfjs-node.js';
import { NAPI_VERSION } from './versions.js';
import { dirname, join } from 'node:path';

/** All checks, in the order in which one thing needs another; plain JSON. */
export interface DoctorReport {
  /** Whether `loadBackend` will give the native backend. */
  readonly healthy: boolean;
  readonly checks: readonly DoctorCheck[];
}

/**
 * Looks at everything the native backend needs and changes nothing. Takes about two seconds, most of
 * them for a calculation in a child process.
 */
export async function doctor({
  system = currentSystem(),
}: { readonly system?: System } = {}): Promise<DoctorReport> {
  const cudaDevice = await findCudaDevice(system);
  const { checks: native, gpu } = await checkNative(system, cudaDevice !== undefined);
  const works = native.every(({ status }) => status === 'ok');
  const checks: DoctorCheck[] = [
    checkNode(system),
    await checkCompiler(system, works),
    await checkPython(system, works),
    checkCache(system, works),
    ...native,
    await checkDevice(system, cudaDevice, gpu),
    checkThreads(system),
    checkAllocator(system),
  ];
  return { healthy: checks.every(({ status }) => status !== 'fault'), checks };
}

/** The report as lines of text, each fault followed by the command that mends it. */
export function formatDoctorReport({ healthy, checks }: DoctorReport): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, detail, remedy }) => [
    `${status.padEnd(5)}  ${name.padEnd(width)}  ${detail}`,
    ...(remedy ? [`${' '.repeat(width + 9)}mend with: ${remedy}`] : []),
  ]);
  const verdict = healthy
    ? 'The native TensorFlow backend works.'
    : 'The native TensorFlow backend is not usable; the JavaScript backend takes its place.';
  return [...lines, '', verdict].join('\n');
}

/** tfjs-node, library, addon, ABI and numerics: each needs the one before it. */
async function checkNative(
  system: System,
  cuda: boolean,
): Promise<{ readonly checks: readonly DoctorCheck[]; readonly gpu: boolean }> {
  const checks: DoctorCheck[] = [];
  let step = 'tfjs-node';
  try {
    const tfjsNode = findTfjsNode({ cuda });
    checks.push(ok(step, `${tfjsNode.name} ${tfjsNode.version} in ${tfjsNode.folder}`));
    step = 'library';
    const addon = findInstalled(tfjsNode, cacheFolders(system), system, cuda);
    if (!addon) {
      const missing = fault(step, 'No TensorFlow library with an addon built for it.');
      return { checks: [...checks, missing], gpu: false };
    }
    const { folder, origin, cuda: build } = addon.library;
    const kind = build ? 'CUDA build' : 'CPU build';
    checks.push(
      ok(step, `TensorFlow ${addon.tensorflowVersion}, ${kind}, in ${folder} (${origin})`),
    );
    step = 'addon';
    const missing = buildTargets(tfjsNode).filter(
      ({ output, optional }) => !optional && !system.exists(join(dirname(addon.path), output)),
    );
    if (missing.length > 0) {
      const names = missing.map(({ output }) => output).join(', ');
      const broken = fault(step, `${dirname(addon.path)} lacks ${names}.`, REBUILD);
      return { checks: [...checks, broken], gpu: false };
    }
    checks.push(ok(step, addon.path));
    step = 'abi';
    checks.push(await checkAbi(system));
    step = 'numerics';
    const { gpu } = await smokeTest(tfjsNode, addon.path, system);
    const where = gpu ? ' on the GPU' : '';
    checks.push(ok(step, `matrix product, convolution, gradient and rounding are right${where}`));
    return { checks, gpu };
  } catch (error) {
    return { checks: [...checks, fault(step, error, REBUILD)], gpu: false };
  }
}

const REBUILD = 'npx arctic-runtime install --force';

/** Node-API and C library, which must be those that addon and library were built for. */
async function checkAbi(system: System): Promise<DoctorCheck> {
  if (system.napi < NAPI_VERSION) {
    const expected = `Expected Node-API ${NAPI_VERSION} or later. Received: ${system.napi}.`;
    return fault('abi', expected, 'install a current Node from https://nodejs.org');
  }
  const { code, stdout } = await system.run('getconf', ['GNU_LIBC_VERSION']);
  const libc = code === 0 && system.platform === 'linux' ? `, ${stdout.trim()}` : '';
  return ok('abi', `Node-API ${system.napi} (built for ${NAPI_VERSION})${libc}`);
}
