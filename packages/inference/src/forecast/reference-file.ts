import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Climatology, Damping } from '@arctic/metrics';
import { readSafetensors, writeSafetensors, type NamedArray } from '@arctic/nn';
import { writeFileAtomic } from '@arctic/raster';
import type { Normal } from './series.js';

/** What a forecaster needs beside its weights on the grid that it was trained on. */
export interface SavedReference extends Normal {
  readonly damping: Damping;
  readonly height: number;
  readonly width: number;
}

const FILE = 'reference.safetensors';

/** Writes climatology, damping and active cells beside the model's files. */
export async function saveReference(
  folder: string,
  { climatology, damping, active, height, width }: SavedReference,
): Promise<void> {
  const tensors = new Map<string, NamedArray>([
    ['climatology', { shape: [climatology.nodes, height, width], data: climatology.means }],
    ['damping', { shape: [damping.leads, height, width], data: damping.alpha }],
    ['active', { shape: [height, width], data: Int32Array.from(active) }],
  ]);
  const { kind, from, to } = climatology;
  const metadata = {
    climatology: JSON.stringify({ kind, from, to }),
    domainMean: JSON.stringify(damping.domainMean),
  };
  await writeFileAtomic(join(folder, FILE), writeSafetensors(tensors, metadata));
}

/** The reference data of a model folder, or null where there is none. */
export async function loadReference(folder: string): Promise<SavedReference | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, FILE));
  } catch {
    return null;
  }
  const { tensors, metadata } = readSafetensors(bytes);
  const climatology = tensors.get('climatology');
  const damping = tensors.get('damping');
  const active = tensors.get('active');
  if (!climatology || !damping || !active) return null;
  const [leads = 0, height = 0, width = 0] = damping.shape;
  const cells = height * width;
  const { kind, from, to } = JSON.parse(metadata['climatology'] ?? '{}') as Pick<
    Climatology,
    'kind' | 'from' | 'to'
  >; // written above
  return {
    height,
    width,
    active: Uint8Array.from(active.data),
    climatology: {
      kind,
      from,
      to,
      cells,
      nodes: climatology.shape[0] ?? 0,
      means: Float32Array.from(climatology.data),
    },
    damping: {
      leads,
      cells,
      alpha: Float32Array.from(damping.data),
      domainMean: JSON.parse(metadata['domainMean'] ?? '[]') as number[],
    },
  };
}
