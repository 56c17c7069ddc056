import { OptionsError } from '../errors.js';
import { createRng, type Rng } from '../rng.js';

/** A value that a setting can take: anything that JSON can carry. */
export type SettingValue =
  | string
  | number
  | boolean
  | null
  | readonly SettingValue[]
  | { readonly [key: string]: SettingValue };

/** One set of hyper-parameters. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** What one setting is drawn from. */
export type Dimension =
  /** One of the values, all as likely. */
  | { readonly kind: 'choice'; readonly values: readonly SettingValue[] }
  /** A number from `low` to `high`. */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** A number whose logarithm is uniform: for learning rates and weight decay. `low` above 0. */
  | { readonly kind: 'logUniform'; readonly low: number; readonly high: number }
  /** A whole number from `low` to `high`, both included. */
  | { readonly kind: 'int'; readonly low: number; readonly high: number };

/** What is searched, by the name of the setting. */
export type SearchSpace = Readonly<Record<string, Dimension>>;

/** Attempts at settings that were not drawn before, after which a space counts as used up. */
const ATTEMPTS = 200;

/**
 * Checks a search space that may come from a file.
 *
 * @throws OptionsError naming the setting, what was expected and what was received.
 */
export function parseSearchSpace(value: unknown): SearchSpace {
  if (!isRecord(value) || Object.keys(value).length === 0) {
    throw new OptionsError(
      `Expected a search space: { name: { kind, … } } with at least one setting. Received: ${show(value)}.`,
    );
  }
  for (const [name, dimension] of Object.entries(value)) {
    const expected = fault(dimension);
    if (expected !== null) {
      throw new OptionsError(
        `Expected the setting "${name}" to be ${expected}. Received: ${show(dimension)}.`,
      );
    }
  }
  return value as SearchSpace; // checked setting by setting
}

/** One draw from a space; each setting has a stream of its own, so a new one leaves the others as they were. */
export function sampleSettings(space: SearchSpace, rng: Rng): Settings {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [
      name,
      draw(dimension, rng.fork(name).next()),
    ]),
  );
}

/**
 * The settings of the first trials of a search, all different: a function of space and seed, whose
 * beginning does not depend on how many are wanted. Fewer where the space has no more.
 */
export function drawTrials(space: SearchSpace, seed: number, count: number): readonly Settings[] {
  const rng = createRng(seed).fork('search');
  const trials: Settings[] = [];
  const seen = new Set<string>();
  for (let draws = 0, last = 0; trials.length < count && draws - last < ATTEMPTS; draws++) {
    const settings = sampleSettings(space, rng.fork(String(draws)));
    const key = JSON.stringify(settings);
    if (seen.has(key)) continue;
    seen.add(key);
    trials.push(settings);
    last = draws;
  }
  return trials;
}

function draw(dimension: Dimension, u: number): SettingValue {
  switch (dimension.kind) {
    case 'choice':
      return dimension.values[Math.floor(u * dimension.values.length)] ?? null; // inside: u < 1
    case 'uniform':
      return within(dimension, dimension.low + u * (dimension.high - dimension.low));
    case 'logUniform':
      return within(dimension, dimension.low * (dimension.high / dimension.low) ** u);
    case 'int':
      return dimension.low + Math.floor(u * (dimension.high - dimension.low + 1));
  }
}

/** With six digits, which can be read and typed again. */
function within({ low, high }: { low: number; high: number }, value: number): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(6))));
}

/** What was expected of a dimension that is none; null where all is well. */
function fault(value: unknown): string | null {
  if (!isRecord(value)) return 'an object with a kind';
  const { kind, values, low, high } = value;
  const extra = Object.keys(value).find(
    (key) => !['kind', ...(kind === 'choice' ? ['values'] : ['low', 'high'])].includes(key),
  );
  switch (kind) {
    case 'choice':
      if (!Array.isArray(values) || values.length === 0)
        return 'a choice of at least one of values';
      break;
    case 'uniform':
    case 'logUniform':
    case 'int':
      if (!isFiniteNumber(low) || !isFiniteNumber(high) || low >= high)
        return `${kind} with low below high`;
      if (kind === 'logUniform' && low <= 0) return 'logUniform with low above 0';
      if (kind === 'int' && !(Number.isInteger(low) && Number.isInteger(high)))
        return 'int with whole numbers low and high';
      break;
    default:
      return 'of kind choice, uniform, logUniform or int';
  }
  return extra === undefined ? null : `${kind} without "${extra}"`;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
