// Every package, packed and installed into an empty project outside the workspace, imports alone;
// the forecaster forecasts there on the pure-JavaScript backend.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'arctic-packed-'));
const packs = join(folder, 'packs');
mkdirSync(packs);

const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const FORECAST = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createConvLstm } from '@arctic/model-convlstm';

const model = createConvLstm({ hiddenChannels: [8], patchSize: 4 }, { seed: 1 });
const past = tf.fill([1, 30, 32, 32, 1], 0.8); // 30 days of concentration
const reference = tf.fill([1, 7, 32, 32], 0.8); // what persistence says of the next 7
const forecast = model.forecast({ past, future: tf.expandDims(reference, -1), reference });
console.log(forecast.shape.join('x'));
`;

try {
  const manifests = readdirSync(join(root, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
  );
  run(
    'npm',
    [
      'pack',
      '--silent',
      '--pack-destination',
      packs,
      ...manifests.flatMap(({ name }) => ['--workspace', name]),
    ],
    root,
  );
  const tarball = (name, version) =>
    `file:${join(packs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)}`;
  const internal = Object.fromEntries(
    manifests.map(({ name, version }) => [name, tarball(name, version)]),
  );

  // One project, so that the outside dependencies are fetched once; each package is imported by a process of its own.
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, '.npmrc'), 'ignore-scripts=true\n');
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: {
        ...internal,
        '@tensorflow/tfjs-core': '4.22.0',
        '@tensorflow/tfjs-backend-cpu': '4.22.0',
      },
      overrides: internal,
    }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', '--silent'], project);
  for (const { name } of manifests) {
    const names = run(
      process.execPath,
      ['--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).length)`],
      project,
    ).trim();
    const required = run(
      process.execPath,
      ['--input-type=commonjs', '-e', `console.log(Object.keys(require('${name}')).length)`],
      project,
    ).trim();
    if (!(Number(names) > 0) || Number(required) < Number(names))
      throw new Error(`${name}: ${names} exports imported, ${required} required`);
    console.log(`${name}: ${names} exports`);
  }
  writeFileSync(join(project, 'forecast.mjs'), FORECAST);
  const shape = run(process.execPath, ['forecast.mjs'], project).trim().split('\n').at(-1);
  if (shape !== '1x7x32x32')
    throw new Error(`forecast: expected the shape 1x7x32x32. Received: ${shape}`);
  console.log(`forecast: ${shape}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
