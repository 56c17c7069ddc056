import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ModelName, RunConfig } from './config.js';
import {
  describeBackend,
  paths,
  readJsonIfThere,
  versions,
  writeJson,
  type RunContext,
} from './context.js';

/** In a run's folder: what beside the configuration decides its numbers. */
export const ENVIRONMENT_FILE = 'environment.json';

/** One start of a training, from the beginning or from a checkpoint. */
export interface EnvironmentSession {
  /** ISO time. */
  readonly at: string;
  readonly resumed: boolean;
  readonly versions: Readonly<Record<string, string>>;
  /** Of the source tree that ran; null where it is no working copy of git. */
  readonly git: GitState | null;
  /** What computed, without paths of the machine. */
  readonly backend: Readonly<Record<string, unknown>>;
  readonly system: Readonly<Record<string, string | number>>;
  /** Environment variables that were set among those that change speed or rounding. */
  readonly variables: Readonly<Record<string, string>>;
  /** SHA-256 of the files that each model trains on and is tested on. */
  readonly data: Readonly<Partial<Record<ModelName, Readonly<Record<string, string>>>>>;
}

interface GitState {
  readonly commit: string;
  readonly branch: string;
  /** SHA-256 of what differs from the commit, new files included; null where nothing does. */
  readonly changes: string | null;
}

/** The starts of a run's training, oldest first. */
export interface Environment {
  readonly schema: 1;
  readonly sessions: readonly EnvironmentSession[];
}

const VARIABLES =
  /^(TF_(NUM_|ENABLE_|FORCE_|XLA|DETERMINISTIC)\w*|(OMP|MKL|OPENBLAS)_\w+|ARCTIC_\w+|CUDA_VISIBLE_DEVICES|MALLOC_\w+|LD_PRELOAD)$/;

/** Notes in the run's folder under which circumstances a training begins; a resumed one adds to what is there. */
export async function writeEnvironment({ config, resume, backend }: RunContext): Promise<void> {
  const path = join(paths(config).run, ENVIRONMENT_FILE);
  const before = resume ? readEnvironment(paths(config).run) : null;
  const data: Partial<Record<ModelName, Record<string, string>>> = {};
  for (const model of config.models) data[model] = await hashData(config, model);
  const session: EnvironmentSession = {
    at: new Date().toISOString(),
    resumed: resume,
    versions: packageVersions(),
    git: await gitState(dirname(fileURLToPath(import.meta.url))),
    backend: {
      ...describeBackend(backend),
      ...(backend.ownOps === undefined ? {} : { ownOps: backend.ownOps }),
      threads: backend.threads,
    },
    system: {
      platform: process.platform,
      arch: process.arch,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 1e9),
    },
    variables: Object.fromEntries(
      Object.entries(process.env)
        .filter((entry): entry is [string, string] => VARIABLES.test(entry[0]))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    data,
  };
  const environment: Environment = { schema: 1, sessions: [...(before?.sessions ?? []), session] };
  await writeJson(path, environment);
}

/** What a run's folder says, or null where it has no such file. */
export function readEnvironment(runFolder: string): Environment | null {
  const value = readJsonIfThere(join(runFolder, ENVIRONMENT_FILE)) as Partial<Environment> | null; // a file of ours
  return Array.isArray(value?.sessions) ? (value as Environment) : null;
}

/** SHA-256 of a file, or of the names and contents of all files below a folder; null where there is nothing. */
export async function hashPath(path: string): Promise<string | null> {
  if (!existsSync(path)) return null;
  if (!statSync(path).isDirectory()) return hashFile(path);
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${await hashFile(join(path, file))}\n`);
  return hash.digest('hex');
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The files that a model reads, by what they are. */
function dataOf(config: RunConfig, model: ModelName): Readonly<Record<string, string>> {
  const { processed, series, seriesTest, monthly } = paths(config);
  return model === 'convlstm'
    ? {
        series,
        windows: join(processed, 'sequences'),
        ...(config.source === 'synthetic' ? { testSeries: seriesTest } : {}),
        ...(config.climatology === undefined ? {} : { climatology: monthly }),
      }
    : Object.fromEntries(['train', 'val', 'test'].map((s) => [s, join(processed, s, model)]));
}

async function hashData(config: RunConfig, model: ModelName): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, path] of Object.entries(dataOf(config, model))) {
    const hash = await hashPath(path);
    if (hash !== null) hashes[name] = hash;
  }
  return hashes;
}

/** Versions of the packages that this app is made of. */
function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const { dependencies } = require('../package.json') as { dependencies: Record<string, string> };
  const version = (id: string) => (require(`${id}/package.json`) as { version: string }).version; // every package.json has one
  const own = Object.keys(dependencies).filter((id) => id.startsWith('@arctic/'));
  return { ...versions(), ...Object.fromEntries(own.map((id) => [id, version(id)])) };
}

/** Commit, branch and a hash of what was changed since; null outside a working copy or without git. */
async function gitState(folder: string): Promise<GitState | null> {
  const run = promisify(execFile);
  const git = async (...args: string[]) => {
    const { stdout } = await run('git', args, { cwd: folder, maxBuffer: 256 * 1024 * 1024 });
    return stdout.trim();
  };
  try {
    const root = await git('rev-parse', '--show-toplevel');
    const changed = await git('diff', 'HEAD', '--no-ext-diff', '--no-color', '--binary');
    const fresh = (await git('ls-files', '--others', '--exclude-standard', '--full-name', root))
      .split('\n')
      .filter((file) => file !== '');
    const hash = createHash('sha256').update(changed);
    for (const file of fresh) hash.update(`\n${file}\0${(await hashPath(join(root, file))) ?? ''}`);
    return {
      commit: await git('rev-parse', 'HEAD'),
      branch: await git('rev-parse', '--abbrev-ref', 'HEAD'),
      changes: changed === '' && fresh.length === 0 ? null : hash.digest('hex'),
    };
  } catch {
    return null;
  }
}
