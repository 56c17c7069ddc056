import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePng } from '@arctic/raster';

/** A plain picture. */
export async function plainPng(
  path: string,
  value: number,
  size: number,
  channels: 1 | 3 | 4 = 3,
): Promise<void> {
  const data = new Uint8Array(size * size * channels).fill(value);
  await writePng(path, { data, width: size, height: size, channels });
}

/** Scenes in the dataset layout, scene i of class i. */
export async function makeScenes(folder: string, classes: readonly string[]): Promise<void> {
  const samples = classes.map((_, i) => ({ id: `s${i}`, image: `images/s${i}.png`, class: i }));
  for (const { image, class: k } of samples) await plainPng(join(folder, image), 40 * (k + 1), 16);
  writeManifest(folder, { schema: 1, synthetic: true, classes, samples });
}

export function writeManifest(folder: string, manifest: unknown): void {
  mkdirSync(folder, { recursive: true });
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  writeFileSync(join(folder, 'manifest.json'), text);
}

/** Two pairs of which the second has changed. */
export async function makePairs(folder: string): Promise<void> {
  for (const [name, change] of [
    ['p0.png', 0],
    ['p1.png', 255],
  ] as const) {
    await plainPng(join(folder, 'A', name), 60, 16);
    await plainPng(join(folder, 'B', name), 60 + change / 3, 16);
    await plainPng(join(folder, 'label', name), change, 16, 1);
  }
}
