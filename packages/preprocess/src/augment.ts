import { PreprocessError } from './errors.js';
import type { Generator } from './generator.js';
import { applyGeometryInto, outputSize, type Geometry, type Size } from './geometry.js';

/** How a training sample may be changed. */
export interface AugmentOptions {
  /**
   * `symmetries`: any of the eight flips and quarter turns (four for an oblong image); `flips`:
   * left-right and up-down only. @default 'symmetries'
   */
  readonly geometry?: 'none' | 'flips' | 'symmetries';
  /** Side of a random square crop, pixels. @default no crop */
  readonly cropSize?: number;
  /** Greatest shift of brightness either way, share of full scale. @default 0.1 */
  readonly brightness?: number;
  /** Greatest change of contrast either way, share. @default 0.1 */
  readonly contrast?: number;
  /** Standard deviation of pixel noise, share of full scale. @default 0.01 */
  readonly noise?: number;
  /**
   * Whether the images of a sample are lit alike. Two dates of a pair never are: `independent`
   * teaches a change detector that light is no change. @default 'independent'
   */
  readonly light?: 'same' | 'independent';
}

/** One sample: images of one size, and masks that lie on them. */
export interface Sample extends Size {
  /** Channels C of the images. */
  readonly channels: number;
  /** Each [H,W,C] uint8: one image, or the two dates of a pair. */
  readonly images: readonly Uint8Array[];
  /** Each [H,W] uint8, class or change maps; moved like the images, their values never altered. @default none */
  readonly masks?: readonly Uint8Array[];
}

/**
 * A randomly changed copy of a training sample: cropped, flipped and turned, images and masks
 * together; then brightness, contrast and noise of the images.
 *
 * For training samples only, after the split: augmented copies made before it would put the same
 * scene on both sides. The draws depend only on the generator and the options.
 *
 * @returns New arrays; a mask value is always one that was there before.
 * @throws PreprocessError `WrongShape` where an array does not fit, `InvalidOption` for a crop
 * larger than the image.
 */
export function augmentSample(
  sample: Sample,
  options: AugmentOptions,
  generator: Generator,
): Sample & { readonly masks: readonly Uint8Array[] } {
  const geometry = drawGeometry(sample, options, generator);
  const size = outputSize(geometry);
  const move = (source: Uint8Array, channels: number): Uint8Array => {
    const out = new Uint8Array(size.height * size.width * channels);
    applyGeometryInto(source, { ...sample, channels }, geometry, out);
    return out;
  };
  let table = lightTable(options, generator);
  const images = sample.images.map((image, index) => {
    const out = move(image, sample.channels);
    if (index > 0 && options.light !== 'same') table = lightTable(options, generator);
    lightInto(out, table, 255 * (options.noise ?? 0.01), Math.floor(generator.next() * 4294967296));
    return out;
  });
  const masks = (sample.masks ?? []).map((mask) => move(mask, 1));
  return { ...size, channels: sample.channels, images, masks };
}

/** A random crop and symmetry for images of this size. */
export function drawGeometry(size: Size, options: AugmentOptions, generator: Generator): Geometry {
  const { geometry = 'symmetries', cropSize } = options;
  const height = cropSize ?? size.height;
  const width = cropSize ?? size.width;
  if (!(Number.isInteger(height) && height > 0 && height <= size.height && width <= size.width)) {
    throw new PreprocessError(
      'InvalidOption',
      `Expected a crop of 1..${Math.min(size.height, size.width)} pixels. Received: ${cropSize}.`,
    );
  }
  const y = Math.floor(generator.next() * (size.height - height + 1));
  const x = Math.floor(generator.next() * (size.width - width + 1));
  const draw = Math.floor(generator.next() * 8);
  // even symmetries keep the sides of an oblong image: 0 none, 2 half turn, 4 flip, 6 flip up-down
  const symmetry =
    geometry === 'none' ? 0 : geometry === 'flips' || height !== width ? draw & 6 : draw;
  return { x, y, height, width, symmetry };
}

/** [256], the value that each uint8 value becomes, not rounded. */
function lightTable(options: AugmentOptions, generator: Generator): Float32Array {
  const { brightness = 0.1, contrast = 0.1 } = options;
  const shift = 255 * brightness * (2 * generator.next() - 1);
  const factor = 1 + contrast * (2 * generator.next() - 1);
  return Float32Array.from({ length: 256 }, (_, value) => factor * (value - 127.5) + 127.5 + shift);
}

/** Four bytes of a hash sum to nearly a normal deviate of this mean and standard deviation. */
const BYTES_MEAN = 4 * 127.5;
const BYTES_STD = Math.sqrt((4 * (256 * 256 - 1)) / 12);

/** Applies the table and adds noise of standard deviation `noise`, in place. */
function lightInto(out: Uint8Array, table: Float32Array, noise: number, seed: number): void {
  const scale = noise / BYTES_STD;
  let state = seed | 1;
  for (let i = 0; i < out.length; i++) {
    let value = table[out[i] as number] as number;
    if (scale > 0) {
      state ^= state << 13; // xorshift32: a Box–Muller draw a pixel would cost ten times as much
      state ^= state >>> 17;
      state ^= state << 5;
      const bytes = (state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255) + (state >>> 24);
      value += scale * (bytes - BYTES_MEAN);
    }
    out[i] = value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
  }
}
