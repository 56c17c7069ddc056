// `npm test`: lint, types, build, tests and package checks of the whole workspace, then one line "N passed, N failed".
import { spawn } from 'node:child_process';
import process from 'node:process';

const STEPS = [
  ['workspace in sync', ['nx', 'sync:check']],
  [
    'lint, types, build, tests, packages',
    [
      'nx',
      'run-many',
      '-t',
      'lint',
      'typecheck',
      'build',
      'test',
      'check-package',
      '--parallel=2',
      '--output-style=static',
    ],
  ],
  ['module boundaries', ['node', 'tools/check-boundaries.mjs']],
  ['unused code and dependencies', ['knip']],
  ['troubleshooting page', ['node', 'tools/check-troubleshooting.mjs']],
  ['links', ['node', 'tools/check-links.mjs']],
  ['formatting', ['prettier', '--check', '--log-level=warn', '.']],
];

/** Runs one command, shows its output as it comes and returns it with the exit code. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const child =
      command === 'node'
        ? spawn(process.execPath, args)
        : spawn('npx', ['--no-install', command, ...args]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        process.stdout.write(text);
      });
    }
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

// eslint-disable-next-line no-control-regex -- colour codes are control characters
const withoutColours = (output) => output.replace(/\u001b\[[\d;]*m/g, '');

/** Adds up the closing lines of vitest: "Tests  1 failed | 41 passed | 2 skipped (44)". */
function countTests(output) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const plain = withoutColours(output);
  for (const [, counts] of plain.matchAll(/^\s*Tests\s+(.+)$/gm)) {
    for (const [, n, kind] of counts.matchAll(/(\d+) (passed|failed|skipped)/g))
      totals[kind] += Number(n);
  }
  return totals;
}

/** What vitest says of failed tests, to be seen again at the end: most logs are read from there. */
function failuresOf(output) {
  const told = /^⎯+ Failed (?:Tests|Suites) [^]*?(?=^ Test Files )/gm;
  return (withoutColours(output).match(told) ?? []).map((text) => text.trim().slice(0, 4000));
}

process.env.NX_DAEMON = 'false';
const totals = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
const failures = [];
for (const [title, command] of STEPS) {
  process.stdout.write(`\n── ${title}\n`);
  const { code, output } = await run(command);
  const counted = countTests(output);
  totals.passed += counted.passed;
  totals.skipped += counted.skipped;
  totals.failed += counted.failed;
  if (code === 0) totals.passed += 1;
  else {
    broken.push(title);
    failures.push(...failuresOf(output));
    if (counted.failed === 0) totals.failed += 1;
  }
}
for (const text of failures) process.stdout.write(`\n${text}\n`);
if (broken.length > 0) process.stdout.write(`\nFailed: ${broken.join('; ')}\n`);
process.stdout.write(
  `\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`,
);
process.exitCode = broken.length === 0 ? 0 : 1;
