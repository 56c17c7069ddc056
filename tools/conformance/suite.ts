import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import type * as tfjs from '@tensorflow/tfjs-core';

/** How one spec of the suite ended. */
export interface SpecResult {
  readonly spec: string;
  /** `pending`: switched off by the suite's authors; `excluded`: kept out by a filter. */
  readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
  /** Whether tfjs-node's own list of specs to leave out names it. */
  readonly ignored: boolean;
  /** What was expected and what came, one line per failed expectation. */
  readonly messages: readonly string[];
}

export interface SuiteOptions {
  /** The addon that `loadBackend` loaded. */
  readonly addonPath: string;
  /** Whether to run a spec; `ignored` as in `SpecResult`. */
  readonly wants: (spec: string, ignored: boolean) => boolean;
  /** The `test_objects` folder of tfjs-node's repository, which its npm package leaves out. */
  readonly objects?: string | undefined;
  /** Called after each spec that ran. */
  readonly onSpec: (result: SpecResult) => void;
}

/** What this file uses of jasmine, which has no types. */
interface Runner {
  readonly env: {
    configuration(): { readonly specFilter: (spec: Spec) => boolean };
    configure(options: { readonly specFilter: (spec: Spec) => boolean }): void;
  };
  exitOnCompletion: boolean;
  addMatchingSpecFiles(patterns: readonly string[]): void;
  clearReporters(): void;
  addReporter(reporter: {
    suiteStarted(): void;
    specDone(done: Done): void;
    suiteDone(done: Done): void;
    jasmineDone(done: Done): void;
  }): void;
  execute(): Promise<unknown>;
}

interface Spec {
  getFullName(): string;
}

interface Done {
  readonly fullName?: string;
  readonly status?: SpecResult['status'];
  readonly failedExpectations?: readonly { readonly message: string }[];
}

/**
 * Runs tfjs's own suite, core and node, in this process and returns every spec's result.
 *
 * tfjs-node's `dist/run_tests.js` runs as it is shipped, with its environment and its filter; only
 * jasmine's `execute` is held back until the specs of tfjs-node itself are added, which the file looks for
 * in a source folder that the package leaves out. `loadBackend` must have loaded the native backend.
 */
export async function runSuite(options: SuiteOptions): Promise<readonly SpecResult[]> {
  const main = loadedTfjsNode();
  const require = createRequire(main);
  const folder = dirname(dirname(main));
  const before = process.cwd();
  const work = workFolder(folder, options.objects);
  process.chdir(work);
  // A spec file asks node-pre-gyp for the addon; the runtime answers tfjs-node's entry file alone.
  const finderName = '@mapbox/node-pre-gyp'; // a dependency of tfjs-node, not of this workspace
  const finder = require.resolve(finderName);
  require.cache[finder] = {
    loaded: true,
    exports: { find: () => options.addonPath },
  } as unknown as NodeJS.Module; // of a cached module, `require` reads these two alone
  try {
    const runner = heldBack(require, () => void require(join(folder, 'dist', 'run_tests.js')));
    runner.addMatchingSpecFiles([join(folder, 'dist', '**', '*_test.js')]);
    runner.exitOnCompletion = false;
    const tf = require('@tensorflow/tfjs-core') as typeof tfjs;
    return await collect(runner, options, () => void tf.backend());
  } finally {
    process.chdir(before);
    rmSync(work, { recursive: true, force: true });
  }
}

/** The entry file of the tfjs-node package that this process has loaded. */
function loadedTfjsNode(): string {
  const require = createRequire(import.meta.url);
  const names = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
  for (const name of names) {
    try {
      const main = require.resolve(name);
      if (require.cache[main]) return main;
    } catch {
      continue; // one of the two is enough
    }
  }
  throw new Error(`Expected one of ${names.join(', ')} to be loaded. Received: neither.`);
}

/** A fresh folder for what specs read and write below the working folder. */
function workFolder(tfjsNode: string, objects: string | undefined): string {
  const work = mkdtempSync(join(tmpdir(), 'arctic-conformance-'));
  symlinkSync(join(tfjsNode, 'package.json'), join(work, 'package.json')); // read as 'no image'
  if (objects) symlinkSync(resolve(objects), join(work, 'test_objects'));
  return work;
}

/** Calls `configure`, which ends in jasmine's `execute`, and returns the runner in its place. */
function heldBack(require: NodeJS.Require, configure: () => void): Runner {
  const { prototype } = require('jasmine') as { prototype: Runner };
  const { execute } = prototype;
  let runner: Runner | undefined;
  prototype.execute = async function (this: Runner) {
    runner = this; // eslint-disable-line @typescript-eslint/no-this-alias -- the only way to it
  };
  try {
    configure();
  } finally {
    prototype.execute = execute;
  }
  if (!runner) throw new Error('Expected run_tests.js to run jasmine. Received: no call.');
  return runner;
}

/** Runs the suite; `startBackend` before each group of specs, so that none leans on the one before. */
async function collect(
  runner: Runner,
  { wants, onSpec }: SuiteOptions,
  startBackend: () => void,
): Promise<SpecResult[]> {
  const { specFilter } = runner.env.configuration();
  const ignored = new Set<string>();
  runner.env.configure({
    specFilter: (spec) => {
      const name = spec.getFullName();
      if (!specFilter(spec)) ignored.add(name);
      return wants(name, ignored.has(name));
    },
  });

  const results: SpecResult[] = [];
  const record = (done: Done, name: string, status: SpecResult['status']) => {
    const messages = (done.failedExpectations ?? []).map(({ message }) => message);
    const result = { spec: name, status, ignored: ignored.has(name), messages };
    results.push(result);
    if (status === 'passed' || status === 'failed') onSpec(result);
  };
  // Set-up and tear-down outside of specs fail on their own account.
  const recordIfFailed = (done: Done, name: string) => {
    if (done.failedExpectations?.length) record(done, name, 'failed');
  };
  runner.clearReporters();
  runner.addReporter({
    suiteStarted: startBackend,
    specDone: (done) => record(done, done.fullName ?? '', done.status ?? 'failed'),
    suiteDone: (done) => recordIfFailed(done, `${done.fullName ?? ''} (around its specs)`),
    jasmineDone: (done) => recordIfFailed(done, '(around all specs)'),
  });
  await runner.execute();
  return results;
}
