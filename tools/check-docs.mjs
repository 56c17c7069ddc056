// Everything in the docs that can be run is run: commands, programs, JSON, links, examples of TSDoc, the API reference.
//     node tools/check-docs.mjs [--list] [--quick] [--data DIR] [--install] [--keep] [FILE …]
// tools/docs/README.md says how a block is marked that cannot be run as it stands.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { blocksOf } from './docs/blocks.mjs';
import { endAll, runCommand } from './docs/commands.mjs';
import { complete, examplesIn } from './docs/examples.mjs';
import { GIVEN, NOT_RUN } from './docs/given.mjs';
import { openPages } from './docs/pages.mjs';
import { checkTypes, writePrograms } from './docs/programs.mjs';
import { cleanCopy, makeCopy } from './docs/working-copy.mjs';

const USAGE = `Usage: node tools/check-docs.mjs [options] [FILE …]

Runs the code blocks of README.md, docs/, examples/ and the READMEs of packages, apps, benchmarks and tools, and the
@examples of the packages' sources; checks links and builds the API reference. With FILEs: the blocks of those alone.

  --list       print what would be run
  --quick      what takes seconds: links, API reference, types, JSON, programs in the READMEs of the packages
  --data DIR   folder of real sample data; blocks that need it are left out without
  --install    run npm ci in the copy of the working tree instead of linking what is installed
  --keep       keep that copy, and say where it is`;

const root = join(import.meta.dirname, '..');
const { values: options, positionals } = parse();

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        list: { type: 'boolean' },
        quick: { type: 'boolean' },
        install: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
const listed = (...patterns) =>
  git('ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns)
    .trim()
    .split('\n');

const pages = listed('*.md').filter((file) => !file.endsWith('CHANGELOG.md'));

const read = (file) => readFileSync(join(root, file), 'utf8');

/** The examples in the sources of a package; they, and what its README marks as pieces, are completed. */
function examplesOf(manifest, readme) {
  const folder = dirname(manifest);
  const { name, exports } = JSON.parse(read(manifest));
  const entries = Object.entries(exports).flatMap(([key, { '@arctic/source': source }]) =>
    source === undefined ? [] : [{ from: join(name, key), path: join(root, folder, source) }],
  );
  const given = GIVEN[folder] ?? {};
  for (const block of readme) if (block.rules.types) complete(block, { entries, given });
  return listed(`${folder}/src/*.ts`).flatMap((file) => {
    // What is of the package alone comes from its own file, seen from where the examples are run.
    const own = { from: `../../${file.replace(/ts$/, 'js')}`, path: join(root, file) };
    const examples = examplesIn(file, read(file));
    for (const block of examples) {
      complete(block, { entries: [...entries, own], given });
      if (file in NOT_RUN) block.rules.types = true;
    }
    return examples;
  });
}

/** All blocks of pages and sources, in order. */
function allBlocks() {
  const ofPages = pages.flatMap((file) => blocksOf(file, read(file)));
  const ofSources = listed('packages/*/package.json').flatMap((manifest) =>
    examplesOf(
      manifest,
      ofPages.filter(({ file }) => file === join(dirname(manifest), 'README.md')),
    ),
  );
  const blocks = [...ofPages, ...ofSources];
  for (const [n, block] of blocks.entries()) {
    if (!block.rules.continues) continue;
    block.previous = blocks
      .slice(0, n)
      .findLast(({ file, language }) => file === block.file && /^[jt]s$/.test(language));
    if (block.previous === undefined)
      block.rules.faults.push('continues: expected an earlier program. Received: none');
  }
  return blocks;
}

const wanted = positionals.map((file) => relative(root, resolve(file)));
const everything = allBlocks();
/** What takes minutes is left out of a quick check as a whole. */
const quick = ({ language }) => /^(ts|js|json)$/.test(language);
const blocks = everything.filter(
  (block) =>
    (wanted.length === 0 || wanted.includes(block.file)) && (!options.quick || quick(block)),
);

if (options.help) process.stdout.write(`${USAGE}\n`);
else if (options.list) list();
else process.exitCode = (await check(mkdtempSync(join(tmpdir(), 'arctic-docs-')))) ? 0 : 1;

function list() {
  for (const { file, line, language, rules } of blocks) {
    const { faults, setUp, notHere, ...marks } = rules;
    const how = notHere ? `not here: ${notHere}` : Object.keys(marks).join(', ');
    process.stdout.write(
      `${file}:${line}  ${language}${how && `  ${how}`}${setUp.length > 0 ? '  set up' : ''}\n`,
    );
    for (const fault of faults) process.stdout.write(`  ${fault}\n`);
  }
}

/** Runs everything; resolves with whether all went well. */
async function check(folder) {
  const counts = { run: 0, failed: 0, left: 0 };
  const failures = [];
  const report = (place, { state, note = '', output = '', seconds }) => {
    if (state === 'left') counts.left++;
    else counts.run++;
    if (state === 'failed') {
      counts.failed++;
      failures.push(`── ${place}\n${output.trimEnd().split('\n').slice(-30).join('\n')}`);
    }
    const word = { ok: 'ok', failed: 'FAIL', left: 'not run' }[state];
    const time = seconds === undefined ? '' : `  ${seconds.toFixed(1)} s`;
    process.stdout.write(`${place}  ${word}${note && ` (${note})`}${time}\n`);
  };
  const timed = async (place, work) => {
    const start = performance.now();
    const { code, output } = await work();
    const seconds = (performance.now() - start) / 1000;
    report(place, { state: code === 0 ? 'ok' : 'failed', output, seconds });
  };
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      endAll();
      if (!options.keep) rmSync(folder, { recursive: true, force: true });
      process.exit(1);
    });
  const here = { cwd: root, env: process.env, minutes: 10 };
  if (wanted.length === 0) {
    await timed('links', () => runCommand(process.execPath, ['tools/check-links.mjs'], here));
    await timed('API reference', () => runCommand('npm', ['run', '--silent', 'docs:api'], here));
  }

  const copy = join(folder, 'arctic');
  try {
    makeCopy(root, copy, { install: options.install });
    const programs = ({ language }) => /^[jt]s$/.test(language);
    // Examples that are not looked at now may be modules of others.
    writePrograms(join(copy, 'docs-check'), everything.filter(programs));
    const types = checkTypes(copy, blocks.filter(programs));
    const { runBlock, openPage } = openPages({
      root,
      copy,
      folder,
      data: options.data && resolve(options.data),
      blocks,
      types,
    });
    for (const file of new Set(blocks.map((block) => block.file))) {
      const ofFile = blocks.filter((block) => block.file === file);
      cleanCopy(copy);
      const page = await openPage(file, ofFile);
      for (const block of ofFile) {
        const start = performance.now();
        const result = await runBlock(page, block, { quick: options.quick });
        report(`${file}:${block.line}`, { seconds: (performance.now() - start) / 1000, ...result });
      }
      await page.close();
    }
  } finally {
    endAll();
    if (options.keep) process.stdout.write(`The copy is ${copy}\n`);
    else rmSync(folder, { recursive: true, force: true });
  }
  if (failures.length > 0) process.stdout.write(`\n${failures.join('\n\n')}\n`);
  process.stdout.write(
    `\n${counts.run} blocks run, ${counts.failed} failed, ${counts.left} not run\n`,
  );
  return counts.failed === 0;
}
