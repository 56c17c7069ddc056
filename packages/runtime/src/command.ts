import { parseArgs } from 'node:util';
import { doctor, formatDoctorReport } from './doctor.js';
import { RuntimeError, isRuntimeError } from './errors.js';
import { install } from './install.js';
import { LIBRARY_ORIGINS, type LibraryOrigin } from './library.js';
import type { System } from './system.js';

const HELP = `arctic-runtime: makes @tensorflow/tfjs-node work on this machine.

Usage
  arctic-runtime install [--from LIST] [--json]
  arctic-runtime doctor [--json]

install  Finds a TensorFlow library or fetches one (274 MB), builds the Node addon for it (10 s, needs a
         C++ compiler), checks that it calculates right, and keeps it in the user's cache. Safe to run
         again: what is there is kept.
doctor   Looks at everything the native backend needs, changes nothing, and names the command that mends
         each fault.

Options
  --from LIST  Where the library may come from, separated by commas. Default: folder,cache,python,download
                 folder    the folder named by ARCTIC_TENSORFLOW_DIR, which must hold libtensorflow_cc,
                           libtensorflow_framework and include/
                 cache     what an earlier install fetched
                 python    a Python environment with TensorFlow 2.20 or later (the active one, or python3)
                 download  the pinned wheel tensorflow-cpu, fetched by pip and checked by SHA-256
  --json       Print the result as JSON.
  -h, --help   Print this text.

Environment
  ARCTIC_TENSORFLOW_DIR  use the TensorFlow library in this folder and no other
  ARCTIC_BACKEND         'js' makes apps use the JavaScript backend
  CXX                    the C++ compiler
  XDG_CACHE_HOME         where caches lie (default ~/.cache); this one is arctic-runtime/ below it

Exit codes
  0  done, or all is well      2  something is wrong, and the last line says what

Examples
  npx arctic-runtime install
  npx arctic-runtime install --from download
  npx arctic-runtime doctor --json
`;

/** Where the command writes, one line at a time. */
export interface CommandOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs `arctic-runtime` with `argv` (without node and script) and returns its exit code. */
export async function runCommandLine(
  argv: readonly string[],
  { out, err }: CommandOutput,
  system?: System,
): Promise<number> {
  try {
    const { values, positionals } = parse(argv);
    const machine = system && { system };
    const [command, ...rest] = positionals;
    if (values.help || (command === undefined && argv.length === 0)) {
      out(HELP);
      return 0;
    }
    if (rest.length === 0 && command === 'install') {
      const addon = await install({
        origins: parseOrigins(values.from),
        onProgress: err,
        ...machine,
      });
      const { tensorflowVersion, library } = addon;
      out(
        values.json
          ? JSON.stringify(addon, undefined, 2)
          : `Ready: TensorFlow ${tensorflowVersion} in ${library.folder}.`,
      );
      return 0;
    }
    if (rest.length === 0 && command === 'doctor') {
      const report = await doctor(machine);
      out(values.json ? JSON.stringify(report, undefined, 2) : formatDoctorReport(report));
      return report.healthy ? 0 : 2;
    }
    throw new RuntimeError(
      'option',
      `Expected 'install' or 'doctor'. Received: '${positionals.join(' ')}'.`,
      {
        remedy: 'npx arctic-runtime --help',
      },
    );
  } catch (error) {
    err(failureSentence(error));
    return 2;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        from: { type: 'string' },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RuntimeError('option', message, { cause, remedy: 'npx arctic-runtime --help' });
  }
}

function parseOrigins(list: string | undefined): readonly LibraryOrigin[] {
  if (list === undefined) return LIBRARY_ORIGINS;
  return list.split(',').map((name) => {
    const origin = LIBRARY_ORIGINS.find((known) => known === name.trim());
    if (origin) return origin;
    throw new RuntimeError(
      'option',
      `Expected --from to list ${LIBRARY_ORIGINS.join(', ')}. Received: '${name}'.`,
      {
        remedy: 'npx arctic-runtime --help',
      },
    );
  });
}

function failureSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = isRuntimeError(error) ? error.remedy : undefined;
  return remedy ? `${message} Mend with: ${remedy}` : message;
}
