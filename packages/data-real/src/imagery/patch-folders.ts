import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFolder, writeFileAtomic } from '@arctic/raster';
import { DataRealError, reasonOf } from '../errors.js';
import { dealPatches, type PatchPlace } from './deal-patches.js';

/** Goes into every manifest. */
const GENERATOR = '@arctic/data-real';

/** A patch that lies on disk; paths are relative to its folder. */
export interface WrittenPatch extends PatchPlace {
  readonly files: readonly string[];
  /** Its entry of the manifest, but for the scene. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** What two folders of patches hold. */
export interface PatchesSummary {
  /** Patches for training and validation. */
  readonly main: number;
  readonly test: number;
  /** Patches between blocks, or of dates that the test has too. */
  readonly between: number;
  /** Patches without enough known pixels, or without a prevailing class. */
  readonly leftOut: number;
  /** The rule of the split in words. */
  readonly split: string;
}

/**
 * Fills a folder with patches, deals them, and moves those of the test into their own folder; both
 * get a manifest. Both appear whole, or stay as they were.
 */
export async function writePatchFolders(
  { folder, testFolder }: { readonly folder: string; readonly testFolder: string },
  cut: (temporary: string) => Promise<{
    readonly patches: readonly WrittenPatch[];
    readonly leftOut: number;
    readonly head: Readonly<Record<string, unknown>>;
  }>,
): Promise<PatchesSummary> {
  await requireReplaceable(folder);
  await requireReplaceable(testFolder);
  let summary: PatchesSummary | undefined;
  // What ends the cutting is kept: the folders' own error would hide it.
  let failure: unknown;
  const fill = async (temporary: string, test: string): Promise<void> => {
    const { patches, leftOut, head } = await cut(temporary);
    const { homes, rule } = dealPatches(patches);
    const samples: Record<'main' | 'test', unknown[]> = { main: [], test: [] };
    for (const [i, patch] of patches.entries()) {
      const { home, scene } = homes[i] ?? { home: 'out', scene: '' };
      if (home !== 'out') samples[home].push({ ...patch.entry, scene });
      if (home === 'main') continue;
      for (const file of patch.files) {
        if (home === 'test') {
          await mkdir(dirname(join(test, file)), { recursive: true });
          await copyFile(join(temporary, file), join(test, file));
        }
        await rm(join(temporary, file));
      }
    }
    const { main, test: tests } = samples;
    const between = patches.length - main.length - tests.length;
    summary = { main: main.length, test: tests.length, between, leftOut, split: rule };
    for (const [place, list] of [
      [temporary, main],
      [test, tests],
    ] as const) {
      const made = { schema: 1, synthetic: false, generator: GENERATOR };
      const manifest = { ...made, ...head, split: rule, leftOut, between };
      const text = `${JSON.stringify({ ...manifest, samples: list }, null, 1)}\n`;
      await writeFileAtomic(join(place, 'manifest.json'), Buffer.from(text));
    }
  };
  try {
    await replaceFolder(testFolder, (test) =>
      replaceFolder(folder, async (temporary) => {
        try {
          await fill(temporary, test);
        } catch (error) {
          failure = error;
          throw error;
        }
      }),
    );
  } catch (error) {
    throw failure ?? error;
  }
  if (!summary) throw new Error('replaceFolder fills the folder before it returns');
  return summary;
}

/** @throws DataRealError `WriteFailed` for a folder with files that are no dataset's */
async function requireReplaceable(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: unknown): string[] => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new DataRealError(
      'WriteFailed',
      `${folder}: expected a folder, or nothing yet. Received: ${reasonOf(cause)}. Name another folder.`,
      { cause },
    );
  });
  if (names.length === 0 || (await isOurs(join(folder, 'manifest.json')))) return;
  throw new DataRealError(
    'WriteFailed',
    `${folder}: expected an empty folder or an earlier dataset that was made here. Received: ${names.length} other files. Name another folder, or move this one away.`,
  );
}

/** Whether a package of ours wrote a manifest: pictures that somebody collected are not swept away. */
async function isOurs(manifest: string): Promise<boolean> {
  try {
    const { generator } = JSON.parse(await readFile(manifest, 'utf8')) as { generator?: unknown }; // anything
    return String(generator).startsWith('@arctic/');
  } catch {
    return false;
  }
}
