import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BenchmarkError } from './errors.js';
import { PEERS, type Peer } from './launch.js';
import { quickRow, ROWS, trainingRows, type Row } from './rows.js';

/** What the command line asks for. */
export interface Usage {
  readonly action: 'table' | 'profile' | 'agreement' | 'steady' | 'help';
  readonly rows: readonly Row[];
  readonly peers: readonly Peer[];
  readonly repetitions: number;
  readonly threads: number;
  readonly quick: boolean;
  /** Absent: the environment in `benchmarks/.venv`, made where it is missing. */
  readonly python: string | undefined;
  readonly out: string;
}

const LEAST_REPETITIONS = 5;
const OUT = fileURLToPath(new URL('../results', import.meta.url));

export const HELP = `Times this repository's models against PyTorch and Keras on the same work.

  npm run bench                              every row against every peer; makes benchmarks/.venv first
  npm run bench -- --rows convlstm-train     some rows
  npm run bench -- --quick                   tiny batches, 2 repetitions: does everything work?
  npm run bench -- --profile resnet50-train  where the time of our own step goes, op by op
  npm run bench -- --agreement               do ours and PyTorch take the same 20 training steps?
  npm run bench -- --steady                  do tensors and memory stay flat over 500 training steps?

Options
  --rows A,B          ${wrap(ROWS.map(({ name }) => name))}
  --peers A,B         ${wrap(PEERS)}, or none
  --repetitions N     counted steps of each, at least ${LEAST_REPETITIONS}   [7]
  --threads N         for every library          [as many as this machine runs at once: ${availableParallelism()}]
  --python PATH       a Python with benchmarks/requirements.txt, instead of benchmarks/.venv
  --out DIR           gets latest.json and latest.svg (quick.* with --quick)   [benchmarks/results]
  --help              this text

Close other programs first: ratios bear a busy machine better than times do, not well.
`;

function wrap(names: readonly string[]): string {
  return names.reduce((text, name, i) => {
    const line = text.split('\n').at(-1) ?? '';
    if (i === 0) return name;
    return line.length + name.length > 70
      ? `${text},\n${' '.repeat(22)}${name}`
      : `${text}, ${name}`;
  }, '');
}

/**
 * What the arguments ask for.
 *
 * @param base folder that relative paths start from.
 * @throws {BenchmarkError} on an unknown option or an impossible value.
 */
export function readArguments(args: readonly string[], base: string): Usage {
  const { values } = parse(args);
  const quick = values.quick ?? false;
  const actions = (['profile', 'agreement', 'steady'] as const).filter((name) => values[name]);
  if (actions.length > 1) wrong(`one of --${actions.join(', --')}`, 'all of them');
  const names = list(
    values.profile ?? values.rows,
    ROWS.map(({ name }) => name),
    'row',
  );
  const rows = ROWS.filter(({ name }) => names.includes(name));
  if ((values.agreement || values.steady) && trainingRows(rows).length === 0) {
    wrong('a training row', names.join(', '));
  }
  return {
    action: values.help ? 'help' : (actions[0] ?? 'table'),
    rows: quick ? rows.map(quickRow) : rows,
    peers: values.peers === 'none' ? [] : list(values.peers, PEERS, 'peer'),
    repetitions: quick ? 2 : whole('--repetitions', values.repetitions, LEAST_REPETITIONS, 7),
    threads: whole('--threads', values.threads, 1, availableParallelism()),
    quick,
    python: values.python === undefined ? undefined : resolve(base, values.python),
    out: values.out === undefined ? OUT : resolve(base, values.out),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ rows: text, peers: text, repetitions: text, threads: text, python: text, out: text },
        ...{ quick: flag, profile: text, agreement: flag, steady: flag, help: flag },
      },
    });
  } catch (cause) {
    throw new BenchmarkError(cause instanceof Error ? cause.message : String(cause), {
      remedy: 'npm run bench -- --help',
      cause,
    });
  }
}

/** Names separated by commas; all of them where none are given. */
function list<T extends string>(text: string | undefined, known: readonly T[], what: string): T[] {
  if (text === undefined) return [...known];
  const given = text.split(',').map((name) => name.trim());
  const unknown = given.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) wrong(`a ${what} of ${known.join(', ')}`, unknown);
  return known.filter((name) => given.includes(name));
}

function whole(name: string, text: string | undefined, least: number, absent: number): number {
  const value = text === undefined ? absent : Number(text);
  if (!Number.isInteger(value) || value < least) {
    wrong(`${name} as a whole number from ${least}`, text);
  }
  return value;
}

function wrong(expected: string, received: unknown): never {
  throw new BenchmarkError(`Expected ${expected}. Received: ${String(received)}.`, {
    remedy: 'npm run bench -- --help',
  });
}
