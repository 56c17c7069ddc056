import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isBenchmarkError } from '../errors.js';
import { ensurePython } from '../python-environment.js';
import { agrees, tableOf, type Answer, type Judged } from './answer.js';
import { requestOf, type Request } from './request.js';
import { warpRequests, writtenRequests } from './written.js';

const HELP = `Compares the readers and writers of @arctic/raster and @arctic/data-real with rasterio,
netCDF4, xarray, pyhdf, pyshp, zarr and numpy.

  npm run compare -- [DIR]        every file below DIR (../shared/data where absent) that a reader
                                  takes, files made by these libraries, files of our writers, warps
  npm run compare -- DIR --only written,warp
  --only SUITES    some of files, made, written, warp, separated by commas
  --python PATH    an environment of your own; else benchmarks/.venv-readers is made once

Exit code 1 where something differs.
`;

const SCRIPT = fileURLToPath(new URL('../../python/compare_readers.py', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../results/readers-compare.json', import.meta.url));
const SUITES = ['files', 'made', 'written', 'warp'] as const;

/** Parts of a shapefile that are read with its .shp, and what is no raster. */
const LEFT_ASIDE = /\.(dbf|shx|prj|cpg|csv|md|xml|safe|kml|gz|txt|json)$/i;

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      python: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) say(HELP);
  else {
    const base = process.env['INIT_CWD'] ?? process.cwd();
    const suites = values.only?.split(',') ?? SUITES;
    const folder = resolve(base, positionals[0] ?? '../shared/data');
    process.exitCode = (await compare(folder, suites, values.python)) ? 0 : 1;
  }
} catch (error) {
  if (!isBenchmarkError(error)) throw error;
  process.stderr.write(`${error.message}\n${error.remedy ? `Do: ${error.remedy}\n` : ''}`);
  process.exitCode = 2;
}

async function compare(
  folder: string,
  suites: readonly string[],
  own: string | undefined,
): Promise<boolean> {
  const python = own ?? (await ensurePython(say, 'readers'));
  const scratch = await mkdtemp(join(tmpdir(), 'arctic-compare-'));
  const judge = openJudge(python);
  const rows: Judged[] = [];
  try {
    const files = async (root: string) => {
      for (const path of filesBelow(root)) {
        const work = join(scratch, 'work');
        mkdirSync(work, { recursive: true });
        const request = await requestOf(path, work).catch((error: unknown) => `${String(error)}`);
        const answer: Answer =
          typeof request === 'string' ? { error: request } : await judge.ask(request);
        const reader = typeof request === 'string' ? '' : `${request['format'] ?? request.kind}`;
        rows.push({ file: relative(root, path), reader, answer });
        rmSync(work, { recursive: true });
      }
    };
    if (suites.includes('files')) {
      if (existsSync(folder)) await files(folder);
      else say(`${folder} is not here: only made files are compared`);
    }
    if (suites.includes('made')) {
      const made = join(scratch, 'made');
      mkdirSync(made);
      await runPython(python, ['make', made]);
      await files(made);
    }
    const requests = [
      ...(suites.includes('written') ? await writtenRequests(scratch) : []),
      ...(suites.includes('warp') ? warpRequests(scratch) : []),
    ];
    for (const request of requests) {
      const { kind, file, format, method } = request;
      const reader = `${kind} ${format ?? method}`;
      rows.push({ file: basename(String(file)), reader, answer: await judge.ask(request) });
    }
  } finally {
    judge.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  const good = rows.filter(agrees).length;
  say(tableOf(rows));
  say(`\n${good} of ${rows.length} agree`);
  await writeFile(RESULTS, `${JSON.stringify(rows, null, 2)}\n`);
  return good === rows.length;
}

/** Files and Zarr folders below a folder, by name. */
function filesBelow(root: string): string[] {
  return readdirSync(root)
    .sort()
    .flatMap((name) => {
      const path = join(root, name);
      if (/\.zarr$/i.test(name)) return [path];
      if (statSync(path).isDirectory()) return filesBelow(path);
      return LEFT_ASIDE.test(name) && !/\.tar\.gz$/i.test(name) ? [] : [path];
    });
}

/** A process of Python that answers one request after the other. */
function openJudge(python: string) {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  // Written to after its end, the pipe breaks; `ask` then says that Python ended.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request: Request): Promise<Answer> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      return done ? { error: 'Python ended' } : (JSON.parse(value) as Answer); // the script's form
    },
    close: () => child.stdin.end(),
  };
}

function runPython(python: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(python, [SCRIPT, ...args], { stdio: 'inherit' });
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`compare_readers.py ${args.join(' ')} ended with ${code}`));
    });
  });
}
