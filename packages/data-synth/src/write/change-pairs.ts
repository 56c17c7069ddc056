import { join } from 'node:path';
import { replaceFolder, writePng } from '@arctic/raster';
import { generateChangePair } from '../change-pair.js';
import { requireInteger, requireSeed } from '../errors.js';
import { sampleSeed } from '../rng.js';
import { ICE_CLASSES } from '../scene/surface.js';
import {
  GENERATOR,
  requireReplaceable,
  writeManifest,
  type ChangeManifest,
  type ChangeSample,
  type WriteProgress,
} from './manifest.js';

/** What folder of change pairs to write. */
export interface WriteChangePairsOptions {
  /** The folder, e.g. `data/change_pairs`; an earlier dataset there is replaced at the end. */
  readonly folder: string;
  /** Number of pairs. @default 100 */
  readonly samples?: number;
  /** Seed of the folder; sample i of a seed is the same whatever the number of samples. @default 1 */
  readonly seed?: number;
  /** Width and height in pixels. @default 256 */
  readonly size?: number;
  /** Called after each pair. @default nothing */
  readonly onProgress?: (progress: WriteProgress) => void;
}

/**
 * Writes generated change pairs as `A/ID.png`, `B/ID.png` (RGB), `label/ID.png` (0 or 255) and
 * `manifest.json`, and returns the manifest. The folder appears whole or not at all.
 *
 * @throws DataSynthError for an impossible option or a folder with other files in it; RasterError
 * where the disk refuses.
 */
export async function writeChangePairs(options: WriteChangePairsOptions): Promise<ChangeManifest> {
  const { folder, samples = 100, seed = 1, size = 256, onProgress } = options;
  requireInteger('samples', samples, 1, 1_000_000);
  requireSeed('seed', seed);
  requireInteger('size', size, 64, 2048);
  await requireReplaceable(folder, 'manifest.json');
  const entries: ChangeSample[] = [];
  const manifest: ChangeManifest = {
    schema: 1,
    kind: 'change_pairs',
    synthetic: true,
    generator: GENERATOR,
    seed,
    classes: [...ICE_CLASSES],
    pixelSizeM: 10,
    samples: entries,
  };
  await replaceFolder(folder, async (temporary) => {
    let writing: Promise<unknown> = Promise.resolve();
    for (let index = 0; index < samples; index++) {
      const id = `pair-${String(index + 1).padStart(5, '0')}`;
      const [a, b, label] = [`A/${id}.png`, `B/${id}.png`, `label/${id}.png`];
      const own = sampleSeed(seed, 'pair', index);
      const pair = generateChangePair({ seed: own, size });
      const mask = pair.change.map((changed) => changed * 255);
      // Files of one pair are packed while the next is drawn.
      await writing;
      const shape = { width: size, height: size };
      writing = Promise.all([
        writePng(join(temporary, a), { data: pair.before, ...shape, channels: 3 }),
        writePng(join(temporary, b), { data: pair.after, ...shape, channels: 3 }),
        writePng(join(temporary, label), { data: mask, ...shape, channels: 1 }),
      ]);
      const { changedFraction, kinds, truth } = pair;
      entries.push({
        id,
        a,
        b,
        label,
        scene: `scene-${own}`,
        seed: own,
        changedFraction,
        kinds,
        truth,
      });
      onProgress?.({ done: index + 1, total: samples });
    }
    await writing;
    await writeManifest(temporary, manifest);
  });
  return manifest;
}
