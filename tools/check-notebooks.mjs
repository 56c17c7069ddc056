// Notebooks run from the top without an error, and say what they said when they were saved:
//     node tools/check-notebooks.mjs [NAME…] [--data FOLDER] [--run FOLDER] [--write]
// NAME: notebooks whose name begins so; all where none is given. --data: real files (ARCTIC_DATA); the notebook of
// real data is skipped without. --run: what a run wrote (its models/ and data/); a smoke run is made without.
// --write saves the new outputs. Makes a Python environment in a temporary folder (needs Python 3 with venv).
import { execFile, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs, promisify } from 'node:util';
import { cellsAsModule, differences, faultsOf } from './notebooks/notebook.mjs';

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    run: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..');
const source = join(root, 'notebooks');
const data = options.data ?? process.env['ARCTIC_DATA'];
const work = mkdtempSync(join(tmpdir(), 'arctic-notebooks-'));
const [folder, python] = [join(work, 'notebooks'), join(work, 'venv', 'bin', 'python')];
const run = options.run === undefined ? join(work, 'run') : resolve(options.run);

/** Runs a notebook from the top, in place; times of execution would make every saving another file. */
const EXECUTE = `
import os, sys, nbformat
from nbclient import NotebookClient
path = sys.argv[1]
notebook = nbformat.read(path, 4)
resources = {"metadata": {"path": os.path.dirname(path)}}
NotebookClient(notebook, timeout=900, record_timing=False, resources=resources).execute()
nbformat.write(notebook, path)
`;

let failed = 0;
/** One line for each step: how it went and how long it took. */
async function step(title, work) {
  const start = performance.now();
  let problem;
  try {
    problem = await work();
  } catch (error) {
    problem = String(error.stderr || error.stdout || error.message || error).trim();
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  if (problem) failed++;
  process.stdout.write(`${problem ? 'FAIL' : 'ok  '}  ${title}  ${seconds} s\n`);
  if (problem) process.stdout.write(`${problem}\n`);
  return !problem;
}

const command = async (file, args, cwd = root, env = process.env) => {
  await promisify(execFile)(file, args, { cwd, env, maxBuffer: 1e8 });
};

/** The tools, and a copy of the notebooks that stands to the packages as the original does. */
async function setUp() {
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !/^(node_modules|\.venv|\.ipynb_checkpoints)$/.test(basename(path)),
  });
  for (const name of ['node_modules', 'packages', 'tsconfig.base.json'])
    symlinkSync(join(root, name), join(work, name));
  const pinned = readFileSync(join(source, 'requirements.txt'), 'utf8').split('\n');
  const packages = pinned.filter((line) => /^(deno|nbclient)==/.test(line));
  await command(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
  await command('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

const smokeRun = () =>
  command(process.execPath, [
    ...['--import', 'tsx', '--conditions=@arctic/source', 'apps/train-all/src/main.ts'],
    ...['run', '--profile', 'smoke', '--out', run],
  ]);

/** The kernel does not check types, so that TypeScript itself has to look at the cells. */
async function checkTypes(names) {
  mkdirSync(join(folder, 'cells'));
  for (const name of names) {
    const notebook = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    writeFileSync(join(folder, 'cells', `${name}.ts`), cellsAsModule(notebook));
  }
  await command(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
}

async function execute(name) {
  const path = join(folder, name);
  const before = readFileSync(path, 'utf8');
  await command(python, ['-c', EXECUTE, path], folder, {
    ...process.env,
    JUPYTER_PATH: folder,
    JUPYTER_DATA_DIR: join(work, 'jupyter'),
    JUPYTER_CONFIG_DIR: join(work, 'jupyter'),
    JUPYTER_RUNTIME_DIR: join(work, 'jupyter'),
    DENO_DIR: join(work, 'deno'),
    ARCTIC_RUN: run,
    ...(data === undefined ? {} : { ARCTIC_DATA: resolve(data) }),
  });
  const after = readFileSync(path, 'utf8');
  const places = [root, work, run, ...(data === undefined ? [] : [resolve(data)])];
  const faults = [
    ...faultsOf(after, places),
    ...(options.write ? [] : differences(JSON.parse(before), JSON.parse(after))),
  ];
  if (options.write && faults.length === 0) cpSync(path, join(source, name));
  return faults.join('\n');
}

try {
  const { status } = spawnSync('python3', ['-m', 'venv', join(work, 'venv')]);
  if (status !== 0) {
    process.stdout.write(
      'skipped: expected Python 3 with venv. Received: none that works. On Debian: apt-get install python3-venv\n',
    );
  } else {
    const all = readdirSync(source).filter((name) => name.endsWith('.ipynb'));
    const names = all.filter(
      (name) => !wanted.length || wanted.some((one) => name.startsWith(one)),
    );
    if (names.length === 0)
      throw new Error(`Expected one of ${all.join(', ')}. Received: ${wanted}`);
    const needsRun = names.some((name) => /^0[34]/.test(name)) && options.run === undefined;
    const ready =
      (await step('kernel and packages', setUp)) &&
      (await step('types of the cells', () => checkTypes(names))) &&
      (!needsRun || (await step('smoke run', smokeRun)));
    for (const name of ready ? names : []) {
      if (name.startsWith('02') && data === undefined)
        process.stdout.write(`skipped  ${name}: expected real files. Say where: --data FOLDER\n`);
      else await step(name, () => execute(name));
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
