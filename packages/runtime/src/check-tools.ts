import { cacheFolders } from './cache.js';
import { COMPILER_REMEDY, findCompiler } from './compiler.js';
import { fault, note, ok, type DoctorCheck } from './doctor-check.js';
import { megabytes } from './fetch-wheel.js';
import { TENSORFLOW_WHEELS } from './pinned-wheels.js';
import { unsupported } from './platform.js';
import { pythonEnvironments } from './python.js';
import type { System } from './system.js';

const MINIMUM_NODE = [20, 19] as const;

/** Whether this Node is one that the package supports, on a platform that TensorFlow supports. */
export function checkNode(system: System): DoctorCheck {
  const { nodeVersion, platform, arch } = system;
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [needMajor, needMinor] = MINIMUM_NODE;
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    const expected = `Expected Node ${MINIMUM_NODE.join('.')} or later. Received: ${nodeVersion}.`;
    return fault('node', expected, 'install a current Node from https://nodejs.org');
  }
  const obstacle = unsupported(system);
  return obstacle ? fault('node', obstacle) : ok('node', `${nodeVersion} for ${platform}-${arch}`);
}

/** Whether there is a C++ compiler; without one, `works` decides whether that matters. */
export async function checkCompiler(system: System, works: boolean): Promise<DoctorCheck> {
  const compiler = await findCompiler(system);
  if (compiler) return ok('compiler', `${compiler.command}: ${compiler.version}`);
  if (works) return note('compiler', 'none; needed only to install again');
  return fault('compiler', 'No C++ compiler found.', COMPILER_REMEDY);
}

/** Whether there is a Python that can fetch the library or has it. */
export async function checkPython(system: System, works: boolean): Promise<DoctorCheck> {
  for await (const { command, version, pip, tensorflow } of pythonEnvironments(system)) {
    const seen = tensorflow ? `TensorFlow ${tensorflow.version}` : 'no TensorFlow';
    if (pip || tensorflow)
      return ok('python', `${command} ${version}, pip ${pip ?? 'missing'}, ${seen}`);
  }
  if (works) return note('python', 'none with pip; needed only to install again');
  return fault(
    'python',
    'No Python with pip found.',
    'sudo apt-get install -y python3 python3-pip   (or: npx arctic-runtime install --from FILE)',
  );
}

/** Whether the cache folder can be written and has room for an installation. */
export function checkCache(system: System, works: boolean): DoctorCheck {
  const { root } = cacheFolders(system);
  const free = system.freeBytes(root);
  const text = `${root}, ${megabytes(free)} MB free`;
  const remedy = 'XDG_CACHE_HOME=/a/folder/of/yours npx arctic-runtime install';
  const pin = TENSORFLOW_WHEELS[`${system.platform}-${system.arch}`];
  const problem = !system.isWritable(root)
    ? 'cannot be written'
    : pin && free < pin.bytes + pin.unpackedBytes
      ? `too little: an installation takes ${megabytes(pin.bytes + pin.unpackedBytes)} MB`
      : undefined;
  if (!problem) return ok('cache', text);
  if (works) return note('cache', `${text}; ${problem}, which matters only to install again`);
  return fault('cache', `${text}; ${problem}`, remedy);
}
