import { join } from 'node:path';
import { readImage, resizeImage, type Image } from '@arctic/raster';
import { PreprocessError } from './errors.js';
import type { PlacedSample } from './split-samples.js';

/** The path of one file of a sample. */
export function sampleFile(sample: PlacedSample, role: string): string {
  return join(sample.folder, sample.files[role] ?? `${role}/${sample.id}.png`);
}

/**
 * The RGB image of a sample, square, at its own size.
 *
 * @returns [H,W,3] uint8; a fourth channel is left off.
 * @throws PreprocessError `WrongShape`; RasterError where the file is missing or damaged.
 */
export async function readRgb(path: string): Promise<Image> {
  const image = await readImage(path);
  if (image.channels === 1 || image.width !== image.height) {
    throw new PreprocessError(
      'WrongShape',
      `${path}: expected a square RGB image. Received: ${image.width}×${image.height} with ` +
        `${image.channels} channels. Cut it into square tiles of three bands.`,
    );
  }
  if (image.channels === 3) return image;
  const data = new Uint8Array(image.width * image.height * 3);
  for (let i = 0; i < image.width * image.height; i++) {
    for (let c = 0; c < 3; c++) data[3 * i + c] = image.data[4 * i + c] as number;
  }
  return { ...image, data, channels: 3 };
}

/**
 * The label map of a sample: one channel, of the size of its image, values as `allowed` says.
 *
 * @throws PreprocessError `WrongShape` or `InvalidInput`; RasterError for the file itself.
 */
export async function readLabel(
  path: string,
  image: Image,
  allowed: (value: number) => boolean,
  expected: string,
): Promise<Image> {
  const label = await readImage(path);
  if (label.channels !== 1 || label.width !== image.width || label.height !== image.height) {
    throw new PreprocessError(
      'WrongShape',
      `${path}: expected a label map of one channel and ${image.width}×${image.height} pixels, as ` +
        `its image. Received: ${label.width}×${label.height} with ${label.channels} channels.`,
    );
  }
  const wrong = label.data.find((value) => !allowed(value));
  if (wrong !== undefined) {
    throw new PreprocessError(
      'InvalidInput',
      `${path}: expected label values ${expected}. Received: ${wrong}.`,
    );
  }
  return label;
}

/** The image at `size` × `size` pixels: averaged over areas when made smaller. */
export function toSize(image: Image, size: number): Image {
  if (image.width === size && image.height === size) return image;
  return resizeImage(image, size, size, size < image.width ? 'area' : 'bilinear');
}

/** The value that occurs most often, the lowest of several; undefined of none. */
export function commonest(values: Iterable<number>): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [most] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return most?.[0];
}

/** Throws unless the side of the model's input is a whole number of pixels. */
export function checkInputSize(inputSize: number): void {
  if (Number.isInteger(inputSize) && inputSize >= 1) return;
  throw new PreprocessError(
    'InvalidOption',
    `Expected "inputSize" to be a whole number of pixels of at least 1. Received: ${inputSize}.`,
  );
}
