// A project outside the workspace with plain @tensorflow/tfjs-node and a packed @arctic/runtime installs and
// trains an unmodified example of TensorFlow.js:
//     node tools/check-outside.mjs [REPOSITORY]
// REPOSITORY is a clone of tensorflow/tfjs-examples; without it, one is made. The example teaches an
// attention LSTM to read dates; it generates its own data and knows nothing of this package. Scripts of
// dependencies are off (`ignore-scripts=true`), since tfjs-node's own installer fails.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const EXAMPLE = 'date-conversion-attention';
const EXAMPLES_URL = 'https://github.com/tensorflow/tfjs-examples.git';
// One of the two epochs that it trains by itself.
const OPTIONS = ['--epochs=1'];
const packageFolder = join(import.meta.dirname, '..', 'packages', 'runtime');
const work = mkdtempSync(join(tmpdir(), 'arctic-outside-'));
const project = join(work, EXAMPLE);

const run = (command, args, options = {}) =>
  execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });

/** Runs one command of the project and shows its last line; throws where it fails. */
function step(title, command, args, env = {}) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    ...{ cwd: project, encoding: 'utf8', env: { ...process.env, ...env } },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status !== 0) throw new Error(`${title} failed:\n${stdout}${stderr}`);
  console.log(`${title} (${seconds} s): ${stdout.trim().split('\n').at(-1)}`);
  return { stdout, stderr };
}

try {
  let repository = process.argv[2];
  if (!repository) {
    repository = join(work, 'examples.git');
    run('git', ['clone', '--quiet', '--bare', '--depth=1', EXAMPLES_URL, repository]);
  }
  const archive = join(work, 'example.tar');
  run('git', ['-C', repository, 'archive', `--output=${archive}`, `HEAD:${EXAMPLE}`]);
  mkdirSync(project);
  run('tar', ['-xf', archive, '-C', project]);

  run('npm', ['run', '--silent', 'build'], { cwd: packageFolder, stdio: 'ignore' });
  run('npm', ['pack', '--silent', '--pack-destination', work], { cwd: packageFolder });
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
  // The example's own list names a release of 2022 and what its web page needs.
  const dependencies = {
    '@arctic/runtime': `file:${join(work, tarball)}`,
    '@tensorflow/tfjs': '4.22.0',
    '@tensorflow/tfjs-node': '4.22.0',
    '@babel/core': '7.18.2',
    '@babel/node': '7.17.10',
    '@babel/preset-env': '7.18.2',
    argparse: '^1.0.10',
    shelljs: '^0.8.5',
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(project, '.npmrc'), 'ignore-scripts=true\n');
  rmSync(join(project, 'yarn.lock'));

  step('npm install', 'npm', ['install', '--no-audit', '--no-fund']);
  step('arctic-runtime install', 'npx', ['--no-install', 'arctic-runtime', 'install']);
  step('arctic-runtime doctor', 'npx', ['--no-install', 'arctic-runtime', 'doctor']);
  const train = ['node_modules/@babel/node/bin/babel-node.js', 'train.js', ...OPTIONS];
  const { stdout, stderr } = step(EXAMPLE, process.execPath, train, {
    NODE_OPTIONS: '--require @arctic/runtime/register',
  });
  const loss = stdout.match(/loss=[\d.]+/g)?.at(-1);
  console.log(`trained to ${loss}; it had ${stderr ? 'this to say' : 'nothing to say'} on stderr`);
  if (!stdout.includes('Saved model')) throw new Error(`No model was saved:\n${stdout}${stderr}`);
  if (stderr) console.log(stderr);
} finally {
  rmSync(work, { recursive: true, force: true });
}
