import { spawn } from 'node:child_process';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BenchmarkError } from './errors.js';

/** A Python environment beside this program, and what it is made of. */
interface Environment {
  readonly folder: string;
  readonly requirements: string;
  readonly size: string;
}

/** What the peers need: that of the models, and that of the readers. */
const ENVIRONMENTS = {
  models: { folder: '.venv', requirements: 'requirements.txt', size: 'several GB' },
  readers: { folder: '.venv-readers', requirements: 'requirements-readers.txt', size: '700 MB' },
} as const satisfies Record<string, Environment>;

/**
 * The Python of an environment in `benchmarks`, made and filled where it is not up to date.
 *
 * @param note called with one line for each thing that is done.
 * @throws {BenchmarkError} when Python, its venv module or pip are missing, or pip fails.
 */
export async function ensurePython(
  note: (line: string) => void,
  which: keyof typeof ENVIRONMENTS = 'models',
): Promise<string> {
  const { folder, requirements, size } = ENVIRONMENTS[which];
  const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const [venv, list] = [path(folder), path(requirements)];
  const byHand = `make an environment with benchmarks/${requirements} and pass --python PATH`;
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  // Copied last: an environment that was left half done is completed.
  const done = join(venv, 'requirements.txt');
  const wanted = await readFile(list, 'utf8');
  if ((await readFile(done, 'utf8').catch(() => '')) === wanted) return python;

  note(`Making a Python environment in benchmarks/${folder} (${size}, minutes; once)`);
  const base = await findPython(byHand);
  await run(base, ['-m', 'venv', venv], () => undefined).catch(async (cause: unknown) => {
    await rm(venv, { recursive: true, force: true });
    throw new BenchmarkError(`${base} -m venv failed: ${lastLine(cause)}`, {
      remedy: `install Python's venv module with pip (Debian and Ubuntu: ${base}-venv), or ${byHand}`,
      cause,
    });
  });
  const install = ['-m', 'pip', 'install', '--progress-bar', 'off', '-r', list];
  await run(python, install, (line) => {
    const what = /^\s*(?:Collecting|Downloading|Installing|Successfully installed) \S+.*/.exec(
      line,
    );
    if (what) note(`  ${what[0].trim().slice(0, 100)}`);
  }).catch((cause: unknown) => {
    throw new BenchmarkError(`pip install failed: ${lastLine(cause)}`, {
      remedy: `see that pip reaches its index and the disk has 8 GB left, then run this again; or ${byHand}`,
      cause,
    });
  });
  await copyFile(list, done);
  return python;
}

/** The first Python that PyTorch, TensorFlow and Keras all have packages for. */
async function findPython(byHand: string): Promise<string> {
  const received: string[] = [];
  for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11']) {
    const version = await run(name, ['--version'], () => undefined).catch(() => undefined);
    if (version === undefined) continue;
    if (/^Python 3\.1[1-3]\b/.test(version)) return name;
    received.push(version.trim());
  }
  throw new BenchmarkError(
    `Expected Python 3.11, 3.12 or 3.13. Received: ${received.join(', ') || 'none'}.`,
    { remedy: `install one with its venv module, or ${byHand}` },
  );
}

/** Runs a command; gives its output, throws its errors. */
function run(
  command: string,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      onLine(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(errors.trim() || output.trim() || `code ${code}`));
    });
  });
}

/** What went wrong tends to be said last. */
function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
