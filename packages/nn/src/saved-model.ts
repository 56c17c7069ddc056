import {
  describeModel,
  loadModelFiles,
  type ModelFiles,
  type ModelMeta,
  parseModelConfig,
  saveModelFolder,
} from './model-folder.js';
import type { ParameterStore } from './parameter-store.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/** How a model is saved. */
export interface SaveModelOptions {
  /** Folder to write the files to (Node.js). @default none: the files are only returned */
  readonly folder?: string;
  /** What the application keeps with the model. @default the model's own */
  readonly meta?: ModelMeta;
}

/** What of a model is saved. */
export interface SavableModel {
  readonly config: object;
  readonly store: ParameterStore;
  readonly meta: ModelMeta;
}

/**
 * The files of a model, written to a folder too where one is given.
 *
 * @throws {ModelFolderError} when the folder cannot be written.
 */
export async function saveModel(
  architecture: string,
  { config, store, meta }: SavableModel,
  options: SaveModelOptions = {},
): Promise<ModelFiles> {
  const files: ModelFiles = {
    'model.safetensors': writeSafetensors(await store.stateDict()),
    'config.json': describeModel(architecture, config, options.meta ?? meta),
  };
  if (options.folder !== undefined) await saveModelFolder(options.folder, files);
  return files;
}

/**
 * A saved model: built from its configuration, its parameters filled in.
 *
 * @param build makes the model with any parameters; it is disposed when the saved ones do not fit.
 * @throws {ModelFolderError} when the files are missing, damaged, or of another architecture.
 */
export async function openModel<M extends SavableModel & { dispose(): void }>(
  source: string | URL | ModelFiles,
  architecture: string,
  build: (config: Record<string, unknown>, meta: ModelMeta) => M,
): Promise<M> {
  const files = await loadModelFiles(source);
  const { config, meta } = parseModelConfig(files['config.json'], architecture);
  const { tensors } = readSafetensors(files['model.safetensors']);
  const model = build(config, meta);
  try {
    model.store.loadStateDict(tensors);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}
