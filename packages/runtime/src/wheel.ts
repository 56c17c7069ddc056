import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RuntimeError, firstLine } from './errors.js';
import { libraryFiles } from './library.js';
import { CUDA_WHEELS, TENSORFLOW_WHEELS, type PinnedWheel } from './pinned-wheels.js';
import type { System } from './system.js';
import { extractEntry, readEntry, withZip, type ZipEntry } from './unzip.js';
import { MINIMUM_TENSORFLOW_MINOR, isUsableVersion } from './versions.js';

// What the addon includes, and all that TensorFlow's C API for kernels of one's own needs: 2 MB of 287.
const HEADER_PREFIXES = [
  'tensorflow/c/',
  'tensorflow/core/common_runtime/next_pluggable_device/c/',
  'tensorflow/core/platform/',
  'tsl/platform/',
  'xla/c/',
  'xla/tsl/c/',
];

/** Machine names in platform tags, by `process.platform`-`process.arch`. */
const TAG_ENDS: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['linux', '_x86_64'],
  'linux-arm64': ['linux', '_aarch64'],
  'darwin-arm64': ['macosx', '_arm64'],
};

/** What a wheel says of itself. */
export interface WheelIdentity {
  readonly version: string;
  readonly cuda: boolean;
}

/** SHA-256 of a file in hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}

/** The pin of the wheel with this file name, if it is one of the pinned. */
export function pinOf(file: string): PinnedWheel | undefined {
  const pins = [...Object.values(TENSORFLOW_WHEELS), ...Object.values(CUDA_WHEELS).flat()];
  return pins.find((pin) => pin.file === file);
}

/**
 * What the wheel at `path` is, if it holds a TensorFlow that this machine can use.
 *
 * @throws RuntimeError of kind `wheel` where it does not.
 */
export async function identifyWheel(path: string, system: System): Promise<WheelIdentity> {
  const platform = `${system.platform}-${system.arch}`;
  return withWheel(path, async (archive) => {
    const { entries } = archive;
    const about = entries.find(({ name }) => /^[^/]+\.dist-info\/WHEEL$/.test(name));
    const { api } = libraryFiles(system.platform);
    const hasLibrary = entries.some(({ name }) => name === `tensorflow/${api}`);
    if (!about || !hasLibrary) throw wrongWheel(path, `it holds no tensorflow/${api}`, platform);
    const [os = '', machine = ''] = TAG_ENDS[platform] ?? [];
    const tags = [...(await readEntry(archive, about)).matchAll(/^Tag: (\S+)$/gm)];
    if (!tags.some(([, tag = '']) => tag.includes(os) && tag.endsWith(machine)))
      throw wrongWheel(path, `it is for ${tags.map(([, tag]) => tag).join(', ')}`, platform);
    const version = /^[^/]+?-([^-/]+)\.dist-info/.exec(about.name)?.[1] ?? 'unknown';
    if (!isUsableVersion(version)) throw wrongWheel(path, `it is release ${version}`, platform);
    const build = entries.find(({ name }) => name.endsWith('python/platform/build_info.py'));
    const cuda = build ? /is_cuda_build'?\W+True/.test(await readEntry(archive, build)) : false;
    return { version, cuda };
  });
}

/** Bytes that {@link unpackWheel} will write. */
export function unpackedBytes(path: string, system: System): Promise<number> {
  return withWheel(path, ({ entries }) =>
    Promise.resolve(wanted(entries, system).reduce((sum, { bytes }) => sum + bytes, 0)),
  );
}

/** Writes the libraries and headers of the wheel below `folder`, each checked as it is written. */
export async function unpackWheel(path: string, folder: string, system: System): Promise<void> {
  await withWheel(path, async (archive) => {
    for (const entry of wanted(archive.entries, system)) await extractEntry(archive, entry, folder);
  });
}

/** The libraries and the headers that are needed, of TensorFlow's wheel or of one of NVIDIA's. */
function wanted(entries: readonly ZipEntry[], system: System): ZipEntry[] {
  const { api, framework } = libraryFiles(system.platform);
  const names = [api, framework, ...HEADER_PREFIXES.map((prefix) => `include/${prefix}`)];
  const prefixes = names.map((name) => `tensorflow/${name}`);
  return entries.filter(({ name }) => {
    if (name.endsWith('/') || name.split('/').includes('..')) return false;
    if (name.startsWith('nvidia/')) return !name.includes('/include/');
    return prefixes.some((prefix) => name.startsWith(prefix));
  });
}

async function withWheel<T>(path: string, use: Parameters<typeof withZip<T>>[1]): Promise<T> {
  try {
    return await withZip(path, use);
  } catch (error) {
    if (error instanceof RuntimeError) throw error;
    const code = (error as NodeJS.ErrnoException).code; // absent from errors that are not the system's
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(error);
    throw new RuntimeError(
      'wheel',
      `Expected ${path} to be a complete wheel. Received: ${firstLine(error)}.`,
      { remedy: 'fetch it again, then: npx arctic-runtime install', cause: error },
    );
  }
}

function diskFull(cause: unknown): RuntimeError {
  return new RuntimeError('disk', 'The disk with the cache folder is full.', {
    remedy: 'XDG_CACHE_HOME=/a/larger/disk npx arctic-runtime install',
    cause,
  });
}

function wrongWheel(path: string, received: string, platform: string): RuntimeError {
  const pin = TENSORFLOW_WHEELS[platform];
  return new RuntimeError(
    'wheel',
    `Expected ${path} to be a wheel of TensorFlow 2.${MINIMUM_TENSORFLOW_MINOR} or later for ${platform}. Received: ${received}.`,
    {
      remedy: `npx arctic-runtime install --from ${join('FOLDER', pin?.file ?? 'WHEEL')}`,
    },
  );
}
