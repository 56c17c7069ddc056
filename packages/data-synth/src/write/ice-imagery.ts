import { join } from 'node:path';
import { replaceFolder, writePng } from '@arctic/raster';
import { requireInteger, requireSeed } from '../errors.js';
import { generateIceScene } from '../ice-scene.js';
import { createRng, sampleSeed } from '../rng.js';
import { ICE_CLASSES, type IceClass } from '../scene/surface.js';
import {
  GENERATOR,
  requireReplaceable,
  writeManifest,
  type ImageryManifest,
  type ImagerySample,
  type WriteProgress,
} from './manifest.js';

/** What imagery folder to write. */
export interface WriteIceImageryOptions {
  /** The folder, e.g. `data/labeled_ice_imagery`; an earlier dataset there is replaced at the end. */
  readonly folder: string;
  /** Number of scenes; the three classes differ by one at most. @default 100 */
  readonly samples?: number;
  /** Seed of the folder; sample i of a seed is the same whatever the number of samples. @default 1 */
  readonly seed?: number;
  /** Width and height in pixels. @default 256 */
  readonly size?: number;
  /** Called after each sample. @default nothing */
  readonly onProgress?: (progress: WriteProgress) => void;
}

/**
 * Writes generated ice imagery as `images/ID.png` (RGB), `labels/ID.png` (class map) and
 * `manifest.json`, and returns the manifest. The folder appears whole or not at all.
 *
 * @throws DataSynthError for an impossible option or a folder with other files in it; RasterError
 * where the disk refuses.
 */
export async function writeIceImagery(options: WriteIceImageryOptions): Promise<ImageryManifest> {
  const { folder, samples = 100, seed = 1, size = 256, onProgress } = options;
  requireInteger('samples', samples, 1, 1_000_000);
  requireSeed('seed', seed);
  requireInteger('size', size, 32, 2048);
  await requireReplaceable(folder, 'manifest.json');
  const entries: ImagerySample[] = [];
  const manifest: ImageryManifest = {
    schema: 1,
    kind: 'labeled_ice_imagery',
    synthetic: true,
    generator: GENERATOR,
    seed,
    classes: [...ICE_CLASSES],
    pixelSizeM: 2,
    samples: entries,
  };
  await replaceFolder(folder, async (temporary) => {
    let writing: Promise<unknown> = Promise.resolve();
    for (let index = 0; index < samples; index++) {
      const id = `ice-${String(index + 1).padStart(5, '0')}`;
      const image = `images/${id}.png`;
      const label = `labels/${id}.png`;
      const own = sampleSeed(seed, 'ice', index);
      const scene = generateIceScene({ seed: own, size, class: classOf(seed, index) });
      // Files of one scene are packed while the next is drawn.
      await writing;
      const shape = { width: size, height: size };
      writing = Promise.all([
        writePng(join(temporary, image), { data: scene.image, ...shape, channels: 3 }),
        writePng(join(temporary, label), { data: scene.classMap, ...shape, channels: 1 }),
      ]);
      entries.push({
        id,
        image,
        label,
        class: scene.dominantClass,
        scene: `scene-${own}`,
        seed: own,
        fractions: scene.fractions,
        truth: scene.truth,
      });
      onProgress?.({ done: index + 1, total: samples });
    }
    await writing;
    await writeManifest(temporary, manifest);
  });
  return manifest;
}

/** Classes come in shuffled threes: balanced, yet not told by the number of the sample. */
function classOf(seed: number, index: number): IceClass {
  const rng = createRng(seed).fork(`classes ${Math.floor(index / 3)}`);
  const order: IceClass[] = [0, 1, 2];
  const [first] = order.splice(rng.int(3), 1);
  const [second] = order.splice(rng.int(2), 1);
  return [first, second, order[0]][index % 3] ?? 0;
}
