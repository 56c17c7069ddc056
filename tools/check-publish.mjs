// A release from the first tag to the browser: every package is versioned, tagged and published from a clone of HEAD to a
// registry on 127.0.0.1; the examples install from it and run on Node.js 20, 22 and 24, a page in Chromium; a change of one
// package is released after that, with its dependents alone.
//
//   node tools/check-publish.mjs [--nodes 20,22,24] [--keep]
//
// --keep leaves the temporary folder for a look. Needs Linux on x64, npm's registry, and for the page Chromium.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { checkPage } from './check-page.mjs';
import { startRegistry } from './local-registry.mjs';
import { nodeOf } from './node-of.mjs';

/** What each example is told to do, in order, and what it says of it. */
const EXAMPLES = {
  'node-esm': { runs: [['start']], says: /best a week ahead: (dampedA|a)nomalyPersistence/ },
  'node-require': { runs: [['start']], says: /EPSG:3413, 0 of 65536 pixels differ/ },
  'typescript-nodenext': {
    runs: [['check'], ['build'], ['start']],
    says: /threshold 0\.\d+ of the validation pairs: .* F1 0\.[5-9]/,
  },
  'typescript-bundler': {
    runs: [['check'], ['build'], ['start']],
    says: /default +259600 parameters, 30 days in, 7 out/,
  },
  'express-metrics': { runs: [['try']], says: /ice edge: 1250 km² wrong/ },
  'custom-model': {
    runs: [
      ['start', '--', '--stop-after', '2'],
      ['start', '--'],
    ],
    says: /goes on from its checkpoint[^]*test, 3 days ahead: RMSE 0\.\d+/,
  },
};
const IN_TARBALL = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'];
const CHANGED = 'metrics';
const SUBJECT = 'a change that a release tells of';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24' },
    keep: { type: 'boolean', default: false },
  },
});
const majors = options.nodes.split(',');
const work = mkdtempSync(join(tmpdir(), 'arctic-publish-'));
const clone = join(work, 'clone');
const began = performance.now();
let failures = 0;

