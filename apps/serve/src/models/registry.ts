import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { modelKind, type ModelKind } from '@arctic/inference';
import { ServeError } from '../errors.js';
import type { ModelInfo } from './model-info.js';

/** A model that is served: a copy of its folder that nobody changes. */
export interface ServedModel extends ModelInfo {
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** A model folder that was refused. */
export interface RefusedModel {
  /** Name of the folder. */
  readonly folder: string;
  readonly reason: string;
  readonly at: string;
}

export interface RegistryOptions {
  /** Folder of model folders. */
  readonly models: string;
  /** Folder that gets the copies. */
  readonly copies: string;
  /** Opens a model and tries it. @throws where it is none */
  readonly check: (folder: string) => Promise<void>;
  readonly onChange?: (event: RegistryEvent) => void;
}

export type RegistryEvent =
  | { readonly kind: 'serving'; readonly model: ServedModel }
  | { readonly kind: 'refused'; readonly refused: RefusedModel };

/** Files of a model folder that decide what it computes. */
const FILES = ['config.json', 'model.safetensors', 'reference.safetensors', 'interval.json'];

/**
 * The models of a folder. A folder that changed is copied once it has come to rest, the copy is tried, and only
 * then takes the place of the one before; a broken one is refused while the old one serves on.
 */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #serving = new Map<ModelKind, ServedModel>();
  readonly #refused = new Map<string, RefusedModel>();
  /** Signatures of folders that were served or refused. */
  readonly #settled = new Map<string, string>();
  /** Signatures at the last look. */
  #seen = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #refreshing: Promise<void> | null = null;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  get serving(): readonly ServedModel[] {
    return [...this.#serving.values()];
  }

  get refused(): readonly RefusedModel[] {
    return [...this.#refused.values()];
  }

  /** @throws ServeError 503 where no such model is served. */
  get(kind: ModelKind): ServedModel {
    const model = this.#serving.get(kind);
    if (model) return model;
    throw new ServeError(
      503,
      'no-model',
      `Expected a model of kind ${kind} in the folder of models. Received: none. Train one: npm start`,
      { retryAfter: 30 },
    );
  }

  /** Looks at the folders now and takes what is there, without waiting for them to come to rest. */
  async load(): Promise<void> {
    this.#seen = await this.#signatures();
    await this.refresh();
  }

  /** Removes the copies of models whose place a newer one has taken. */
  async clean(): Promise<void> {
    const { copies } = this.#options;
    const served = this.serving.map(({ folder }) => basename(folder));
    for (const name of await readdir(copies).catch(() => [])) {
      const replaced = this.serving.some((model) => name.startsWith(`${model.name}-`));
      if (replaced && !served.includes(name))
        await rm(join(copies, name), { recursive: true, force: true });
    }
  }

  /** Looks again every so many seconds. */
  watch(seconds: number): void {
    this.#timer = setInterval(() => {
      this.refresh().catch(() => undefined); // the next look comes
    }, seconds * 1000);
    this.#timer.unref();
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** One look: folders that are as they were at the last one, and not yet settled, are taken or refused. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#look().finally(() => (this.#refreshing = null));
    await this.#refreshing;
  }

  async #look(): Promise<void> {
    const now = await this.#signatures();
    for (const [folder, signature] of now) {
      if (this.#settled.get(folder) === signature || this.#seen.get(folder) !== signature) continue;
      await this.#take(folder, signature);
    }
    for (const folder of this.#settled.keys()) {
      if (now.has(folder)) continue;
      this.#settled.delete(folder); // gone: what it held serves on
      this.#refused.delete(folder);
    }
    this.#seen = now;
  }

  async #signatures(): Promise<Map<string, string>> {
    const out = new Map<string, string>();
    const entries = await readdir(this.#options.models, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const folder = join(this.#options.models, entry.name);
      const parts = await Promise.all(
        FILES.map(async (name) => {
          const found = await stat(join(folder, name)).catch(() => null);
          return found ? `${name} ${found.size} ${found.mtimeMs} ${found.ino}` : '';
        }),
      );
      if (parts.some((part) => part !== '')) out.set(entry.name, parts.join('\n'));
    }
    return out;
  }

  async #take(name: string, signature: string): Promise<void> {
    const { models, copies, check, onChange } = this.#options;
    this.#settled.set(name, signature);
    try {
      const folder = join(models, name);
      const kind = modelKind(folder);
      const copy = await this.#copy(folder, copies, kind);
      const { version } = copy;
      if (this.#serving.get(kind)?.version === version) return;
      await check(copy.folder);
      const { config, meta } = await readConfig(copy.folder);
      const training = meta['training'] as { source?: unknown } | undefined; // looked at with care
      const model: ServedModel = {
        name: kind,
        version,
        createdAt: copy.createdAt,
        synthetic: training?.source === 'synthetic',
        folder: copy.folder,
        config,
        meta,
      };
      this.#serving.set(kind, model);
      this.#refused.delete(name);
      onChange?.({ kind: 'serving', model });
    } catch (error) {
      const refused = {
        folder: name,
        reason: reasonOf(error, join(models, name), name),
        at: new Date().toISOString(),
      };
      if (error instanceof ServeError && error.status === 503) this.#settled.delete(name); // tried again later
      this.#refused.set(name, refused);
      onChange?.({ kind: 'refused', refused });
    }
  }

  async #copy(folder: string, copies: string, kind: ModelKind) {
    await mkdir(copies, { recursive: true });
    const temporary = join(copies, `.${kind}.${process.pid}.tmp`);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    let newest = 0;
    for (const name of FILES) {
      const from = join(folder, name);
      const found = await stat(from).catch(() => null);
      if (!found) continue;
      newest = Math.max(newest, found.mtimeMs);
      await cp(from, join(temporary, name));
    }
    const version = await versionOf(temporary);
    const target = join(copies, `${kind}-${version}`);
    // A copy that is there may be in use, also by another process.
    if ((await versionOf(target)) === version) await rm(temporary, { recursive: true });
    else {
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
    }
    return { folder: target, version, createdAt: new Date(newest).toISOString() };
  }
}

/** Names what the files of a folder hold. */
async function versionOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of FILES) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    hash.update(`${name}\0`);
    await pipeline(createReadStream(path), async (chunks) => {
      for await (const chunk of chunks) hash.update(chunk as Buffer); // of a file
    });
  }
  return hash.digest('hex').slice(0, 12);
}

async function readConfig(folder: string) {
  const { config, meta } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    config: Record<string, unknown>;
    meta: Record<string, unknown>;
  }; // the model was opened from it
  return { config, meta };
}

/** Why a folder was refused, without the paths of the machine. */
function reasonOf(error: unknown, folder: string, name: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replaceAll(folder, name)
    .replace(/(\/[^\s:]+)+\/(?=[^\s/:]+)/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 500);
}
