import type * as FileSystem from 'node:fs/promises';

/** The files of a model folder by name: what `saveModelFolder` writes and `loadModelFiles` reads. */
export interface ModelFiles {
  /** The parameters, a safetensors file. */
  readonly 'model.safetensors': Uint8Array;
  /** Architecture, configuration and whatever the application added, as JSON text. */
  readonly 'config.json': string;
}

/** What an application keeps with a model: normalisation, classes, units, grid, training data; any JSON. */
export type ModelMeta = Readonly<Record<string, unknown>>;

/** A model folder that is missing, damaged, of another architecture, or that cannot be written. */
export class ModelFolderError extends Error {
  readonly _tag = 'ModelFolderError';
  override readonly name = 'ModelFolderError';
}

/** Whether `error` is a {@link ModelFolderError}, also one from another copy of this package. */
export function isModelFolderError(error: unknown): error is ModelFolderError {
  return error instanceof Error && '_tag' in error && error._tag === 'ModelFolderError';
}

const SCHEMA = 1;
const FILE_NAMES = ['model.safetensors', 'config.json'] as const;

/** The text of `config.json` for a model: `{ schema, architecture, config, meta }`. */
export function describeModel(architecture: string, config: object, meta: ModelMeta = {}): string {
  return `${JSON.stringify({ schema: SCHEMA, architecture, config, meta }, null, 2)}\n`;
}

/**
 * The configuration and meta data in the text of a `config.json`.
 *
 * @throws {ModelFolderError} when the text is no JSON, has another schema, or describes another architecture.
 */
export function parseModelConfig(
  text: string,
  architecture: string,
): { config: Record<string, unknown>; meta: Record<string, unknown> } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ModelFolderError(
      `config.json must be JSON. Received: ${JSON.stringify(text.slice(0, 40))}. Save the model again.`,
      { cause },
    );
  }
  if (!isRecord(parsed) || parsed['schema'] !== SCHEMA) {
    throw new ModelFolderError(
      `config.json must be an object with "schema": ${SCHEMA}. Received: ${shorten(isRecord(parsed) ? parsed['schema'] : parsed)}. The model was saved by another version of this software.`,
    );
  }
  if (parsed['architecture'] !== architecture) {
    throw new ModelFolderError(
      `config.json must have "architecture": ${JSON.stringify(architecture)}. Received: ${shorten(parsed['architecture'])}. Load this folder with the package of that architecture.`,
    );
  }
  const { config, meta = {} } = parsed;
  if (!isRecord(config) || !isRecord(meta)) {
    throw new ModelFolderError(
      `config.json must hold the objects "config" and "meta". Received: config ${shorten(config)}, meta ${shorten(meta)}. Save the model again.`,
    );
  }
  return { config, meta };
}

/**
 * Writes a model folder; creates it where needed.
 *
 * Each file is written whole under a temporary name and then renamed, so that a crash leaves the
 * former file or the new one, never half of one.
 *
 * @throws {ModelFolderError} when the folder cannot be written.
 */
export async function saveModelFolder(folder: string, files: ModelFiles): Promise<void> {
  const fs = await fileSystem();
  const temporary = (name: string): string => `${folder}/.${name}.partial`;
  try {
    await fs.mkdir(folder, { recursive: true });
    for (const name of FILE_NAMES) {
      const handle = await fs.open(temporary(name), 'w');
      try {
        await handle.writeFile(files[name]);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    for (const name of FILE_NAMES) await fs.rename(temporary(name), `${folder}/${name}`);
  } catch (cause) {
    await Promise.allSettled(FILE_NAMES.map((name) => fs.rm(temporary(name), { force: true })));
    throw new ModelFolderError(
      `The model folder must be writable. Received: ${folder} (${reason(cause)}). Check path, permissions and disk space.`,
      { cause },
    );
  }
}

/**
 * The files of a model folder: read from a path, fetched from an `http(s)` address, or as given.
 *
 * @param source path of the folder, address of the folder (a `URL`, or a string that begins with
 *   `http:` or `https:`), or files already in memory.
 * @throws {ModelFolderError} when a file is missing or cannot be read.
 */
export async function loadModelFiles(source: string | URL | ModelFiles): Promise<ModelFiles> {
  if (typeof source === 'string') {
    return /^https?:\/\//.test(source) ? loadAddress(new URL(source)) : loadFolder(source);
  }
  if (source instanceof URL) {
    return source.protocol === 'file:' ? loadFolder(source) : loadAddress(source);
  }
  if (
    !(source['model.safetensors'] instanceof Uint8Array) ||
    typeof source['config.json'] !== 'string'
  ) {
    throw new ModelFolderError(
      `Model files must be { 'model.safetensors': Uint8Array, 'config.json': string }. Received: ${Object.keys(source).join(', ') || 'no files'}.`,
    );
  }
  return { ...source, 'model.safetensors': plainBytes(source['model.safetensors']) };
}

async function loadFolder(folder: string | URL): Promise<ModelFiles> {
  const fs = await fileSystem();
  const read = async (name: string): Promise<Uint8Array> => {
    const file = typeof folder === 'string' ? `${folder}/${name}` : child(folder, name);
    try {
      return plainBytes(await fs.readFile(file));
    } catch (cause) {
      throw new ModelFolderError(
        `A model folder must hold ${FILE_NAMES.join(' and ')}. Received: ${String(file)} (${reason(cause)}). Train and save a model there first, or give another folder.`,
        { cause },
      );
    }
  };
  return filesFrom(read);
}

async function loadAddress(folder: URL): Promise<ModelFiles> {
  return filesFrom(async (name) => {
    const address = child(folder, name);
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      throw new ModelFolderError(
        `A model address must serve ${FILE_NAMES.join(' and ')}. Received: ${address.href} (${reason(cause)}). Check the address.`,
        { cause },
      );
    }
  });
}

async function filesFrom(read: (name: string) => Promise<Uint8Array>): Promise<ModelFiles> {
  const config = new TextDecoder().decode(await read('config.json'));
  return { 'model.safetensors': await read('model.safetensors'), 'config.json': config };
}

/** Node's file system, loaded when first needed and under a computed name: bundlers for browsers leave it alone. */
async function fileSystem(): Promise<typeof FileSystem> {
  const name = ['node:fs', 'promises'].join('/');
  try {
    // A computed name has no type; the name above is this module's.
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as typeof FileSystem;
  } catch (cause) {
    throw new ModelFolderError(
      'A folder path needs Node.js. Received: a platform without a file system. Give an http(s) URL or files in memory.',
      { cause },
    );
  }
}

/** The same bytes without the ways of Node's `Buffer`, whose `slice` shares memory. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function child(folder: URL, name: string): URL {
  const base = new URL(folder);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return Object.assign(new URL(name, base), { search: base.search });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function shorten(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
