// `arctic-runtime install` under everything that goes wrong, with the real wheel, compiler and library:
//     node tools/check-install.mjs [WHEEL]
// prints a table "case | ending | seconds | ok". Without WHEEL, pip fetches it once. Takes about five minutes.
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { startIndex } from './wheel-index.mjs';

const CLI = [
  ...['--import', 'tsx', '--conditions=@arctic/source'],
  join(import.meta.dirname, '..', 'packages', 'runtime', 'src', 'cli.ts'),
];
const WHEEL = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl';
const work = mkdtempSync(join(tmpdir(), 'arctic-install-'));
const mounts = [];

/** A fresh folder for `XDG_CACHE_HOME`, and what is in our part of it. */
function freshCache() {
  const folder = mkdtempSync(join(work, 'cache-'));
  const root = join(folder, 'arctic-runtime');
  const names = (part) => (existsSync(join(root, part)) ? readdirSync(join(root, part)) : []);
  return {
    folder,
    root,
    names,
    /** Whether an installation left nothing but itself. */
    isClean: () =>
      names('downloads').length === 0 &&
      !existsSync(join(root, 'install.lock')) &&
      [...names('libraries'), ...names('addons')].every((name) => !name.startsWith('.')),
  };
}

/** Starts the command; `done` settles with its exit code, output and seconds. */
function start(args, { cache, env = {} }) {
  const started = performance.now();
  const child = spawn(process.execPath, [...CLI, ...args], {
    env: { ...process.env, ...pip, ...env, XDG_CACHE_HOME: cache.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run = { child, err: '', out: '' };
  child.stdout.on('data', (text) => (run.out += text));
  child.stderr.on('data', (text) => (run.err += text));
  run.done = new Promise((resolve) => {
    child.on('close', (code, signal) =>
      resolve({ ...run, code, signal, seconds: (performance.now() - started) / 1000 }),
    );
  });
  return run;
}

const install = (args, options) => start(['install', ...args], options).done;
const lastLine = ({ err, out }) => (out.trim() || err.trim()).split('\n').at(-1);

const asRoot = (command, args) => execFileSync(command, args);

const rows = [];
function report(name, result, ok) {
  const row = [
    name,
    lastLine(result).replaceAll(work, '…'),
    result.seconds.toFixed(1),
    ok ? 'ok' : 'FAILED',
  ];
  rows.push(row);
  process.stdout.write(`${row.join(' | ')}\n`);
  if (!ok) process.stdout.write(`${result.err}\n`);
}

/** A failure that is one line with a mending command, and leaves nothing behind. */
const failsWell = ({ code, err }, cache) =>
  code === 2 && err.trim().split('\n').at(-1).includes('Mend with: ') && cache.isClean();

async function until(condition) {
  while (!condition()) await delay(5);
}

const size = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The moments at which an installation is interrupted. */
const MOMENTS = {
  download: (cache) => size(join(cache.root, 'downloads', `${WHEEL}.part`)) > 3e7,
  unpacking: (cache) =>
    cache
      .names('libraries')
      .some(
        (name) =>
          size(join(cache.root, 'libraries', name, 'tensorflow/libtensorflow_cc.so.2')) > 1e8 &&
          name.startsWith('.'),
      ),
  compilation: (cache) => cache.names('addons').some((name) => name.startsWith('.')),
};

async function interrupted(moment, signal) {
  const cache = freshCache();
  index.limits.bytesPerSecond = moment === 'download' ? 1e8 : Infinity;
  const first = start(['install', '--origin', 'cache,download'], { cache });
  await until(() => MOMENTS[moment](cache));
  if (moment === 'compilation') await delay(1500);
  first.child.kill(signal);
  const { code, signal: died } = await first.done;
  const stopped = signal === 'SIGKILL' ? died === 'SIGKILL' : code === 130;
  index.limits.bytesPerSecond = Infinity;
  const before = index.served.bytes;
  const second = await install(['--origin', 'cache,download'], { cache });
  const again = index.served.bytes - before;
  const kept =
    moment === 'download'
      ? /Going on with .* at \d+ MB/.test(second.err) && again < 2.6e8
      : again < 1e8;
  report(
    `${signal} during ${moment}, run again`,
    second,
    stopped && kept && second.code === 0 && cache.isClean(),
  );
  return cache;
}

/** A folder with links to `commands` alone, for PATH. */
function pathWith(...commands) {
  const folder = mkdtempSync(join(work, 'bin-'));
  for (const [name, target] of commands) symlinkSync(target, join(folder, name));
  return folder;
}
const which = (command) => execFileSync('which', [command], { encoding: 'utf8' }).trim();

function damagedCopy(name, damage) {
  const folder = mkdtempSync(join(work, 'wheel-'));
  const copy = join(folder, name);
  copyFileSync(wheel, copy);
  damage(copy);
  return copy;
}
const truncated = (file) => truncateSync(file, size(file) / 2);
const corrupted = (file) => {
  const handle = openSync(file, 'r+');
  writeSync(handle, 'no TensorFlow here', Math.floor(size(file) / 2));
  closeSync(handle);
};

let wheel = process.argv[2];
if (!wheel) {
  const folder = join(tmpdir(), 'arctic-wheels');
  mkdirSync(folder, { recursive: true });
  wheel = join(folder, WHEEL);
  if (!existsSync(wheel)) {
    const how = [
      '--no-deps',
      '--only-binary=:all:',
      '--python-version=311',
      '--platform=manylinux_2_27_x86_64',
    ];
    execFileSync('python3', [
      '-m',
      'pip',
      'download',
      '-q',
      ...how,
      `--dest=${folder}`,
      'tensorflow-cpu==2.21.0',
    ]);
  }
}
if (basename(wheel) !== WHEEL) throw new Error(`Expected ${WHEEL}. Received: ${wheel}`);

const index = await startIndex(wheel);
const pip = {
  PIP_INDEX_URL: index.url,
  PIP_FIND_LINKS: '',
  PIP_NO_CACHE_DIR: '1',
  NO_PROXY: '127.0.0.1',
  ARCTIC_TENSORFLOW_DIR: '',
};
const DOWNLOAD = ['--origin', 'cache,download'];

try {
  const clean = freshCache();
  const first = await install(DOWNLOAD, { cache: clean });
  report('clean cache', first, first.code === 0 && clean.isClean());
  const again = await install(DOWNLOAD, { cache: clean });
  report('run again', again, again.code === 0 && !again.err.includes('Building'));
  const forced = await install([...DOWNLOAD, '--force'], { cache: clean });
  report('run again with --force', forced, forced.code === 0 && forced.err.includes('Building'));

  for (const moment of Object.keys(MOMENTS))
    for (const signal of ['SIGINT', 'SIGKILL']) {
      const cache = await interrupted(moment, signal);
      rmSync(cache.folder, { recursive: true });
    }

  {
    const cache = freshCache();
    const before = index.served.bytes;
    const both = await Promise.all([install(DOWNLOAD, { cache }), install(DOWNLOAD, { cache })]);
    const [winner, waiter] = both.sort((a, b) => a.seconds - b.seconds);
    const once = index.served.bytes - before < 1.2 * size(wheel);
    const ok =
      both.every(({ code }) => code === 0) && waiter.err.includes('waiting for it') && once;
    report('two at once: the first', winner, ok);
    report('two at once: the second', waiter, ok && cache.isClean());
    rmSync(cache.folder, { recursive: true });
  }

  for (const [name, damage] of [
    ['truncated', truncated],
    ['corrupted', corrupted],
  ]) {
    const cache = freshCache();
    const file = damagedCopy(WHEEL, damage);
    const given = await install(['--from', file], { cache });
    report(`${name} wheel given`, given, failsWell(given, cache));
    const renamed = damagedCopy(
      'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
      damage,
    );
    const unpinned = await install(['--from', renamed], { cache });
    report(`${name} wheel given under another name`, unpinned, failsWell(unpinned, cache));
    index.limits.file = file;
    const fetched = await install(DOWNLOAD, { cache });
    index.limits.file = wheel;
    report(`${name} wheel on the index`, fetched, failsWell(fetched, cache));
    const healed = await install(DOWNLOAD, { cache });
    report(`${name} wheel on the index, mended`, healed, healed.code === 0 && cache.isClean());
    for (const path of [cache.folder, dirname(file), dirname(renamed)])
      rmSync(path, { recursive: true });
  }
  {
    const cache = freshCache();
    const file = join(work, 'something_else-1.0-py3-none-any.whl');
    const script =
      'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").writestr("something_else-1.0.dist-info/WHEEL", "Tag: py3-none-any")';
    execFileSync('python3', ['-c', script, file]);
    const wrong = await install(['--from', file], { cache });
    report('wrong wheel', wrong, failsWell(wrong, cache));
    const nothing = await install(['--from', join(work, 'nowhere')], { cache });
    report('--from nothing', nothing, failsWell(nothing, cache));
  }

  const offline = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '0' };
  {
    const cache = freshCache();
    const noNetwork = await install(DOWNLOAD, { cache, env: offline });
    report('no network', noNetwork, failsWell(noNetwork, cache));
    const env = {
      ...offline,
      PATH: pathWith(...['c++', 'as', 'ld'].map((name) => [name, which(name)])),
    };
    for (const [name, path] of [
      ['FILE', wheel],
      ['DIR with the wheel', dirname(wheel)],
    ]) {
      const given = await install(['--from', path, '--force'], { cache, env });
      report(`offline, no Python, --from ${name}`, given, given.code === 0 && cache.isClean());
    }
    const unpacked = join(clean.root, 'libraries', 'linux-x64-2.21.0', 'tensorflow');
    const given = await install(['--from', unpacked], { cache, env });
    report(
      'offline, no Python, --from DIR unpacked',
      given,
      given.code === 0 && given.out.includes(unpacked),
    );
    rmSync(cache.folder, { recursive: true });
  }
  {
    const cache = freshCache();
    const noPython = await install(DOWNLOAD, {
      cache,
      env: { PATH: pathWith(['c++', which('c++')]) },
    });
    report('without Python', noPython, failsWell(noPython, cache));
    const venv = join(work, 'without-pip');
    execFileSync('python3', ['-m', 'venv', '--without-pip', venv]);
    const noPip = await install(DOWNLOAD, {
      cache,
      env: { PATH: `${join(venv, 'bin')}:${process.env.PATH}` },
    });
    report('without pip', noPip, failsWell(noPip, cache) && noPip.err.includes('no pip'));
    const noCompiler = await install(DOWNLOAD, {
      cache,
      env: { PATH: pathWith(['python3', which('python3')]) },
    });
    report('without a compiler', noCompiler, failsWell(noCompiler, cache));
  }

  if (process.getuid?.() === 0) {
    const cache = freshCache();
    asRoot('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', cache.folder]);
    mounts.push(cache.folder);
    const readOnly = await install(DOWNLOAD, { cache });
    report('read-only cache', readOnly, failsWell(readOnly, cache));
    const small = freshCache();
    asRoot('mount', ['-t', 'tmpfs', '-o', 'size=100m', 'none', small.folder]);
    mounts.push(small.folder);
    const full = await install(DOWNLOAD, { cache: small });
    report('too little disk space', full, failsWell(full, small));
    // The addon knows its library by path: the very folder is made read-only.
    asRoot('mount', ['-o', 'bind', clean.folder, clean.folder]);
    mounts.push(clean.folder);
    asRoot('mount', ['-o', 'remount,bind,ro', clean.folder]);
    const frozen = await install(DOWNLOAD, { cache: clean });
    report('read-only cache with an installation', frozen, frozen.code === 0);
    for (const mount of mounts.splice(0).reverse()) asRoot('umount', [mount]);
  }
  const dry = await start(['uninstall', '--dry-run'], { cache: clean }).done;
  report('uninstall --dry-run', dry, dry.code === 0 && clean.names('addons').length > 0);
  const gone = await start(['uninstall', '--all'], { cache: clean }).done;
  report('uninstall --all', gone, gone.code === 0 && !existsSync(clean.root));
} finally {
  for (const mount of mounts.reverse()) asRoot('umount', [mount]);
  index.close();
  rmSync(work, { recursive: true, force: true });
}
const failed = rows.filter((row) => row.at(-1) !== 'ok').length;
process.stdout.write(`\n${rows.length - failed} of ${rows.length} ok\n`);
process.exitCode = failed === 0 ? 0 : 1;
