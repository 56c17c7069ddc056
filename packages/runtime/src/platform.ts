import { RuntimeError } from './errors.js';
import { CUDA_WHEELS, TENSORFLOW_WHEELS } from './pinned-wheels.js';
import type { System } from './system.js';
import { TENSORFLOW_VERSION } from './versions.js';

const OFFICIAL_ROUTE = 'https://github.com/tensorflow/tfjs/tree/master/tfjs-node#installing';

/** Platform tags that pip may choose from, the newest first. */
const PLATFORM_TAGS: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': [
    'manylinux_2_27_x86_64',
    'manylinux_2_17_x86_64',
    'manylinux2014_x86_64',
    'manylinux_2_12_x86_64',
  ],
  'linux-arm64': ['manylinux_2_27_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
  'darwin-arm64': ['macosx_12_0_arm64', 'macosx_11_0_arm64'],
};

/** The platform tags of wheels that run on `platform`. */
export function platformTags(platform: string): readonly string[] {
  return PLATFORM_TAGS[platform] ?? [];
}

/**
 * Why nothing that this package does helps on `system`, with the official route as the remedy; undefined
 * where it does.
 */
export function unsupported({ platform, arch, musl }: System): RuntimeError | undefined {
  if (platform === 'win32') {
    return new RuntimeError(
      'platform',
      "TensorFlow's wheels for Windows hold no C API library, so there is nothing to build the addon against.",
      {
        remedy: `WSL 2 (https://learn.microsoft.com/windows/wsl/install), or the official route: ${OFFICIAL_ROUTE}`,
      },
    );
  }
  if (musl) {
    return new RuntimeError('platform', 'TensorFlow has no build for musl (Alpine Linux).', {
      remedy: 'an image with glibc, such as node:22-bookworm-slim',
    });
  }
  if (platform === 'darwin' && arch === 'x64') {
    return new RuntimeError(
      'platform',
      `TensorFlow ${TENSORFLOW_VERSION} has no build for Intel Macs (2.16 was the last).`,
      { remedy: `the official route: ${OFFICIAL_ROUTE}` },
    );
  }
  return undefined;
}

/**
 * `platform-arch`, where there is a wheel to fetch for it.
 *
 * @throws RuntimeError of kind `platform` where there is none.
 */
export function assertPlatform(system: System, cuda: boolean): string {
  const fault = unsupported(system);
  if (fault) throw fault;
  const platform = `${system.platform}-${system.arch}`;
  const known = Object.keys(cuda ? CUDA_WHEELS : TENSORFLOW_WHEELS);
  if (known.includes(platform)) return platform;
  throw new RuntimeError(
    'platform',
    `Expected a platform with a ${cuda ? 'CUDA ' : ''}wheel of TensorFlow (${known.join(', ')}). Received: ${platform}.`,
    {
      remedy: `a library of your own: npx arctic-runtime install --from FOLDER; or ${OFFICIAL_ROUTE}`,
    },
  );
}
