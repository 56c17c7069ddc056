import { SiameseError } from './errors.js';

/** Everything that decides the network's shape, and the threshold of its map. Saved with the model. */
export interface SiameseConfig {
  /** Which ResNet encodes the images: 18 and 34 are made of basic blocks, 50 of bottlenecks. @default 18 */
  readonly depth: 18 | 34 | 50;
  /** Residual blocks in each encoder stage; null takes those of `depth`. @default null */
  readonly blocks: readonly number[] | null;
  /** Channels after the encoder's stem; each later stage doubles them. @default 64 */
  readonly width: number;
  /** Channels of each image. @default 3 */
  readonly inChannels: number;
  /** Channels of the decoder's stages, coarsest first: one for each encoder stage and one at full size. @default [256, 128, 64, 32, 16] */
  readonly decoderChannels: readonly number[];
  /** Probability above which a pixel counts as changed, 0..1. @default 0.5 */
  readonly threshold: number;
  /** Whether the last batch norm of each encoder block starts at gain 0. @default true */
  readonly zeroInitResidual: boolean;
}

const DEFAULTS: SiameseConfig = {
  depth: 18,
  blocks: null,
  width: 64,
  inChannels: 3,
  decoderChannels: [256, 128, 64, 32, 16],
  threshold: 0.5,
  zeroInitResidual: true,
};

/** Ready configurations: a ResNet-18 encoder, a ResNet-34 one, a narrow ResNet-18 one, and one for tests. */
export const presets = {
  default: {},
  resnet34: { depth: 34 },
  small: { width: 16, decoderChannels: [64, 48, 32, 16, 16] },
  tiny: { blocks: [1, 1, 1, 1], width: 4, decoderChannels: [16, 8, 8, 4, 4] },
} as const satisfies Record<string, Partial<SiameseConfig>>;

/**
 * The whole configuration from part of one.
 *
 * @throws {SiameseError} when a value is impossible or a field unknown.
 */
export function resolveConfig(config: Partial<SiameseConfig>): SiameseConfig {
  const known = Object.keys(DEFAULTS);
  for (const field of Object.keys(config)) {
    check(known.includes(field), `fields ${known.join(', ')}`, field);
  }
  const given = Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== undefined),
  );
  const whole: SiameseConfig = { ...DEFAULTS, ...given };
  const { depth, blocks, width, inChannels, decoderChannels, threshold } = whole;
  const stages = Array.isArray(blocks) ? blocks.length : 4;
  check([18, 34, 50].includes(depth), 'depth 18, 34 or 50', depth);
  check(
    blocks === null || (Array.isArray(blocks) && blocks.length > 0 && blocks.every(isCount)),
    'blocks as null or one positive whole number per stage',
    blocks,
  );
  check(isCount(width), 'width as a positive whole number', width);
  check(isCount(inChannels), 'inChannels as a positive whole number', inChannels);
  check(
    Array.isArray(decoderChannels) &&
      decoderChannels.length === stages + 1 &&
      decoderChannels.every(isCount),
    `decoderChannels as ${stages + 1} positive whole numbers`,
    decoderChannels,
  );
  check(threshold >= 0 && threshold <= 1, 'threshold in 0..1', threshold);
  return whole;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function check(fine: boolean, expected: string, received: unknown): void {
  if (fine) return;
  throw new SiameseError(
    `Siamese configuration: expected ${expected}. Received: ${JSON.stringify(received)}.`,
  );
}
