import type * as tfjs from '@tensorflow/tfjs-core';

/** Finds the addon for the tfjs-node package in `folder`; called when that package is first required. */
export type LocateAddon = (folder: string) => string;

/** What is used of `node:module`: `_load` is behind every `require` and every import of a CommonJS file. */
interface ModuleLoader {
  _load(request: string, parent?: NodeJS.Module, isMain?: boolean): unknown;
  arcticRuntimeLocate?: LocateAddon;
}

/**
 * From now on, every require and import of tfjs-node in this process loads the addon that `locate` names.
 *
 * tfjs-node asks node-pre-gyp where its addon lies, and is given an answer of our own; its package folder
 * stays as it is. Node 23 dropped two `util` functions that tfjs-node calls, so they are put back. What
 * TensorFlow logs while its library is loaded is held back, and shown unless its level is below
 * `TF_CPP_MIN_LOG_LEVEL`, as TensorFlow itself would do a moment later. At the end `mend` is called with
 * the tfjs-core that this tfjs-node uses.
 *
 * The function stands alone on purpose: the smoke test sends its source text to a child process.
 */
export function hookTfjsNode(
  require: NodeJS.Require,
  locate: LocateAddon,
  mend: (tf: typeof tfjs) => void,
): void {
  const path = require('node:path');
  const loader: ModuleLoader = require('node:module');
  const hooked = loader.arcticRuntimeLocate !== undefined;
  loader.arcticRuntimeLocate = locate;
  if (hooked) return;

  const util = require('node:util');
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;

  const load = loader._load;
  const isTfjsNode = (file: string) =>
    /[\\/]@tensorflow[\\/]tfjs-node(-gpu)?[\\/]dist[\\/]index\.js$/.test(file);
  let addonPath: string | undefined;

  loader._load = function (request, parent, isMain) {
    if (parent && isTfjsNode(parent.filename)) {
      if (request === '@mapbox/node-pre-gyp') {
        return {
          find: (manifest: string) =>
            (addonPath = loader.arcticRuntimeLocate?.(path.dirname(manifest))),
        };
      }
      if (request === addonPath) {
        const addon = loadQuietly(request);
        mend(parent.require('@tensorflow/tfjs-core'));
        return addon;
      }
    }
    return load.call(loader, request, parent, isMain);
  };

  function loadQuietly(file: string): unknown {
    const stderr = require(path.join(path.dirname(file), 'stderr.node'));
    stderr.hold();
    try {
      return require(file);
    } finally {
      const shown = stderr.release().split('\n').filter(isShown).join('\n');
      if (shown.trim()) process.stderr.write(shown);
    }
  }

  /** Lines look like `E0000 00:00:1795482897.255108 …` or `2026-01-31 12:00:00.000: E …`. */
  function isShown(line: string): boolean {
    const level = Number(process.env['TF_CPP_MIN_LOG_LEVEL'] ?? 0);
    if (line.startsWith('WARNING: All log messages before absl::InitializeLog()'))
      return level === 0;
    const [, short, long] =
      /^([IWEF])\d{4} \d\d:|^\d{4}-\d\d-\d\d [\d:.]+: ([IWEF]) /.exec(line) ?? [];
    const severity = 'IWEF'.indexOf(short ?? long ?? 'F'); // a line of another kind is shown
    return severity >= level || severity === 3;
  }
}
