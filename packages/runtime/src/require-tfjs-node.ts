/**
 * Loads tfjs-node with the addon at `addonPath`, and leaves its package folder as it is.
 *
 * tfjs-node asks node-pre-gyp where its addon lies; for this one call node-pre-gyp is replaced in the
 * module cache by a stand-in that names `addonPath`. Node 23 dropped two `util` functions that tfjs-node
 * calls, so they are put back first.
 *
 * The function stands alone on purpose: the smoke test sends its source text to a child process.
 */
export function requireTfjsNode(
  require: NodeJS.Require,
  mainPath: string,
  addonPath: string,
): void {
  const util = require('node:util');
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;

  const finderName = '@mapbox/node-pre-gyp'; // a dependency of tfjs-node, not of this package
  const finder = require.resolve(finderName, { paths: [mainPath] });
  const before = require.cache[finder];
  // Of a cached module, `require` reads `loaded` and `exports` alone.
  require.cache[finder] = { loaded: true, exports: { find: () => addonPath } } as NodeJS.Module;
  try {
    require(mainPath);
  } finally {
    if (before) require.cache[finder] = before;
    else Reflect.deleteProperty(require.cache, finder);
  }
}
