import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MODEL_NAMES, type ModelName } from '../config.js';
import { readJsonIfThere } from '../context.js';
import { readEnvironment } from '../environment.js';
import { UsageError } from '../errors.js';

export interface CompareOptions {
  /** Names in `runs/`, or folders. */
  readonly runs: readonly [string, string];
  readonly out: string;
  readonly json: boolean;
}

/** A value in which two runs differ, or a score of both. */
export interface ComparedRow {
  readonly name: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** What two runs have to be told apart by. */
export interface Comparison {
  readonly left: string;
  readonly right: string;
  /** Settings that differ. */
  readonly settings: readonly ComparedRow[];
  /** Versions, git, backend, machine: those that differ; null where a run has no record of them. */
  readonly environment: readonly ComparedRow[] | null;
  /** Hashes of data files that differ; null where a run has no record of them. */
  readonly data: readonly ComparedRow[] | null;
  readonly models: Readonly<Partial<Record<ModelName, ComparedModel>>>;
}

/** A model that both runs trained. */
export interface ComparedModel {
  /** Whether `metrics.csv` is the same in both, or the first epoch that is not. */
  readonly metrics: 'same' | { readonly firstDifference: number };
  /** Whether the best weights are the same, bit for bit; null where one has none. */
  readonly weights: 'same' | 'different' | null;
  /** Scores of both, those of training and those on the test set. */
  readonly scores: readonly ComparedRow[];
}

/** Prints in what two runs differ. @throws UsageError when one is not there. */
export function compare({ runs, out, json }: CompareOptions): void {
  const [left, right] = runs.map((run) => findRun(run, out)) as [string, string]; // two in, two out
  const comparison = compareRuns(left, right, runs);
  process.stdout.write(
    `${json ? JSON.stringify(comparison) : describeComparison(comparison).join('\n')}\n`,
  );
}

function findRun(run: string, out: string): string {
  const places = [join(out, 'runs', run), resolve(out, run)];
  const found = places.find((folder) => existsSync(join(folder, 'config.json')));
  if (found !== undefined) return found;
  const there = places.find((folder) => existsSync(folder));
  throw new UsageError(
    `compare ${run}: expected a run, a folder with config.json. Received: ${there === undefined ? `nothing in ${places[0]}` : `${there} ${statSync(there).isDirectory() ? 'without one' : ', a file'}`}`,
  );
}

/** Compares two run folders. */
export function compareRuns(
  left: string,
  right: string,
  names: readonly [string, string] = [left, right],
): Comparison {
  const [a, b] = [left, right].map((folder) => readJsonIfThere(join(folder, 'config.json')));
  const models = MODEL_NAMES.filter((model) =>
    [left, right].every((folder) => existsSync(join(folder, model, 'metrics.csv'))),
  );
  // What a run has not trained says nothing of the other one.
  const apart = MODEL_NAMES.filter((model) => !models.includes(model));
  const isOfBoth = ({ name }: ComparedRow) => !apart.some((model) => name.startsWith(`${model}.`));
  const [was, is] = [left, right].map((folder) => readEnvironment(folder)?.sessions.at(-1));
  const known = was !== undefined && is !== undefined;
  const { data: dataLeft, ...restLeft } = was ?? {};
  const { data: dataRight, ...restRight } = is ?? {};
  return {
    left: names[0],
    right: names[1],
    settings: differences(a, b).filter(
      (row) => !['name', 'out'].includes(row.name) && isOfBoth(row),
    ),
    environment: known
      ? differences(restLeft, restRight).filter(({ name }) => !['at', 'resumed'].includes(name))
      : null,
    data: known ? differences(dataLeft, dataRight).filter(isOfBoth) : null,
    models: Object.fromEntries(
      models.map((model) => [model, compareModel(join(left, model), join(right, model))]),
    ),
  };
}

function compareModel(left: string, right: string): ComparedModel {
  const [a, b] = [left, right].map((folder) => readRows(join(folder, 'metrics.csv'))) as [
    readonly MetricRow[],
    readonly MetricRow[],
  ]; // two in, two out
  const length = Math.max(a.length, b.length);
  const first = Array.from({ length }, (_, i) => i).find(
    (i) => JSON.stringify(a[i]) !== JSON.stringify(b[i]),
  );
  const [sumLeft, sumRight] = [left, right].map(weightsOf);
  const scoresOf = (folder: string, rows: readonly MetricRow[]): Record<string, unknown> => ({
    epochs: rows.length,
    ...bestOf(rows),
    ...testScores(folder),
  });
  const [of, to] = [scoresOf(left, a), scoresOf(right, b)];
  const keys = [...new Set([...Object.keys(of), ...Object.keys(to)])];
  return {
    metrics: first === undefined ? 'same' : { firstDifference: first + 1 },
    weights:
      sumLeft == null || sumRight == null ? null : sumLeft === sumRight ? 'same' : 'different',
    scores: keys.map((name) => ({ name, left: of[name], right: to[name] })),
  };
}

type MetricRow = Readonly<Record<string, string>>;

function readRows(path: string): readonly MetricRow[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])),
  );
}

