import { mkdir, mkdtemp, readdir, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFolder } from '@arctic/raster';
import { PreprocessError } from './errors.js';

/**
 * Fills several folders below `output` completely or not at all: all are written to one side, and
 * only when the last is done do they take the places of earlier ones, which stay until then.
 *
 * @param fills - For each folder relative to `output`, what writes its files.
 * @throws What a fill threw; earlier folders are untouched then.
 */
export async function replaceFolders(
  output: string,
  fills: Readonly<Record<string, (folder: string) => Promise<void>>>,
): Promise<void> {
  await mkdir(output, { recursive: true });
  const staging = await mkdtemp(join(output, '.staging-'));
  try {
    for (const [name, fill] of Object.entries(fills)) {
      const folder = join(staging, name);
      await mkdir(folder, { recursive: true });
      await fill(folder);
    }
    for (const name of Object.keys(fills)) {
      const target = join(output, name);
      await mkdir(dirname(target), { recursive: true });
      await replaceFolder(target, async (folder) => {
        for (const file of await readdir(join(staging, name))) {
          await rename(join(staging, name, file), join(folder, file));
        }
      });
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Room kept free beside what is written, bytes. */
const RESERVE = 16 * 2 ** 20;

/**
 * Throws where the disk has no room for `bytes` more.
 *
 * @throws PreprocessError `NoSpace`
 */
export async function expectSpace(output: string, bytes: number): Promise<void> {
  await mkdir(output, { recursive: true });
  const { bavail, bsize } = await statfs(output);
  const free = bavail * bsize;
  if (free >= bytes + RESERVE) return;
  const mib = (count: number): string => `${Math.ceil(count / 2 ** 20)} MiB`;
  throw new PreprocessError(
    'NoSpace',
    `${output}: expected ${mib(bytes + RESERVE)} of free disk space. Received: ${mib(free)}. ` +
      'Free some, use another disk, or take fewer samples or a smaller input size.',
  );
}
