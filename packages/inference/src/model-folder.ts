import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceError } from './errors.js';

/** The models there are, by what they do. */
export type ModelKind = 'classifier' | 'convlstm' | 'siamese';

const ARCHITECTURES: ReadonlyMap<unknown, ModelKind> = new Map([
  ['resnet-classifier', 'classifier'],
  ['convlstm', 'convlstm'],
  ['siamese-unet', 'siamese'],
]);

/** Which of the three models a folder holds. @throws InferenceError when none. */
export function modelKind(folder: string): ModelKind {
  const path = join(folder, 'config.json');
  if (!existsSync(path))
    throw new InferenceError(
      `${folder}: expected a model folder with config.json. Received: no such file`,
    );
  let architecture: unknown;
  try {
    const config = JSON.parse(readFileSync(path, 'utf8')) as { architecture?: unknown } | null; // checked below
    architecture = config?.architecture;
  } catch (cause) {
    throw new InferenceError(
      `${path}: expected JSON. Received: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const kind = ARCHITECTURES.get(architecture);
  if (kind === undefined)
    throw new InferenceError(
      `${path}: expected an architecture of ${[...ARCHITECTURES.keys()].join(', ')}. Received: ${JSON.stringify(architecture) ?? 'none'}`,
    );
  return kind;
}

/** A model by the `fromPretrained` of its package. @throws InferenceError naming the folder where its files are damaged. */
export async function openModelFolder<T>(
  open: (folder: string) => Promise<T>,
  folder: string,
): Promise<T> {
  try {
    return await open(folder);
  } catch (cause) {
    if (!(cause instanceof Error && '_tag' in cause)) throw cause;
    throw new InferenceError(`${folder}: ${cause.message}`, { cause });
  }
}

/** One field of what was saved with a model. @throws InferenceError when it is missing. */
export function metaField<T>(
  meta: Readonly<Record<string, unknown>>,
  name: string,
  folder: string,
): T {
  if (!(name in meta))
    throw new InferenceError(
      `${join(folder, 'config.json')}: expected meta.${name}, as nx run train-all:export writes it. Received: ${Object.keys(meta).join(', ') || 'no meta'}`,
    );
  return meta[name] as T; // written by the app; a model folder is as trusted as code
}
