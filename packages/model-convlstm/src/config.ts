import { ConvLstmError } from './errors.js';
import { LOSS_KINDS, type LossKind } from './loss.js';

/** Everything that decides the forecaster's shape and loss; saved with its parameters. */
export interface ConvLstmConfig {
  /** Steps (days) of history the encoder reads. @default 30 */
  readonly inputSteps: number;
  /** Steps (days) ahead the forecaster predicts. @default 7 */
  readonly outputSteps: number;
  /** Channels of each history step: concentration, then whatever is appended (mask, day of year …). @default 1 */
  readonly inputChannels: number;
  /** Channels known beforehand for each target step: reference forecast, climatology, mask …; may be 0. @default 1 */
  readonly futureChannels: number;
  /** Hidden channels of each ConvLSTM layer, in the encoder and again in the forecaster. @default [32, 32] */
  readonly hiddenChannels: readonly number[];
  /** Side of the ConvLSTM's kernels, in patches; odd. @default 3 */
  readonly kernelSize: number;
  /** Side of the square of cells that space-to-depth folds into the channels. @default 4 */
  readonly patchSize: number;
  /** Channels of a 3×3 convolution with ReLU before the last 1×1 one; 0 leaves it out. @default 0 */
  readonly headChannels: number;
  /** How the last convolution starts: `zero` makes the untrained model the reference forecast. @default 'zero' */
  readonly headInit: 'zero' | 'kaiming';
  /** Cost of a cell's error: its square, its size, or the square turning linear at `huberDelta`. @default 'mse' */
  readonly loss: LossKind;
  /** Error (concentration, 0..1) from which the Huber loss is linear. @default 0.1 */
  readonly huberDelta: number;
}

const DEFAULTS: ConvLstmConfig = {
  inputSteps: 30,
  outputSteps: 7,
  inputChannels: 1,
  futureChannels: 1,
  hiddenChannels: [32, 32],
  kernelSize: 3,
  patchSize: 4,
  headChannels: 0,
  headInit: 'zero',
  loss: 'mse',
  huberDelta: 0.1,
};

/** Ready configurations by size; `tiny` is for tests and smoke runs. */
export const presets = {
  tiny: { inputSteps: 4, outputSteps: 2, hiddenChannels: [4], patchSize: 2 },
  small: { hiddenChannels: [16] },
  default: {},
  large: { hiddenChannels: [64, 64], headChannels: 64 },
} as const satisfies Record<string, Partial<ConvLstmConfig>>;

/**
 * The whole configuration: what is given, the defaults elsewhere.
 *
 * @throws {ConvLstmError} when a field is unknown or out of its range.
 */
export function resolveConfig(config: Partial<ConvLstmConfig>): ConvLstmConfig {
  for (const name of Object.keys(config)) {
    if (!(name in DEFAULTS)) {
      fail(name, `one of ${Object.keys(DEFAULTS).join(', ')}`, 'no such field');
    }
  }
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const resolved: ConvLstmConfig = { ...DEFAULTS, ...Object.fromEntries(given) };
  for (const name of ['inputSteps', 'outputSteps', 'inputChannels', 'patchSize'] as const) {
    if (!isCount(resolved[name], 1)) fail(name, 'a whole number from 1', resolved[name]);
  }
  for (const name of ['futureChannels', 'headChannels'] as const) {
    if (!isCount(resolved[name], 0)) fail(name, 'a whole number from 0', resolved[name]);
  }
  const { hiddenChannels, kernelSize, headInit, loss, huberDelta } = resolved;
  if (
    !Array.isArray(hiddenChannels) ||
    hiddenChannels.length === 0 ||
    !hiddenChannels.every((channels) => isCount(channels, 1))
  ) {
    fail('hiddenChannels', 'a list of whole numbers from 1, one for each layer', hiddenChannels);
  }
  if (!isCount(kernelSize, 1) || kernelSize % 2 === 0) {
    fail('kernelSize', 'an odd whole number', kernelSize);
  }
  if (headInit !== 'zero' && headInit !== 'kaiming') {
    fail('headInit', "'zero' or 'kaiming'", headInit);
  }
  if (!LOSS_KINDS.includes(loss)) fail('loss', LOSS_KINDS.join(', '), loss);
  if (!(huberDelta > 0)) fail('huberDelta', 'a number above 0', huberDelta);
  return resolved;
}

function isCount(value: unknown, least: number): boolean {
  return Number.isInteger(value) && Number(value) >= least;
}

function fail(field: string, expected: string, received: unknown): never {
  throw new ConvLstmError(
    `ConvLSTM config: ${field} must be ${expected}. Received: ${JSON.stringify(received) ?? 'undefined'}.`,
  );
}
