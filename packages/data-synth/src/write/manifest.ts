import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@arctic/raster';
import type { ChangeKind } from '../change/events.js';
import { DataSynthError } from '../errors.js';
import type { ChangePairTruth } from '../change-pair.js';
import type { IceSceneTruth } from '../ice-scene.js';
import type { IceClass } from '../scene/surface.js';

/** What made the files; goes into every manifest. */
export const GENERATOR = '@arctic/data-synth@0.1.0';

/** How far writing has come. */
export interface WriteProgress {
  /** Samples written. */
  readonly done: number;
  /** Samples in all. */
  readonly total: number;
}

/** What the manifests of both kinds of folder say. */
export interface ManifestHead {
  readonly schema: 1;
  readonly synthetic: true;
  readonly generator: string;
  /** Seed of the whole folder. */
  readonly seed: number;
  /** Class names in the order of their numbers. */
  readonly classes: readonly string[];
  /** Width of a pixel on the ground in metres. */
  readonly pixelSizeM: number;
}

/** One picture of the imagery folder; paths are relative to it. */
export interface ImagerySample {
  readonly id: string;
  readonly image: string;
  readonly label: string;
  /** The class of most pixels. */
  readonly class: IceClass;
  /** The unit that a split must not cut. */
  readonly scene: string;
  /** Seed that `generateIceScene` got. */
  readonly seed: number;
  /** Share of the pixels of each class. */
  readonly fractions: readonly number[];
  readonly truth: IceSceneTruth;
}

/** `manifest.json` of an imagery folder. */
export interface ImageryManifest extends ManifestHead {
  readonly kind: 'labeled_ice_imagery';
  readonly samples: readonly ImagerySample[];
}

/** One pair of the change folder; paths are relative to it. */
export interface ChangeSample {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly label: string;
  /** The unit that a split must not cut. */
  readonly scene: string;
  /** Seed that `generateChangePair` got. */
  readonly seed: number;
  readonly changedFraction: number;
  readonly kinds: readonly ChangeKind[];
  readonly truth: ChangePairTruth;
}

/** `manifest.json` of a change folder. */
export interface ChangeManifest extends ManifestHead {
  readonly kind: 'change_pairs';
  readonly samples: readonly ChangeSample[];
}

/** Writes `manifest.json`, whole or not at all. */
export async function writeManifest(
  folder: string,
  manifest: ImageryManifest | ChangeManifest,
): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFileAtomic(join(folder, 'manifest.json'), new TextEncoder().encode(text));
}

/**
 * Throws unless `folder` may be replaced: absent, empty, or holding `mark`, which an earlier run
 * left there; a manifest has to say that a package of ours wrote it. Someone's own files are never
 * swept away.
 */
export async function requireReplaceable(folder: string, mark: string): Promise<void> {
  const names = await readdir(folder).catch((cause: unknown): string[] => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new DataSynthError(
      'write-failed',
      `${folder}: expected a folder, or nothing yet. Received: ${String(cause)}. Name another folder.`,
      { cause },
    );
  });
  if (names.length === 0) return;
  const marked = names.includes(mark);
  if (marked && (mark !== 'manifest.json' || (await isGenerated(join(folder, mark))))) return;
  throw new DataSynthError(
    'write-failed',
    `${folder}: expected an empty folder or an earlier dataset with ${mark}. Received: ${marked ? 'one that somebody else made' : `${names.length} other files`}. Name another folder, or move this one away.`,
  );
}

async function isGenerated(manifest: string): Promise<boolean> {
  try {
    const { generator } = JSON.parse(await readFile(manifest, 'utf8')) as { generator?: unknown }; // anything
    return String(generator).startsWith('@arctic/');
  } catch {
    return false;
  }
}
