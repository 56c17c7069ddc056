import { cacheFolders } from './cache.js';
import { COMPILER_REMEDY, findCompiler } from './compiler.js';
import { findCudaDevice } from './cuda.js';
import { firstLine, isRuntimeError } from './errors.js';
import { pythonEnvironments } from './python.js';
import { findInstalled } from './search.js';
import { smokeTest } from './smoke-test.js';
import { currentSystem, type System } from './system.js';
import { findTfjsNode } from './tfjs-node.js';

/** One thing that was looked at. A `note` is nothing to mend: the native backend works without it. */
export interface DoctorCheck {
  readonly name: string;
  readonly status: 'ok' | 'note' | 'fault';
  readonly detail: string;
  /** The command that mends it. */
  readonly remedy?: string;
}

/** All checks, in the order in which one thing needs another; plain JSON. */
export interface DoctorReport {
  /** Whether `loadBackend` will give the native backend. */
  readonly healthy: boolean;
  readonly checks: readonly DoctorCheck[];
}

const INSTALL_REMEDY = 'npx arctic-runtime install';
const MINIMUM_NODE = [20, 19] as const;

/**
 * Looks at everything the native backend needs and changes nothing. Takes about two seconds, most of
 * them for a calculation in a child process.
 */
export async function doctor({
  system = currentSystem(),
}: { readonly system?: System } = {}): Promise<DoctorReport> {
  const cudaDevice = await findCudaDevice(system);
  const native = await checkNative(system, cudaDevice !== undefined);
  const works = native.every(({ status }) => status === 'ok');
  const checks: DoctorCheck[] = [
    checkNode(system),
    await checkCompiler(system, works),
    await checkPython(system, works),
    ...native,
    ok('device', cudaDevice ?? 'CPU (no CUDA device found)'),
    ok(
      'threads',
      `${system.env['TF_NUM_INTRAOP_THREADS'] ?? system.cores} of ${system.cores} cores`,
    ),
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

function ok(name: string, detail: string): DoctorCheck {
  return { name, status: 'ok', detail };
}

function fault(name: string, error: unknown, remedy = INSTALL_REMEDY): DoctorCheck {
  const known = isRuntimeError(error) ? error.remedy : undefined;
  return { name, status: 'fault', detail: firstLine(error), remedy: known ?? remedy };
}

function checkNode({ nodeVersion }: System): DoctorCheck {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [needMajor, needMinor] = MINIMUM_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor))
    return ok('node', nodeVersion);
  const expected = `Expected Node ${MINIMUM_NODE.join('.')} or later. Received: ${nodeVersion}.`;
  return fault('node', expected, 'install a current Node from https://nodejs.org');
}

async function checkCompiler(system: System, works: boolean): Promise<DoctorCheck> {
  const compiler = await findCompiler(system);
  if (compiler) return ok('compiler', `${compiler.command}: ${compiler.version}`);
  if (works)
    return { name: 'compiler', status: 'note', detail: 'none; needed only to install again' };
  return fault('compiler', 'No C++ compiler found.', COMPILER_REMEDY);
}

async function checkPython(system: System, works: boolean): Promise<DoctorCheck> {
  for await (const { command, version, pip, tensorflow } of pythonEnvironments(system)) {
    const seen = tensorflow ? `TensorFlow ${tensorflow.version}` : 'no TensorFlow';
    if (pip || tensorflow)
      return ok('python', `${command} ${version}, pip ${pip ?? 'missing'}, ${seen}`);
  }
  if (works)
    return {
      name: 'python',
      status: 'note',
      detail: 'none with pip; needed only to install again',
    };
  return fault(
    'python',
    'No Python with pip found.',
    'sudo apt-get install -y python3 python3-pip',
  );
}

/** tfjs-node, library, addon and numerics: each needs the one before it. */
async function checkNative(system: System, cuda: boolean): Promise<DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  let step = 'tfjs-node';
  try {
    const tfjsNode = findTfjsNode({ cuda });
    checks.push(ok(step, `${tfjsNode.name} ${tfjsNode.version} in ${tfjsNode.folder}`));
    step = 'library';
    const addon = await findInstalled(cacheFolders(system, tfjsNode.version), system, cuda);
    if (!addon)
      return [...checks, fault(step, 'No TensorFlow library with an addon built for it.')];
    const { folder, origin } = addon.library;
    checks.push(ok(step, `TensorFlow ${addon.tensorflowVersion} in ${folder} (${origin})`));
    checks.push(ok('addon', addon.path));
    step = 'numerics';
    const { gpu } = await smokeTest(tfjsNode, addon.path, system);
    checks.push(
      ok(
        step,
        `matrix product, convolution, gradient and rounding are right${gpu ? ' on the GPU' : ''}`,
      ),
    );
    return checks;
  } catch (error) {
    return [...checks, fault(step, error)];
  }
}
