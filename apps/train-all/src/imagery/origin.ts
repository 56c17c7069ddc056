import { join } from 'node:path';
import { readJsonIfThere } from '../context.js';

/** What a dataset folder says of itself. */
export interface Origin {
  /** Whether it was generated; real where it says nothing. */
  readonly synthetic: boolean;
  /** Name of the source; empty where it says nothing. */
  readonly source: string;
  /** Where the labels come from, one sentence; empty where it says nothing. */
  readonly labels: string;
  readonly samples: number;
}

/** Reads the origin from the manifest of a dataset folder. */
export function originOf(folder: string): Origin {
  const manifest = readJsonIfThere(join(folder, 'manifest.json')) as {
    synthetic?: unknown;
    source?: unknown;
    labels?: unknown;
    samples?: unknown;
  } | null; // each field is checked here
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    synthetic: manifest?.synthetic === true,
    source: text(manifest?.source),
    labels: text(manifest?.labels),
    samples: Array.isArray(manifest?.samples) ? manifest.samples.length : 0,
  };
}

/** Generated scenes, or patches of the source: for captions. */
export function namePatches({ synthetic, source }: Origin): string {
  return synthetic ? 'generated scenes' : `patches of ${source || 'real'} scenes`;
}
