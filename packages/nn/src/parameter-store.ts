import * as tf from '@tensorflow/tfjs-core';
import { NnError } from './errors.js';
import { type FileLayout, memoryShape, toFile, toMemory } from './file-layout.js';
import type { Initializer } from './initializers.js';
import { type NamedArray, sizeOf } from './named-array.js';
import { createRng, type Rng } from './rng.js';

/** One named variable of a model. */
export interface Parameter {
  /** Torch's name, such as `layer1.0.conv1.weight`. */
  readonly name: string;
  readonly variable: tf.Variable;
  /** False for running statistics. */
  readonly trainable: boolean;
  /** Whether weight decay applies: false for biases and norm parameters. */
  readonly decay: boolean;
}

export interface ParameterOptions {
  /** Shape on file; the variable has it in memory order. */
  readonly shape: readonly number[];
  readonly init: Initializer;
  /** @default true */
  readonly trainable?: boolean;
  /** @default true for trainable parameters of two axes and more */
  readonly decay?: boolean;
  /** @default 'same' */
  readonly fileLayout?: FileLayout;
}

interface Entry extends Parameter {
  readonly shape: readonly number[];
  readonly fileLayout: FileLayout;
}

interface Derived {
  /** Which values of the sources the tensors were made of. */
  versions: tf.DataId[];
  tensors: tf.Tensor[];
}

/**
 * Owns the variables of one model, by name.
 *
 * Every parameter draws its first values from its own stream of the seed, so they depend on the name
 * and not on the order of construction.
 */
export class ParameterStore {
  readonly #entries = new Map<string, Entry>();
  readonly #derived: Derived[] = [];
  readonly #rng: Rng;

  constructor(options: { readonly seed: number }) {
    this.#rng = createRng(options.seed);
  }

  /**
   * The new variable called `name`, in memory layout.
   *
   * @throws NnError (`config`) when the name is taken.
   */
  add(name: string, options: ParameterOptions): tf.Variable {
    const { shape, init, trainable = true, fileLayout = 'same' } = options;
    const { decay = trainable && shape.length > 1 } = options;
    if (this.#entries.has(name)) {
      throw new NnError(
        'config',
        `Expected a new parameter name. Received: "${name}" a second time.`,
      );
    }
    if (!shape.every((length) => Number.isSafeInteger(length) && length > 0)) {
      throw new NnError(
        'config',
        `Expected whole positive lengths for "${name}". Received: [${shape}].`,
      );
    }
    const values = toMemory(init(shape, this.#rng.fork(name)), shape, fileLayout);
    const variable = tf.tidy(() =>
      tf.variable(tf.tensor(values, memoryShape(shape, fileLayout)), trainable),
    );
    this.#entries.set(name, { name, variable, trainable, decay, shape, fileLayout });
    return variable;
  }

  /**
   * What `make` computes from parameters, such as a filter in another order: kept until one of them is
   * assigned anew, and freed with the store.
   */
  derive(sources: readonly tf.Variable[], make: () => tf.Tensor[]): () => readonly tf.Tensor[] {
    const derived: Derived = { versions: [], tensors: [] };
    this.#derived.push(derived);
    return () => {
      const versions = sources.map((source) => source.dataId);
      if (versions.some((version, i) => version !== derived.versions[i])) {
        tf.dispose(derived.tensors);
        derived.tensors = tf.tidy(make).map((tensor) => tf.keep(tensor));
        derived.versions = versions;
      }
      return derived.tensors;
    };
  }

  /**
   * The parameter called `name`.
   *
   * @throws NnError (`config`) when there is none.
   */
  get(name: string): Parameter {
    const entry = this.#entries.get(name);
    if (entry) return entry;
    throw new NnError('config', `Expected the name of a parameter. Received: "${name}".`);
  }

  /** All parameters in order of construction, running statistics included. */
  get parameters(): readonly Parameter[] {
    return [...this.#entries.values()];
  }

  /** The number of trainable values. */
  count(): number {
    return [...this.#entries.values()].reduce(
      (sum, p) => sum + (p.trainable ? p.variable.size : 0),
      0,
    );
  }

  /** A copy of all values under torch's names, in torch's layouts. */
  async stateDict(): Promise<Map<string, NamedArray>> {
    const state = new Map<string, NamedArray>();
    for (const { name, variable, shape, fileLayout } of this.#entries.values()) {
      const values = Float32Array.from(await variable.data());
      state.set(name, { shape, data: toFile(values, shape, fileLayout) });
    }
    return state;
  }

  /**
   * Sets the parameters from torch's names and layouts; nothing changes when something does not fit.
   *
   * `num_batches_tracked`, which torch keeps and this package does not need, is passed over.
   *
   * @param options.strict whether every name must be there on both sides. `@default true`
   * @throws NnError (`state`) on missing or unknown names (strict) and on a wrong shape.
   */
  loadStateDict(
    state: ReadonlyMap<string, NamedArray>,
    options: { readonly strict?: boolean } = {},
  ): void {
    const { strict = true } = options;
    if (strict) this.#checkNames(state);
    const matched = [...this.#entries.values()].flatMap((entry) => {
      const array = state.get(entry.name);
      return array ? [{ entry, array }] : [];
    });
    for (const { entry, array } of matched) checkShape(entry, array);
    tf.tidy(() => {
      for (const { entry, array } of matched) {
        const values = toMemory(Float32Array.from(array.data), entry.shape, entry.fileLayout);
        entry.variable.assign(tf.tensor(values, entry.variable.shape));
      }
    });
  }

  /** Frees all variables and what was derived from them. */
  dispose(): void {
    for (const { tensors } of this.#derived.splice(0)) tf.dispose(tensors);
    for (const { variable } of this.#entries.values()) variable.dispose();
    this.#entries.clear();
  }

  #checkNames(state: ReadonlyMap<string, NamedArray>): void {
    const missing = [...this.#entries.keys()].filter((name) => !state.has(name));
    const unknown = [...state.keys()].filter(
      (name) => !this.#entries.has(name) && !name.endsWith('num_batches_tracked'),
    );
    if (missing.length === 0 && unknown.length === 0) return;
    throw new NnError(
      'state',
      `Expected exactly the parameters of this model. Received: ${missing.length} missing (${some(missing)}), ` +
        `${unknown.length} unknown (${some(unknown)}). Pass { strict: false } to load what matches.`,
    );
  }
}

function checkShape(entry: Entry, array: NamedArray): void {
  const fits =
    array.shape.length === entry.shape.length && array.shape.every((n, i) => n === entry.shape[i]);
  if (fits && array.data.length === sizeOf(entry.shape)) return;
  throw new NnError(
    'state',
    `Expected shape [${entry.shape}] for "${entry.name}". ` +
      `Received: [${array.shape}] with ${array.data.length} values.`,
  );
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown}, …` : shown || 'none';
}
