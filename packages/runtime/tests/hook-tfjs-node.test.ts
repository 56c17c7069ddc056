import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hookTfjsNode } from '../src/hook-tfjs-node.js';
import { currentSystem } from '../src/system.js';
import { temporaryFolder } from './fake-system.js';

/** A project with a made-up tfjs-node, core and addon; what the addon "logs" comes out of `release()`. */
function project(log: string, addon = "module.exports = 'the addon'"): string {
  const folder = temporaryFolder();
  const files: Record<string, string> = {
    'node_modules/@tensorflow/tfjs-node/package.json': '{"main": "dist/index.js"}',
    'node_modules/@tensorflow/tfjs-node/dist/index.js': `
      const path = require('path');
      const binary = require('@mapbox/node-pre-gyp');
      const bindings = require(binary.find(path.resolve(path.join(__dirname, '/../package.json'))));
      const util = require('util');
      exports.found = [bindings, util.isArray([]), util.isNullOrUndefined(null)].join(' ');`,
    'node_modules/@tensorflow/tfjs-core/index.js': "exports.name = 'core';",
    'addon/binding.js': addon,
    'addon/stderr.node': '',
    'app.cjs': "console.log(require('@tensorflow/tfjs-node').found);",
    'app.mjs': "import tf from '@tensorflow/tfjs-node'; console.log(tf.found);",
    'start.cjs': `
      globalThis.__name = (value) => value;
      require.extensions['.node'] = (module) => {
        module.exports = { hold() {}, release: () => ${JSON.stringify(log)} };
      };
      (${hookTfjsNode.toString()})(
        require,
        (folder) => folder.endsWith('tfjs-node') && require('path').join(__dirname, 'addon/binding.js'),
        (tf) => console.log('mended ' + tf.name));`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function start(folder: string, app: string, env: Record<string, string> = {}) {
  const { run, execPath } = currentSystem();
  return run(execPath, ['--require', './start.cjs', app], { cwd: folder, env });
}

it.each(['app.cjs', 'app.mjs'])('gives tfjs-node the addon in an unmodified %s', async (app) => {
  expect(await start(project(''), app)).toEqual({
    code: 0,
    stdout: 'mended core\nthe addon true true\n',
    stderr: '',
  });
});

it('holds back what is below the log level and shows the rest', async () => {
  const log = [
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
    'I0000 00:00:1795482897.255108    2214 port.cc:153] oneDNN custom operations are on.',
    '2026-01-31 12:00:00.000000: W tensorflow/core/x.cc:1] a warning',
    'E0000 00:00:1795482897.255108    2214 x.cc:1] an error',
    'F0000 00:00:1795482897.255108    2214 x.cc:1] the end',
    'symbol lookup error',
    '',
  ].join('\n');
  const shown = async (level: string) => {
    const { stderr } = await start(project(log), 'app.cjs', { TF_CPP_MIN_LOG_LEVEL: level });
    return stderr
      .trim()
      .split('\n')
      .map((line) => line.slice(0, 5));
  };
  expect(await shown('0')).toEqual(['WARNI', 'I0000', '2026-', 'E0000', 'F0000', 'symbo']);
  expect(await shown('1')).toEqual(['2026-', 'E0000', 'F0000', 'symbo']);
  expect(await shown('2')).toEqual(['E0000', 'F0000', 'symbo']);
  expect(await shown('3')).toEqual(['F0000', 'symbo']);
});

it('shows what was logged when the addon does not load', async () => {
  const folder = project('cannot open shared object file\n', "throw new Error('broken addon')");
  const { code, stderr } = await start(folder, 'app.cjs', { TF_CPP_MIN_LOG_LEVEL: '2' });
  expect(code).toBe(1);
  expect(stderr).toContain('cannot open shared object file');
  expect(stderr).toContain('broken addon');
});
