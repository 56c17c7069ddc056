import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { publishFolder, type CacheFolders } from './cache.js';
import { RuntimeError, firstLine } from './errors.js';
import { libraryFiles, type TensorFlowLibrary } from './library.js';
import { pythonEnvironments } from './python.js';
import type { System } from './system.js';
import { TENSORFLOW_VERSION, WHEELS, type PinnedWheel } from './versions.js';

// What the addon includes, and all that TensorFlow's C API for kernels of one's own needs: 2 MB of 287.
const HEADER_PREFIXES = [
  'tensorflow/c/',
  'tensorflow/core/common_runtime/next_pluggable_device/c/',
  'tensorflow/core/platform/',
  'tsl/platform/',
  'xla/c/',
  'xla/tsl/c/',
];

// argv: wheel, target, then prefixes of the names to take (each below tensorflow/).
const UNZIP = `
import sys, zipfile
wheel, target, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(tuple(prefixes)): archive.extract(name, target)
`;

/** Arguments for `python -m pip` that fetch `wheel` whatever Python runs them. */
export function pipArguments(wheel: PinnedWheel, destination: string): string[] {
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--progress-bar=off'],
    ...['--disable-pip-version-check', '--implementation=cp', `--abi=cp${wheel.pythonVersion}`],
    ...[`--python-version=${wheel.pythonVersion}`, `--platform=${wheel.platformTag}`],
    ...[`--dest=${destination}`, `tensorflow-cpu==${TENSORFLOW_VERSION}`],
  ];
}

/**
 * Fetches the pinned wheel with pip, checks its SHA-256, and puts its libraries and headers into the cache.
 *
 * @throws RuntimeError of kind `download` or `checksum`.
 */
export async function downloadLibrary(
  folders: CacheFolders,
  system: System,
  onProgress: (message: string) => void,
): Promise<TensorFlowLibrary> {
  const platform = `${system.platform}-${system.arch}`;
  const wheel = WHEELS[platform];
  if (!wheel) {
    throw new RuntimeError(
      'download',
      `Expected a platform with a pinned TensorFlow wheel (${Object.keys(WHEELS).join(', ')}). Received: ${platform}.`,
      {
        remedy: `python3 -m pip install tensorflow==${TENSORFLOW_VERSION} && npx arctic-runtime install`,
      },
    );
  }
  const python = await pythonWithPip(system);
  await publishFolder(folders.tensorflow, async (folder) => {
    onProgress(
      `Fetching tensorflow-cpu ${TENSORFLOW_VERSION} (${megabytes(wheel.bytes)} MB) with pip.`,
    );
    const file = await fetchWheel(wheel, folder, python, system, onProgress);
    onProgress('Checking its SHA-256.');
    await verifyWheel(file, wheel);
    onProgress('Unpacking the libraries.');
    await unpackWheel(file, folder, python, system);
    await rm(file);
  });
  return {
    folder: folders.tensorflow,
    origin: 'download',
    cuda: false,
    version: TENSORFLOW_VERSION,
  };
}

async function pythonWithPip(system: System): Promise<string> {
  let found: string | undefined;
  for await (const { command, pip } of pythonEnvironments(system)) {
    if (pip) return command;
    found ??= command;
  }
  throw new RuntimeError(
    'download',
    found ? `${found} has no pip.` : 'No Python found (looked for python3 and python).',
    {
      remedy: found
        ? `${found} -m ensurepip --upgrade`
        : 'sudo apt-get install -y python3 python3-pip   (or any Python 3 with pip)',
    },
  );
}

async function fetchWheel(
  wheel: PinnedWheel,
  folder: string,
  python: string,
  system: System,
  onProgress: (message: string) => void,
): Promise<string> {
  const scratch = join(folder, 'pip'); // pip writes what it has so far below TMPDIR
  await mkdir(scratch);
  const watch = setInterval(() => {
    void folderBytes(scratch).then((bytes) => {
      if (bytes > 0) onProgress(`Fetched ${megabytes(bytes)} of ${megabytes(wheel.bytes)} MB.`);
    });
  }, 10_000);
  const { code, stdout, stderr } = await system
    .run(python, pipArguments(wheel, folder), { timeoutMs: 3_600_000, env: { TMPDIR: scratch } })
    .finally(() => clearInterval(watch));
  await rm(scratch, { recursive: true, force: true });
  if (code !== 0) {
    const fault = `${stderr}\n${stdout}`.split('\n').findLast((line) => line.startsWith('ERROR'));
    throw new RuntimeError(
      'download',
      `pip could not fetch tensorflow-cpu ${TENSORFLOW_VERSION}: ${fault ?? firstLine(stderr)}`,
      {
        remedy: `check the network and pip's index settings (pip config list), then: npx arctic-runtime install`,
      },
    );
  }
  return join(folder, wheel.file);
}

/** Throws unless `file` is the pinned wheel byte for byte. */
export async function verifyWheel(
  file: string,
  { sha256 }: Pick<PinnedWheel, 'sha256'>,
): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const received = hash.digest('hex');
  if (received === sha256) return;
  throw new RuntimeError(
    'checksum',
    `Expected the TensorFlow wheel to have SHA-256 ${sha256}. Received: ${received}. It was not unpacked.`,
    { remedy: 'python3 -m pip cache purge && npx arctic-runtime install' },
  );
}

async function unpackWheel(
  file: string,
  folder: string,
  python: string,
  system: System,
): Promise<void> {
  const { api, framework } = libraryFiles(system.platform);
  const names = [api, framework, ...HEADER_PREFIXES.map((prefix) => `include/${prefix}`)];
  const prefixes = names.map((name) => `tensorflow/${name}`);
  const { code, stderr } = await system.run(python, ['-c', UNZIP, file, folder, ...prefixes], {
    timeoutMs: 600_000,
  });
  if (code !== 0) {
    throw new RuntimeError(
      'download',
      `The TensorFlow wheel could not be unpacked: ${lastLine(stderr)}`,
      {
        remedy: 'free 1.2 GB below the cache folder, then: npx arctic-runtime install',
      },
    );
  }
  const inner = join(folder, 'tensorflow');
  for (const name of await readdir(inner)) await rename(join(inner, name), join(folder, name));
  await rm(inner, { recursive: true });
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (s) => (s.isFile() ? s.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
