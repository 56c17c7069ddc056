// A release from the first tag to the browser: every package is versioned, tagged and published from a clone of HEAD to a
// registry on 127.0.0.1; the examples install from it and run on Node.js 20, 22 and 24, a page in Chromium; a change of one
// package is released after that, with its dependents alone.
//
//   node tools/check-publish.mjs [--nodes 20,22,24] [--keep]
//
// --keep leaves the temporary folder for a look. Needs Linux on x64, npm's registry, and for the page Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { nodeOf } from './node-of.mjs';
import { checkAll, checkExamples } from './publish/check-examples.mjs';
import { checkFirstRelease, checkSecondRelease } from './publish/check-releases.mjs';
import { startRegistry } from './publish/local-registry.mjs';
import { makeClone } from './publish/release-clone.mjs';
import { seconds } from './publish/run.mjs';

const { values: options } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24' },
    keep: { type: 'boolean', default: false },
  },
});
const majors = options.nodes.split(',');
const work = mkdtempSync(join(tmpdir(), 'arctic-publish-'));
const began = performance.now();
let failures = 0;

function check(what, holds, detail = '') {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}`);
  if (!holds) failures += 1;
}

let registry;
try {
  const clone = makeClone(join(work, 'clone'));
  console.log(`clone of ${clone.git('rev-parse', '--short', 'HEAD')} in ${seconds(began)}`);
  // Verdaccio needs Node.js 22 or later.
  registry = await startRegistry({ folder: join(work, 'registry'), node: nodeOf(24) });
  const context = { clone, registry, work, majors, check };
  await checkFirstRelease(context);
  checkAll(context);
  await checkExamples(context);
  await checkSecondRelease(context);
} catch (error) {
  check('all steps run', false, error.message);
} finally {
  await registry?.stop();
  if (options.keep) console.log(`kept: ${work}`);
  else rmSync(work, { recursive: true, force: true });
}
console.log(`${failures === 0 ? 'all' : 'not all'} well, ${seconds(began)}`);
process.exitCode = failures === 0 ? 0 : 1;
