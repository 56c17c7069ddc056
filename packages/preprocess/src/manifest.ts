import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PreprocessError } from './errors.js';

/** What the folder of a dataset holds. */
export type DatasetKind = 'labeled_ice_imagery' | 'change_pairs';

/** One sample of a manifest; paths are relative to the dataset folder. */
export interface ManifestSample {
  readonly id: string;
  /** Split unit; the id where the manifest names none. */
  readonly scene: string;
  /** Class index of the whole image, where the manifest gives it. */
  readonly class?: number;
  /** Path of each file by its role: `image`, `label`, or `a`, `b`, `label`. */
  readonly files: Readonly<Record<string, string>>;
}

/** A dataset folder's `manifest.json`, checked. */
export interface Manifest {
  readonly kind: DatasetKind;
  readonly folder: string;
  /** Seed of generated data. */
  readonly seed?: number;
  /** Names by class index; empty for change pairs. */
  readonly classes: readonly string[];
  readonly samples: readonly ManifestSample[];
}

/** Roles of the files of a sample, and the folder each lies in unless the manifest says otherwise. */
const ROLES: Record<DatasetKind, Readonly<Record<string, string>>> = {
  labeled_ice_imagery: { image: 'images', label: 'labels' },
  change_pairs: { a: 'A', b: 'B', label: 'label' },
};

/**
 * The manifest of a dataset folder, checked field by field.
 *
 * @throws PreprocessError `InvalidInput` naming the file, what was expected and what was received.
 */
export async function readManifest(folder: string, kind: DatasetKind): Promise<Manifest> {
  const path = join(folder, 'manifest.json');
  const fault = (expected: string, received: string, cause?: unknown): PreprocessError =>
    new PreprocessError(
      'InvalidInput',
      `${path}: expected ${expected}. Received: ${received}. Generate the dataset again, or mend the file.`,
      { cause },
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw fault('a dataset manifest', missing ? 'no such file' : reason, cause);
  }
  if (!isRecord(parsed) || parsed['schema'] !== 1 || parsed['kind'] !== kind) {
    const received = isRecord(parsed)
      ? `schema ${parsed['schema']}, kind ${parsed['kind']}`
      : typeof parsed;
    throw fault(`schema 1 of kind ${kind}`, received);
  }
  const { samples, classes, seed } = parsed;
  if (!Array.isArray(samples) || samples.length === 0) {
    throw fault('a list of samples', Array.isArray(samples) ? 'an empty list' : typeof samples);
  }
  const list = samples.map((entry: unknown, index) => {
    const sample = toSample(entry, kind);
    if (!sample)
      throw fault('samples with an "id"', `${JSON.stringify(entry)} at position ${index}`);
    return sample;
  });
  if (new Set(list.map((sample) => sample.id)).size < list.length) {
    throw fault('every sample id once', 'a repeated id');
  }
  return {
    kind,
    folder,
    classes: Array.isArray(classes) ? classes.map(String) : [],
    samples: list,
    ...(typeof seed === 'number' && { seed }),
  };
}

function toSample(entry: unknown, kind: DatasetKind): ManifestSample | undefined {
  if (!isRecord(entry)) return undefined;
  const { id, scene } = entry;
  if (typeof id !== 'string' || id === '') return undefined;
  const files = Object.fromEntries(
    Object.entries(ROLES[kind]).map(([role, place]) => {
      const given = entry[role];
      return [role, typeof given === 'string' ? given : `${place}/${id}.png`];
    }),
  );
  const named = typeof scene === 'string' || typeof scene === 'number' ? String(scene) : id;
  return {
    id,
    scene: named,
    files,
    ...(typeof entry['class'] === 'number' && { class: entry['class'] }),
  };
}

/** Whether a value is a plain JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
