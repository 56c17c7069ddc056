import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { doctor } from '../src/index.js';
import { currentSystem } from '../src/system.js';

const { run, execPath } = currentSystem();
const packageFolder = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));

const PROGRAM = `
const rounded = tf.round(tf.tensor1d([-3, 0, 7], 'int32')).dataSync();
console.log([tf.getBackend(), tf.backend().binding.TF_Version.slice(0, 2), ...rounded].join());
`;
const MODULE = `import * as tf from '@tensorflow/tfjs-node';${PROGRAM}`;
const SCRIPT = `const tf = require('@tensorflow/tfjs-node');${PROGRAM}`;

/** Starts a program that knows nothing of this package, with `register` before it. */
function start(type: 'module' | 'commonjs', program: string, env: Record<string, string> = {}) {
  const options = [
    '--conditions=@arctic/source',
    '--import',
    'tsx',
    '--import',
    './src/register.ts',
  ];
  return run(execPath, [...options, `--input-type=${type}`, '-e', program], {
    cwd: packageFolder,
    env: { VITEST: '', NODE_OPTIONS: '', ...env },
  });
}

it('is an entry of the package, with side effects', () => {
  expect(Object.keys(manifest.exports)).toContain('./register');
  expect(manifest.sideEffects).toContain('./dist/register.js');
});

it('says what to do where nothing is installed', async () => {
  const { code, stderr } = await start('commonjs', SCRIPT, { XDG_CACHE_HOME: '/nonexistent' });
  expect(code).toBe(1);
  expect(stderr).toContain('Mend with: npx arctic-runtime install');
});

describe('with the native backend', () => {
  let works = false;
  beforeAll(async () => {
    works = (await doctor()).checks.some(
      ({ name, status }) => name === 'numerics' && status === 'ok',
    );
  });

  it.for([
    ['module', MODULE],
    ['commonjs', SCRIPT],
  ] as const)(
    'runs an unmodified %s without a word on stderr',
    async ([type, program], context) => {
      if (!works) context.skip('nothing is installed. Mend with: npx arctic-runtime install');
      expect(await start(type, program)).toEqual({
        code: 0,
        stdout: 'tensorflow,2.,-3,0,7\n',
        stderr: '',
      });
    },
  );
});
