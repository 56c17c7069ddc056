import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isTaggedError, UsageError } from '../errors.js';
import type { ModelName } from '../config.js';

const ARCHITECTURES: ReadonlyMap<unknown, ModelName> = new Map([
  ['resnet-classifier', 'classifier'],
  ['convlstm', 'convlstm'],
  ['siamese-unet', 'siamese'],
]);

/** Which of the three models a folder holds. @throws UsageError when none. */
export function modelKind(folder: string): ModelName {
  const path = join(folder, 'config.json');
  if (!existsSync(path))
    throw new UsageError(
      `--model ${folder}: expected a model folder with config.json. Received: no such file`,
    );
  let architecture: unknown;
  try {
    const config = JSON.parse(readFileSync(path, 'utf8')) as { architecture?: unknown } | null; // checked below
    architecture = config?.architecture;
  } catch (cause) {
    throw new UsageError(
      `${path}: expected JSON. Received: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const kind = ARCHITECTURES.get(architecture);
  if (kind === undefined)
    throw new UsageError(
      `${path}: expected an architecture of ${[...ARCHITECTURES.keys()].join(', ')}. Received: ${JSON.stringify(architecture) ?? 'none'}`,
    );
  return kind;
}

/** A model by the `fromPretrained` of its package. @throws UsageError naming the folder where its files are damaged. */
export async function openModelFolder<T>(
  open: (folder: string) => Promise<T>,
  folder: string,
): Promise<T> {
  try {
    return await open(folder);
  } catch (cause) {
    if (!isTaggedError(cause)) throw cause;
    throw new UsageError(`--model ${folder}: ${cause.message}`, { cause });
  }
}

/** One field of what the app saved with a model. @throws UsageError when it is missing. */
export function metaField<T>(
  meta: Readonly<Record<string, unknown>>,
  name: string,
  folder: string,
): T {
  if (!(name in meta))
    throw new UsageError(
      `${join(folder, 'config.json')}: expected meta.${name}, as nx run train-all:export writes it. Received: ${Object.keys(meta).join(', ') || 'no meta'}`,
    );
  return meta[name] as T; // written by the app; a model folder is as trusted as code
}

/** Name of the folder that results of a model on some data go to. */
export function resultName(verb: 'evaluate' | 'predict', model: string, input: string): string {
  return `${verb}-${basename(model)}-${basename(input).replace(/[^\w.-]/g, '_')}`;
}