function check(what, holds, detail = '') {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}`);
  if (!holds) failures += 1;
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** Runs a command; its exit code and what it said. */
function run(command, args, { cwd, env = {}, node }) {
  const path = node ? `${dirname(node)}${delimiter}${process.env.PATH}` : process.env.PATH;
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', ...env, PATH: path },
    maxBuffer: 2 ** 28,
  });
  return { code: status, output: `${stdout}${stderr}` };
}

/** The same where failure ends the whole check. */
function must(command, args, where) {
  const { code, output } = run(command, args, where);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

const git = (...args) => must('git', args, { cwd: clone }).trim();
const stateOfClone = () => [git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('tag')];
const tail = (output) => output.trim().split('\n').slice(-12).join('\n');

/** A clone of HEAD without its tags, with what is installed here: links of the workspace lead into the clone. */
function makeClone() {
  must('git', ['clone', '--quiet', '--no-tags', root, clone], { cwd: work });
  git('config', 'user.name', 'Release check');
  git('config', 'user.email', 'release@localhost');
  const inside = (folder) => readdirSync(join(root, folder)).map((name) => join(folder, name));
  const folders = ['.', ...inside('packages'), ...inside('apps'), 'benchmarks'];
  for (const folder of folders.map((each) => join(each, 'node_modules'))) {
    const [from, to] = [join(root, folder), join(clone, folder)];
    if (!existsSync(from) || !existsSync(dirname(to))) continue;
    // Hard links where both are on one disk: nothing of it is written to.
    if (run('cp', ['-al', from, to], { cwd: work }).code === 0) continue;
    rmSync(to, { recursive: true, force: true });
    must('cp', ['-a', from, to], { cwd: work });
  }
}

const packages = () =>
  readdirSync(join(clone, 'packages')).map((name) => ({
    folder: name,
    ...JSON.parse(readFileSync(join(clone, 'packages', name, 'package.json'), 'utf8')),
  }));

/** The packages that are released with a change of one: itself and all that build on it. */
function releasedWith(folder) {
  const all = packages();
  const names = new Set([`@arctic/${folder}`]);
  for (let before = 0; before < names.size;) {
    before = names.size;
    for (const { name, dependencies = {} } of all)
      if (Object.keys(dependencies).some((each) => names.has(each))) names.add(name);
  }
  return [...names].sort();
}

const newestOf = async (registry) =>
  Object.fromEntries(
    await Promise.all(packages().map(async ({ name }) => [name, await registry.newest(name)])),
  );

/** One invocation of tools/release.mjs in the clone, outside of any CI. */
const release = (registry, ...args) =>
  run(process.execPath, ['tools/release.mjs', ...args], {
    cwd: clone,
    env: { ...registry.env, GITHUB_ACTIONS: '', GITLAB_CI: '' },
  });

async function checkFirstRelease(registry) {
  const before = stateOfClone().join();
  const refused = release(registry, '--yes');
  check(
    'a release without tags is refused',
    refused.code === 1,
    tail(refused.output).slice(0, 120),
  );
  const untrusted = release(registry, '--first-release', '--yes', '--provenance');
  check(
    'provenance outside of CI is refused',
    untrusted.code === 1,
    tail(untrusted.output).slice(0, 120),
  );
  const dry = release(registry, '--first-release');
  check(
    'a dry run of the first release succeeds',
    dry.code === 0,
    tail(dry.output).split('\n').at(-1),
  );
  const nothing = Object.values(await newestOf(registry)).every((manifest) => manifest === null);
  check('none of them changed anything', nothing && before === stateOfClone().join());

  const started = performance.now();
  const { code, output } = release(registry, '--first-release', '--yes');
  if (code !== 0) throw new Error(`The first release ended with ${code}:\n${output}`);
  const published = await newestOf(registry);
  const all = packages();
  const right = all.filter(({ name, version }) => published[name]?.version === version);
  check('the first release publishes every package', right.length === all.length, seconds(started));
  const tags = all.map(({ folder, version }) => `${folder}@${version}`).sort();
  check('a tag of each', git('tag').split('\n').sort().join() === tags.join(), `${tags.length}`);
  const again = release(registry, '--publish-only', '--yes', '--projects', CHANGED);
  check('--publish-only leaves what is published', again.code === 0);
}

/** A folder with all packages installed: what is in them, and that they load on each Node.js. */
function checkAll(registry) {
  const folder = join(work, 'all');
  mkdirSync(folder);
  const names = packages().map(({ name }) => name);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  install(registry, folder, [...names, '@tensorflow/tfjs-core@4.22.0']);
  const lacking = names.flatMap((name) =>
    IN_TARBALL.filter((file) => !existsSync(join(folder, 'node_modules', name, file))).map(
      (file) => `${name}/${file}`,
    ),
  );
  check('every package holds what it should', lacking.length === 0, lacking.join(', '));
  const list = JSON.stringify(names);
  const ways = {
    import: `let n = 0; for (const x of ${list}) n += Object.keys(await import(x)).length; console.log(n)`,
    require: `let n = 0; for (const x of ${list}) n += Object.keys(require(x)).length; console.log(n)`,
  };
  for (const major of majors)
    for (const [way, program] of Object.entries(ways)) {
      const type = way === 'import' ? 'module' : 'commonjs';
      const args = [`--input-type=${type}`, '-e', program];
      const { code, output } = run(nodeOf(major), args, { cwd: folder });
      const holds = code === 0 && Number(output.trim()) > names.length;
      check(`Node ${major}: ${way} of ${names.length} packages`, holds, tail(output));
    }
}

/** npm install from the registry, a folder's own dependencies or those named. */
const install = (registry, cwd, names = []) =>
  must('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...names], {
    cwd,
    env: registry.env,
  });

/** Copies an example out of the workspace and installs it. */
function installExample(registry, name) {
  const folder = join(work, 'examples', name);
  cpSync(join(clone, 'examples', name), folder, { recursive: true });
  const started = performance.now();
  install(registry, folder);
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const ours = Object.entries(lock.packages).filter(([path]) => path.includes('@arctic/'));
  const local = ours.every(([, { resolved }]) => resolved.startsWith(registry.url));
  check(`${name} installs`, local, `${ours.length} packages of @arctic, ${seconds(started)}`);
  return folder;
}

const npmRun = (args, { folder, major, registry }) =>
  run('npm', ['run', '--silent', ...args], { cwd: folder, node: nodeOf(major), env: registry.env });

async function checkExamples(registry) {
  for (const [name, { runs, says }] of Object.entries(EXAMPLES)) {
    const folder = installExample(registry, name);
    for (const major of majors) {
      const started = performance.now();
      for (const left of ['dist', 'runs'])
        rmSync(join(folder, left), { recursive: true, force: true });
      const answers = runs.map((args) => npmRun(args, { folder, major, registry }));
      const output = answers.map((answer) => answer.output).join('\n');
      const [found] = says.exec(output) ?? [];
      const holds = answers.every(({ code }) => code === 0) && found !== undefined;
      const shown = holds ? output.trim().split('\n').at(-1) : tail(output);
      check(`Node ${major}: ${name}, ${seconds(started)}`, holds, shown);
    }
  }
  const folder = installExample(registry, 'vite-page');
  const trained = npmRun(['train'], { folder, major: majors[0], registry });
  check('vite-page trains its model', trained.code === 0, tail(trained.output).split('\n').at(-1));
  for (const major of majors) {
    const built = npmRun(['build'], { folder, major, registry });
    check(
      `Node ${major}: vite-page builds`,
      built.code === 0,
      built.code ? tail(built.output) : '',
    );
    if (built.code === 0) await checkPage({ folder, node: nodeOf(major), major, check });
  }
}

async function checkSecondRelease(registry) {
  appendFileSync(join(clone, 'packages', CHANGED, 'README.md'), '\nA line more.\n');
  git('commit', '--quiet', '--all', '--message', `fix(${CHANGED}): ${SUBJECT}`);
  const before = await newestOf(registry);
  const state = stateOfClone().join();
  const dry = release(registry);
  check(
    'a dry run of the next release changes nothing',
    dry.code === 0 && state === stateOfClone().join(),
  );

  const started = performance.now();
  const expected = releasedWith(CHANGED);
  const { code, output } = release(registry, '--yes');
  if (code !== 0) throw new Error(`The second release ended with ${code}:\n${output}`);
  const after = await newestOf(registry);
  const changed = Object.keys(after).filter((name) => after[name].version !== before[name].version);
  const moves = changed.map((name) => `${name} ${before[name].version} → ${after[name].version}`);
  check(
    'the next release holds the changed package and its dependents alone',
    changed.sort().join() === expected.join(),
    `${moves.join(', ')}, ${seconds(started)}`,
  );
  const version = after[`@arctic/${CHANGED}`].version;
  const tagged = changed.every((name) =>
    git('tag', '--points-at', 'HEAD').includes(`${name.split('/')[1]}@${after[name].version}`),
  );
  check(
    'its commit carries their tags',
    tagged && git('status', '--porcelain') === '',
    git('log', '-1', '--format=%s'),
  );
  const changelog = readFileSync(join(clone, 'packages', CHANGED, 'CHANGELOG.md'), 'utf8');
  check(
    'the changelog tells of it',
    changelog.startsWith(`## ${version} `) && changelog.includes(SUBJECT),
  );
  const ranges = changed
    .map((name) => after[name].dependencies?.[`@arctic/${CHANGED}`])
    .filter(Boolean);
  check(
    'dependents ask for the new version',
    ranges.every((range) => range === `^${version}`),
    ranges.join(', '),
  );

  const folder = join(work, 'examples', 'express-metrics');
  must('npm', ['update', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    env: registry.env,
  });
  const installed = JSON.parse(
    readFileSync(join(folder, 'node_modules', '@arctic', CHANGED, 'package.json'), 'utf8'),
  );
  const tried = npmRun(['try'], { folder, major: majors.at(-1), registry });
  check(
    'npm update brings it to an example, which still runs',
    tried.code === 0 && installed.version === version,
    installed.version,
  );

  const nothing = release(registry, '--yes');
  check(
    'a release without changes does nothing',
    nothing.code === 0 && nothing.output.includes('Nothing to release'),
  );
}

let registry;
try {
  makeClone();
  console.log(
    `clone of ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: clone, encoding: 'utf8' }).trim()} in ${seconds(began)}`,
  );
  registry = await startRegistry({ folder: join(work, 'registry'), node: nodeOf(24) });
  await checkFirstRelease(registry);
  checkAll(registry);
  await checkExamples(registry);
  await checkSecondRelease(registry);
} catch (error) {
  check('all steps run', false, error.message);
} finally {
  await registry?.stop();
  if (options.keep) console.log(`kept: ${work}`);
  else rmSync(work, { recursive: true, force: true });
}
console.log(`${failures === 0 ? 'all' : 'not all'} well, ${seconds(began)}`);
process.exitCode = failures === 0 ? 0 : 1;
