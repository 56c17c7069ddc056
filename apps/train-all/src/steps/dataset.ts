import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { readImage, resizeImage, type Image } from '@arctic/raster';
import { UsageError } from '../errors.js';
import { join as joinArrays, type LabelledImages, type LabelledPairs } from '../imagery/arrays.js';

const IMAGE_NAMES = new Set(['.png', '.jpg', '.jpeg', '.tif', '.tiff']);

/** The image files of a folder by name, or the one file. @throws UsageError when there is none. */
export function imageFiles(path: string): string[] {
  if (!existsSync(path))
    throw new UsageError(
      `${path}: expected an image or a folder of images. Received: nothing there`,
    );
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => IMAGE_NAMES.has(extname(name).toLowerCase()));
  if (names.length === 0)
    throw new UsageError(
      `${path}: expected PNG, JPEG or TIFF images. Received: a folder without any`,
    );
  return names.sort().map((name) => join(path, name));
}

/** A picture as RGB: grey is repeated, transparency dropped. [H,W,3] */
export async function readRgb(path: string): Promise<Image> {
  const image = await readImage(path);
  if (image.channels === 3) return image;
  const { width, height, channels } = image;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = image.data[i * channels + (channels === 1 ? 0 : c)] as number;
  }
  return { data, width, height, channels: 3 };
}

/** Labelled scenes in the dataset layout (images/, labels/, manifest.json), at the model's size. */
export async function readLabelledScenes(
  folder: string,
  classes: readonly string[],
  size: number,
): Promise<LabelledImages> {
  const samples = manifestSamples(folder, classes);
  const images: Uint8Array[] = [];
  for (const { image } of samples)
    images.push(resizeImage(await readRgb(join(folder, image)), size, size, 'area').data);
  return {
    images: joinArrays(images),
    labels: Uint8Array.from(samples, (s) => s.class),
    n: samples.length,
    height: size,
    width: size,
  };
}

interface Sample {
  readonly image: string;
  readonly class: number;
}

function manifestSamples(folder: string, classes: readonly string[]): Sample[] {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path))
    throw new UsageError(
      `${folder}: expected the dataset layout images/, labels/, manifest.json. Received: ${existsSync(folder) ? 'no manifest.json' : 'nothing there'}`,
    );
  let manifest: { classes?: unknown; samples?: unknown } | null;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as typeof manifest; // checked below
  } catch (cause) {
    throw new UsageError(
      `${path}: expected JSON. Received: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  if (JSON.stringify(manifest?.classes) !== JSON.stringify(classes)) {
    throw new UsageError(
      `${path}: expected the classes of the model, ${classes.join(', ')}. Received: ${JSON.stringify(manifest?.classes) ?? 'none'}`,
    );
  }
  const samples = Array.isArray(manifest?.samples)
    ? (manifest.samples as (Partial<Sample> | null)[])
    : [];
  samples.forEach((sample, i) => {
    if (
      typeof sample?.image === 'string' &&
      Number.isInteger(sample.class) &&
      classes[sample.class ?? -1] !== undefined
    )
      return;
    throw new UsageError(
      `${path}: expected samples with "image" and "class" 0…${classes.length - 1}. Received: ${JSON.stringify(sample)} as number ${i + 1}`,
    );
  });
  if (samples.length === 0)
    throw new UsageError(`${path}: expected at least one sample. Received: none`);
  return samples as Sample[]; // just checked
}

/** Pairs from a folder with A/, B/ and label/ images of equal names, at the model's size. */
export async function readLabelledPairs(folder: string, size: number): Promise<LabelledPairs> {
  const names = imageFiles(join(folder, 'A')).map((path) =>
    path.slice(join(folder, 'A').length + 1),
  );
  const before: Uint8Array[] = [];
  const after: Uint8Array[] = [];
  const change: Uint8Array[] = [];
  for (const name of names) {
    const a = await readRgb(join(folder, 'A', name));
    const b = await readRgb(join(folder, 'B', name));
    const label = await readImage(join(folder, 'label', name));
    for (const [path, image] of [
      [join(folder, 'B', name), b],
      [join(folder, 'label', name), label],
    ] as const) {
      if (image.width === a.width && image.height === a.height) continue;
      throw new UsageError(
        `${path}: expected ${a.width}×${a.height} pixels, as the first date. Received: ${image.width}×${image.height}`,
      );
    }
    before.push(resizeImage(a, size, size, 'area').data);
    after.push(resizeImage(b, size, size, 'area').data);
    const mask = {
      ...label,
      channels: 1 as const,
      data: Uint8Array.from({ length: a.width * a.height }, (_, i) =>
        (label.data[i * label.channels] ?? 0) > 0 ? 255 : 0,
      ),
    };
    change.push(resizeImage(mask, size, size, 'area').data.map((v) => (v >= 128 ? 1 : 0)));
  }
  return {
    before: joinArrays(before),
    after: joinArrays(after),
    change: joinArrays(change),
    n: names.length,
    height: size,
    width: size,
  };
}
