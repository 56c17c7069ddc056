import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutate, randomFrom } from './mutate.js';

const HELP = `Gives every reader damaged copies of files: each must end in a raster or a typed error.

  npm run fuzz -- [--copies 2000] [--reader NAME] [--seed 1] [--data DIR] [--keep DIR]

  --copies N    damaged copies per reader
  --reader      one of the readers of the table
  --data DIR    real files to damage too; ../shared/data where absent and there
  --keep DIR    where copies go that did not end well

Exit code 1 where a copy crashed the process, ended in an untyped error, took over 5 s or 1 GB.
`;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
const LIMIT_MS = 5000;
const LIMIT_MB = 1024;
/** A worker is given up after this; one that is merely late is counted as over its limit. */
const KILL_MS = 15_000;

/** Names of the files of each reader, in fixtures and data. */
const READERS: Readonly<Record<string, RegExp>> = {
  geotiff: /\.tiff?$/i,
  'netcdf-3': /(classic|one-record|cdf5|nh10km|NIC_valid).*\.nc$/i,
  'netcdf-4': /(odd|seaice_conc).*\.nc$|\.(h5|he5)$/i,
  hdf4: /\.hdf$/i,
  zarr: /\.zarr$/i,
  jp2: /\.(jp2|j2k)$/i,
  png: /\.png$/i,
  jpeg: /\.jpe?g$/i,
  npy: /\.npy$/i,
  npz: /\.npz$/i,
  shapefile: /\.shp$/i,
  geopackage: /\.gpkg$/i,
  'zipped chart': /\.zip$/i,
  'nsidc binary': /^nt_.*\.bin$/i,
};

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    copies: { type: 'string', default: '2000' },
    reader: { type: 'string' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    keep: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = (await fuzz()) ? 0 : 1;

interface Answer {
  readonly outcome: string;
  readonly ms: number;
  readonly peakMb: number;
}

async function fuzz(): Promise<boolean> {
  const base = process.env['INIT_CWD'] ?? process.cwd();
  const data = resolve(base, values.data ?? join(ROOT, '..', 'shared', 'data'));
  const keep = values.keep === undefined ? null : resolve(base, values.keep);
  const sources = [
    ...['raster', 'data-real'].map((name) => join(ROOT, 'packages', name, 'tests', 'fixtures')),
    ...(existsSync(data) ? [data] : []),
  ].flatMap(entriesBelow);
  const scratch = await mkdtemp(join(tmpdir(), 'arctic-fuzz-'));
  let good = true;
  try {
    for (const [reader, pattern] of Object.entries(READERS)) {
      if (values.reader !== undefined && values.reader !== reader) continue;
      const files = sources.filter((path) => pattern.test(basename(path)));
      if (files.length === 0) {
        process.stdout.write(`${reader.padEnd(14)} no files\n`);
        continue;
      }
      good = (await fuzzReader(reader, files, scratch, keep)) && good;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return good;
}

async function fuzzReader(
  reader: string,
  files: readonly string[],
  scratch: string,
  keep: string | null,
): Promise<boolean> {
  const copies = Number(values.copies);
  const counts = new Map<string, number>();
  let [worst, peak, bad, next] = [0, 0, 0, 0];
  const lane = async (id: number) => {
    const folder = join(scratch, `${id}`);
    let worker = startWorker();
    for (let n = next++; n < copies; n = next++) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      const target = damagedCopy(files[n % files.length] ?? '', folder, Number(values.seed) + n);
      const answer = await worker.ask(target);
      const outcome = verdict(answer);
      worst = Math.max(worst, answer?.ms ?? KILL_MS);
      peak = Math.max(peak, answer?.peakMb ?? 0);
      const name = outcome.split(':')[0] ?? outcome;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (/^(crash|hang|memory|untyped)/.test(outcome)) {
        bad += 1;
        process.stdout.write(`  ${outcome.slice(0, 400)} (copy ${n} of ${basename(target)})\n`);
        if (keep) cpSync(target, join(keep, `${n}-${basename(target)}`), { recursive: true });
      }
      if (answer === null || answer.peakMb > LIMIT_MB) {
        worker.stop();
        worker = startWorker();
      }
    }
    worker.stop();
  };
  await Promise.all(
    Array.from({ length: Math.min(2, availableParallelism()) }, (_, id) => lane(id)),
  );
  const list = [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
  process.stdout.write(
    `${reader.padEnd(14)} ${copies} copies of ${files.length} files: ${list}; slowest ${(worst / 1000).toFixed(1)} s, most memory ${peak.toFixed(0)} MB\n`,
  );
  return bad === 0;
}

function verdict(answer: Answer | null): string {
  if (answer === null) return 'crash or hang';
  if (answer.outcome.startsWith('untyped')) return answer.outcome;
  if (answer.ms > LIMIT_MS) return `hang: ${(answer.ms / 1000).toFixed(1)} s`;
  return answer.peakMb > LIMIT_MB ? `memory: ${answer.peakMb.toFixed(0)} MB` : answer.outcome;
}

/** A copy of a file, or of a folder with one of its files, that is damaged; with its neighbours. */
function damagedCopy(source: string, folder: string, seed: number): string {
  const random = randomFrom(Math.imul(seed, 2654435761));
  const target = join(folder, basename(source));
  if (statSync(source).isDirectory()) {
    cpSync(source, target, { recursive: true });
    const inside = readdirSync(target, { recursive: true, encoding: 'utf8' })
      .map((name) => join(target, name))
      .filter((path) => statSync(path).isFile());
    const victim = inside[Math.floor(random() * inside.length)];
    if (victim) writeFileSync(victim, mutate(readFileSync(victim), random));
    return target;
  }
  // A shapefile is several files; any of them may be the damaged one.
  const parts = /\.shp$/i.test(source)
    ? readdirSync(dirname(source)).filter((name) =>
        name.startsWith(basename(source).replace(/\.shp$/i, '.')),
      )
    : [basename(source)];
  const victim = parts[Math.floor(random() * parts.length)];
  for (const name of parts) {
    const bytes = new Uint8Array(readFileSync(join(dirname(source), name)));
    writeFileSync(join(folder, name), name === victim ? mutate(bytes, random) : bytes);
  }
  return target;
}

function startWorker() {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@arctic/source', WORKER],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('a worker without pipes');
  stdin.on('error', () => undefined);
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    /** Null where the worker died, or did not answer in time. */
    async ask(path: string): Promise<Answer | null> {
      stdin.write(`${path}\n`);
      const late = setTimeout(() => child.kill('SIGKILL'), KILL_MS);
      const { value, done } = await lines.next();
      clearTimeout(late);
      return done ? null : (JSON.parse(value) as Answer); // the worker's form
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** Files, and Zarr folders as one, below a folder. */
function entriesBelow(root: string): string[] {
  return readdirSync(root)
    .sort()
    .flatMap((name) => {
      const path = join(root, name);
      if (/\.zarr$/i.test(name)) return [path];
      return statSync(path).isDirectory() ? entriesBelow(path) : [path];
    });
}
