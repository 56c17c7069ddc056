import { statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { publishFolder, type CacheFolders } from './cache.js';
import { RuntimeError } from './errors.js';
import { askIndex, fetchWheel, megabytes, type FetchOptions } from './fetch-wheel.js';
import type { TensorFlowLibrary } from './library.js';
import { CUDA_WHEELS, TENSORFLOW_WHEELS, type PinnedWheel } from './pinned-wheels.js';
import { assertPlatform, platformTags } from './platform.js';
import { pythonEnvironments } from './python.js';
import { fetchedFolder } from './search.js';
import type { System } from './system.js';
import { TENSORFLOW_VERSION } from './versions.js';
import { identifyWheel, pinOf, sha256Of, unpackWheel, unpackedBytes } from './wheel.js';

export interface DownloadOptions extends Omit<FetchOptions, 'python'> {
  /** The release to fetch. */
  readonly version: string;
  /** Whether to fetch the CUDA build with NVIDIA's libraries. */
  readonly cuda: boolean;
}

/**
 * Fetches TensorFlow's wheel, with those of NVIDIA where asked for, and puts its libraries and headers into
 * the cache.
 *
 * @throws RuntimeError of kind `platform`, `download`, `disk`, `checksum` or `wheel`.
 */
export async function downloadLibrary(options: DownloadOptions): Promise<TensorFlowLibrary> {
  const { system, folders, version, cuda, onProgress } = options;
  const platform = assertPlatform(system, cuda);
  const platforms = platformTags(platform);
  const wanted = wantedWheels(platform, options);
  const bytes = sum(wanted.map((wheel) => wheel.bytes ?? 0));
  assertFree(sum(wanted.map((wheel) => bytesNeeded(wheel, folders))), folders.root, system);
  const fetchOptions = { ...options, python: await pythonWithPip(system) };
  await mkdir(folders.downloads, { recursive: true });

  const names = wanted.length > 1 ? `TensorFlow and NVIDIA's libraries` : wanted[0]?.name;
  onProgress(`Fetching ${names} ${version}${bytes > 0 ? ` (${megabytes(bytes)} MB)` : ''}.`);
  if (version !== TENSORFLOW_VERSION)
    onProgress(`Release ${version} is not pinned: only the index vouches for it.`);
  const requirements = wanted.map(({ name, version: release }) => `${name}==${release}`);
  const offers = (await askIndex(requirements, platforms, fetchOptions)) ?? [];
  const files: string[] = [];
  for (const wheel of wanted) {
    const offer = offers.find(({ name }) => name === wheel.name);
    // A pin goes before what the index says, and an index that has another file leaves the search to pip.
    const url = !wheel.file || offer?.file === wheel.file ? offer?.url : undefined;
    const file = wheel.file ?? offer?.file ?? `${wheel.name}-${version}.whl`;
    const sha256 = wheel.sha256 ?? offer?.sha256 ?? '';
    const choice = { ...wheel, file, sha256, ...(url && { url }) };
    files.push(await fetchWheel(choice, platforms, fetchOptions));
  }
  const library = await unpackInto(files, { version, cuda, system, folders, onProgress });
  for (const file of files) await rm(file, { force: true });
  return { ...library, origin: 'download' };
}

/** TensorFlow's wheel, pinned or not, and NVIDIA's, which suit every release that the addon can use. */
function wantedWheels(
  platform: string,
  { version, cuda }: Pick<DownloadOptions, 'version' | 'cuda'>,
): readonly (Pick<PinnedWheel, 'name' | 'version'> & Partial<PinnedWheel>)[] {
  const single = TENSORFLOW_WHEELS[platform];
  const pins = cuda ? (CUDA_WHEELS[platform] ?? []) : single ? [single] : [];
  if (version === TENSORFLOW_VERSION) return pins;
  return pins.map((pin) =>
    pin.version === TENSORFLOW_VERSION ? { name: pin.name, version } : pin,
  );
}

/**
 * Puts the library of a wheel that the user has into the cache.
 *
 * @throws RuntimeError of kind `wheel`, `checksum` or `disk`.
 */
export async function unpackGivenWheel(
  path: string,
  options: Pick<DownloadOptions, 'system' | 'folders' | 'onProgress'>,
): Promise<TensorFlowLibrary> {
  const { version, cuda } = await identifyWheel(path, options.system);
  const pin = pinOf(basename(path));
  if (pin) {
    options.onProgress('Checking its SHA-256.');
    const received = await sha256Of(path);
    if (received !== pin.sha256) {
      throw new RuntimeError(
        'checksum',
        `Expected ${path} to have SHA-256 ${pin.sha256}. Received: ${received}. It was not unpacked.`,
        { remedy: `fetch it again, then: npx arctic-runtime install --from ${path}` },
      );
    }
  }
  const library = await unpackInto([path], { ...options, version, cuda });
  return { ...library, origin: 'given' };
}

/** Unpacks `files` side by side into one folder of the cache: TensorFlow looks for NVIDIA's beside itself. */
async function unpackInto(
  files: readonly string[],
  { system, folders, version, cuda, onProgress }: Omit<DownloadOptions, 'onTransfer'>,
): Promise<Omit<TensorFlowLibrary, 'origin'>> {
  const sizes = await Promise.all(files.map((file) => unpackedBytes(file, system)));
  assertFree(sum(sizes), folders.root, system);
  onProgress(`Unpacking the libraries (${megabytes(sum(sizes))} MB).`);
  const target = fetchedFolder(folders, system, { version, cuda });
  await publishFolder(target, async (folder) => {
    for (const file of files) await unpackWheel(file, folder, system);
  });
  return { folder: join(target, 'tensorflow'), cuda, version };
}

/** Bytes that a pinned wheel takes up, itself less what is there of it, and its content. */
function bytesNeeded(
  { file = '', bytes = 0, unpackedBytes: unpacked = 0 }: Partial<PinnedWheel>,
  { downloads }: CacheFolders,
): number {
  const paths = [join(downloads, file), join(downloads, `${file}.part`)];
  const there = paths.map((path) => statSync(path, { throwIfNoEntry: false }));
  const have = sum(there.map((stat) => (stat?.isFile() ? stat.size : 0)));
  return Math.max(0, bytes - have) + unpacked;
}

function assertFree(needed: number, root: string, system: System): void {
  const free = system.freeBytes(root);
  if (free >= needed) return;
  throw new RuntimeError(
    'disk',
    `Expected ${megabytes(needed)} MB free where ${root} lies. Received: ${megabytes(free)} MB.`,
    { remedy: 'XDG_CACHE_HOME=/a/larger/disk npx arctic-runtime install' },
  );
}

async function pythonWithPip(system: System): Promise<string> {
  let found: string | undefined;
  for await (const { command, pip } of pythonEnvironments(system)) {
    if (pip) return command;
    found ??= command;
  }
  const without =
    'or without either, with the wheel itself: npx arctic-runtime install --from FILE';
  throw new RuntimeError(
    'download',
    found ? `${found} has no pip.` : 'No Python found (looked for python3 and python).',
    {
      remedy: found
        ? `${found} -m ensurepip --upgrade   (${without})`
        : `sudo apt-get install -y python3 python3-pip   (${without})`,
    },
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
