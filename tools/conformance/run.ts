// `npm run conformance`: tfjs's own test suite on the installed runtime, judged by expected.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadBackend, type BackendReport } from '@arctic/runtime';
import { judge, type Expected } from './judge.js';
import { formatResult, measure, type ConformanceResult } from './result.js';
import { runSuite, type SpecResult } from './suite.js';

const HELP = `Runs the test suite that tfjs ships in its npm packages on the installed runtime.

Usage
  npm run conformance -- [--filter TEXT] [--all] [--objects DIR] [--json FILE]

Options
  --filter TEXT  Run only the specs whose full name contains TEXT.
  --all          Also run the specs that tfjs-node's own list leaves out, and say how they end.
  --objects DIR  tfjs-node/test_objects of a checkout of the tensorflow/tfjs repository: images and saved
                 models that some specs read and the npm package leaves out. Default: leave those specs out.
  --json FILE    Write the result to FILE.
  -h, --help     Print this text.

Exit codes
  0  every failure is explained in tools/conformance/expected.json
  1  a failure is not, an explained one passes now, or something still ran when the suite had ended
  2  the native backend is not there, or an option is wrong
`;

const PROGRESS_EVERY = 500;
const LEFTOVER_AFTER_MS = 10_000;

process.exitCode = await main();

async function main(): Promise<number> {
  let options: ReturnType<typeof parse>;
  try {
    options = parse();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)} Try --help.`);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const report = await loadBackend();
  if (report.addonPath === undefined) {
    const mend = report.remedy === undefined ? '' : ` Run: ${report.remedy}`;
    console.error(`No native backend: ${report.reason ?? 'no reason given'}${mend}`);
    return 2;
  }
  return conform(options, { ...report, addonPath: report.addonPath });
}

function parse() {
  const { values } = parseArgs({
    options: {
      filter: { type: 'string', default: '' },
      all: { type: 'boolean', default: false },
      objects: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.objects !== undefined && !existsSync(join(values.objects, 'saved_model'))) {
    throw new Error(`Expected --objects to hold saved_model/. Received: '${values.objects}'.`);
  }
  process.argv.splice(2); // the suite reads arguments too
  return values;
}

async function conform(
  { filter, all, objects, json }: ReturnType<typeof parse>,
  report: BackendReport & { readonly addonPath: string },
): Promise<number> {
  const path = new URL('expected.json', import.meta.url);
  const expected = JSON.parse(readFileSync(path, 'utf8')) as Expected; // kept beside this file
  const needObjects = new Set(objects ? [] : expected.needObjects);
  const speak = mute();
  let ran = 0;
  const results = await runSuite({
    addonPath: report.addonPath,
    objects,
    wants: (spec, ignored) => spec.includes(filter) && !needObjects.has(spec) && (all || !ignored),
    onSpec: ({ spec, status, ignored }) => {
      ran += 1;
      if (process.stdout.isTTY) speak.write(`\r${ran} specs`);
      else if (ran % PROGRESS_EVERY === 0) speak.write(`${ran} specs\n`);
      if (status === 'failed' && !ignored) {
        speak.write(`${process.stdout.isTTY ? '\r' : ''}failed: ${spec}\n`);
      }
    },
  }).finally(speak.restore);
  if (process.stdout.isTTY) process.stdout.write('\r');

  if (ran === 0) {
    console.error(`Expected --filter to match a spec that runs. Received: '${filter}'.`);
    return 2;
  }

  const judgement = judge(results, expected);
  const { passed, failed, mended, unknown } = judgement;
  const result: ConformanceResult = {
    versions: {
      node: process.versions.node,
      tfjs: report.tfjsVersion,
      tensorflow: report.tensorflowVersion ?? '',
    },
    device: report.device,
    passed,
    failed,
    notRun: countNotRun(results, needObjects),
    unexplained: judgement.unexplained.map(({ spec, messages }) => ({ spec, messages })),
    explained: expected.differences.filter(({ spec }) => judgement.explained.includes(spec)),
    mended,
    unknown,
    ignored: results
      .filter(({ ignored, status }) => ignored && (status === 'passed' || status === 'failed'))
      .map(({ spec, status, messages }) => ({ spec, status, messages })),
    cost: measure(),
  };
  console.log(formatResult(result));
  if (json) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  watchForLeftovers();
  return result.unexplained.length + mended.length + unknown.length === 0 ? 0 : 1;
}

function countNotRun(
  results: readonly SpecResult[],
  needObjects: ReadonlySet<string>,
): ConformanceResult['notRun'] {
  const excluded = results.filter(({ status }) => status === 'excluded');
  const ownList = excluded.filter(({ ignored }) => ignored).length;
  const withoutFiles = excluded.filter((r) => !r.ignored && needObjects.has(r.spec)).length;
  return {
    ownList,
    switchedOff: results.filter(({ status }) => status === 'pending').length,
    needObjects: withoutFiles,
    filter: excluded.length - ownList - withoutFiles,
  };
}

/** Keeps what specs print off the screen; `write` goes past that. */
function mute() {
  const streams = [process.stdout, process.stderr];
  const writers = streams.map((stream) => stream.write);
  const write = process.stdout.write.bind(process.stdout);
  for (const stream of streams) {
    // Callers that wait for the text to be out are answered.
    stream.write = (_text: unknown, encoding?: unknown, done?: unknown) => {
      const answer = [encoding, done].find((value) => typeof value === 'function');
      if (answer) process.nextTick(answer as () => void);
      return true;
    };
  }
  const restore = () => {
    streams.forEach((stream, i) => (stream.write = writers[i] ?? stream.write));
  };
  return { write: (text: string) => void write(text), restore };
}

/** Ends the process with an error where timers, sockets or children of the suite keep it alive. */
function watchForLeftovers(): void {
  setTimeout(() => {
    console.error(`Still running: ${process.getActiveResourcesInfo().join(', ')}.`);
    process.exit(1);
  }, LEFTOVER_AFTER_MS).unref();
}