/** The row of the smallest validation loss. */
function bestOf(rows: readonly MetricRow[]): Record<string, unknown> {
  const scored = rows.filter((row) => row['val_loss']);
  const best = scored.sort((a, b) => Number(a['val_loss']) - Number(b['val_loss']))[0];
  if (best === undefined) return {};
  const scores = Object.entries(best).filter(([name]) => /^(epoch|train_loss|val_)/.test(name));
  return Object.fromEntries(scores.map(([name, value]) => [`best ${name}`, Number(value)]));
}

/** The single numbers of test.json, those of forecasts by their lead. */
function testScores(folder: string): Record<string, unknown> {
  const file = readJsonIfThere(join(folder, 'test.json')) as { test?: unknown } | null; // a file of ours
  const flat = flatten(file?.test ?? {}, 'test').filter(
    ([name, value]) =>
      typeof value === 'number' && !/\.(perClass|confusion)\.|\.leads\.\d+\.(lead|n)$/.test(name),
  );
  return Object.fromEntries(
    flat.map(([name, value]) => [
      name.replace(/\.leads\.(\d+)\./, (_, i) => ` day ${Number(i) + 1} `).replace('.', ' '),
      value,
    ]),
  );
}

function weightsOf(folder: string): string | null {
  const state = readJsonIfThere(join(folder, 'checkpoints', 'best', 'state.json')) as {
    checksums?: { tensors?: string };
  } | null; // a file of ours
  return state?.checksums?.tensors ?? null;
}

/** Values that differ, by their path; all of them where only one side has them. */
function differences(left: unknown, right: unknown): ComparedRow[] {
  const [a, b] = [new Map(flatten(left)), new Map(flatten(right))];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => JSON.stringify(a.get(name)) !== JSON.stringify(b.get(name)))
    .map((name) => ({ name, left: a.get(name), right: b.get(name) }));
}

/** The leaves of JSON with their paths; lists of plain values are leaves. */
function flatten(value: unknown, path = ''): [string, unknown][] {
  const isLeaf =
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) && value.every((item) => typeof item !== 'object'));
  if (isLeaf) return value === undefined ? [] : [[path, value]];
  return Object.entries(value).flatMap(([key, part]) =>
    flatten(part, path === '' ? key : `${path}.${key}`),
  );
}

/** The comparison as lines of text. */
export function describeComparison(comparison: Comparison): string[] {
  const { left, right, settings, environment, data, models } = comparison;
  const section = (title: string, rows: readonly ComparedRow[] | null) => [
    '',
    title,
    ...(rows === null
      ? ['  no record in one of the runs']
      : rows.length === 0
        ? ['  the same']
        : table(rows.map(({ name, left: a, right: b }) => [name, show(a), show(b)]))),
  ];
  return [
    `left: ${left}, right: ${right}`,
    ...section('settings', settings),
    ...section('environment', environment),
    ...section('data', data),
    ...Object.entries(models).flatMap(([model, { metrics, weights, scores }]) => [
      '',
      model,
      `  metrics.csv: ${metrics === 'same' ? 'the same' : `differs from epoch ${metrics.firstDifference} on`}`,
      `  best weights: ${weights === null ? 'not there in one of the runs' : weights === 'same' ? 'the same' : 'different'}`,
      ...table(
        scores.map(({ name, left: a, right: b }) => [name, show(a), show(b), difference(a, b)]),
      ),
    ]),
    ...(Object.keys(models).length === 0 ? ['', 'no model that both runs trained'] : []),
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** Hashes are long: their beginning tells them apart. */
function show(value: unknown): string {
  if (value === undefined) return '—';
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[0-9a-f]{40,64}$/.test(text) ? text.slice(0, 12) : text;
}

function difference(left: unknown, right: unknown): string {
  if (typeof left !== 'number' || typeof right !== 'number') return '';
  const change = right - left;
  return change === 0 ? '=' : `${change > 0 ? '+' : '−'}${show(Math.abs(change))}`;
}
