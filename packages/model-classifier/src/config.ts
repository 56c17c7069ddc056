import { ClassifierError } from './errors.js';

/** Everything that decides the network's shape. Saved with the model. */
export interface ClassifierConfig {
  /** Which ResNet: 18 and 34 are made of basic blocks, 50 of bottlenecks (version 1.5). @default 50 */
  readonly depth: 18 | 34 | 50;
  /** Residual blocks in each stage; null takes those of `depth`. @default null */
  readonly blocks: readonly number[] | null;
  /** Channels after the stem; each later stage doubles them. @default 64 */
  readonly width: number;
  /** Channels of the images. @default 3 */
  readonly inChannels: number;
  /** Names of the classes, in the order of the logits. @default open_water, thin_ice, thick_ice */
  readonly classes: readonly string[];
  /** Rows and columns, in pixels, that images are brought to before the model; the network itself takes any size. @default 256 */
  readonly inputSize: number;
  /** Whether the last batch norm of each block starts at gain 0, so that blocks start as identity. @default true */
  readonly zeroInitResidual: boolean;
}

const DEFAULTS: ClassifierConfig = {
  depth: 50,
  blocks: null,
  width: 64,
  inChannels: 3,
  classes: ['open_water', 'thin_ice', 'thick_ice'],
  inputSize: 256,
  zeroInitResidual: true,
};

/** Ready configurations: ResNet-50, the smaller two, and one of four narrow blocks for tests. */
export const presets = {
  default: {},
  resnet34: { depth: 34 },
  resnet18: { depth: 18 },
  tiny: { depth: 18, blocks: [1, 1, 1, 1], width: 8, inputSize: 64 },
} as const satisfies Record<string, Partial<ClassifierConfig>>;

/**
 * The whole configuration from part of one.
 *
 * @throws {ClassifierError} when a value is impossible or a field unknown.
 */
export function resolveConfig(config: Partial<ClassifierConfig>): ClassifierConfig {
  const known = Object.keys(DEFAULTS);
  for (const field of Object.keys(config)) {
    check(known.includes(field), `fields ${known.join(', ')}`, field);
  }
  const given = Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== undefined),
  );
  const whole: ClassifierConfig = { ...DEFAULTS, ...given };
  const { depth, blocks, width, inChannels, classes, inputSize } = whole;
  check([18, 34, 50].includes(depth), 'depth 18, 34 or 50', depth);
  check(
    blocks === null || (Array.isArray(blocks) && blocks.length > 0 && blocks.every(isCount)),
    'blocks as null or one positive whole number per stage',
    blocks,
  );
  check(isCount(width), 'width as a positive whole number', width);
  check(isCount(inChannels), 'inChannels as a positive whole number', inChannels);
  check(isCount(inputSize), 'inputSize as a positive whole number', inputSize);
  check(
    Array.isArray(classes) && classes.length >= 2 && new Set(classes).size === classes.length,
    'classes as two or more different names',
    classes,
  );
  return whole;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function check(fine: boolean, expected: string, received: unknown): void {
  if (fine) return;
  throw new ClassifierError(
    `Classifier configuration: expected ${expected}. Received: ${JSON.stringify(received)}.`,
  );
}
