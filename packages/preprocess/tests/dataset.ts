import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCube, writePng, type SicCube } from '@arctic/raster';

/** A folder of its own for one test, removed by `cleanUp`. */
export async function makeFolder(): Promise<{ folder: string; cleanUp: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'preprocess-'));
  return { folder, cleanUp: () => rm(folder, { recursive: true, force: true }) };
}

export interface ImageryOptions {
  readonly samples: number;
  readonly size?: number;
  readonly seed?: number;
  /** Samples cut from one scene. @default 1 */
  readonly perScene?: number;
}

/** A labelled imagery folder in three classes; an image is as bright as its class and number say. */
export async function makeImagery(folder: string, options: ImageryOptions): Promise<void> {
  const { samples, size = 8, seed = 1, perScene = 1 } = options;
  await mkdir(join(folder, 'images'), { recursive: true });
  await mkdir(join(folder, 'labels'), { recursive: true });
  const list = Array.from({ length: samples }, (_, i) => ({
    id: `s${i}`,
    image: `images/s${i}.png`,
    label: `labels/s${i}.png`,
    class: i % 3,
    scene: `scene${Math.floor(i / perScene)}`,
  }));
  for (const [i, sample] of list.entries()) {
    const pixels = new Uint8Array(size * size * 3).fill(60 * sample.class + i);
    const labels = new Uint8Array(size * size).fill(sample.class);
    labels[0] = 255;
    await writePng(join(folder, sample.image), {
      data: pixels,
      width: size,
      height: size,
      channels: 3,
    });
    await writePng(join(folder, sample.label), {
      data: labels,
      width: size,
      height: size,
      channels: 1,
    });
  }
  const manifest = {
    schema: 1,
    kind: 'labeled_ice_imagery',
    synthetic: true,
    seed,
    classes: ['open_water', 'thin_ice', 'thick_ice'],
    samples: list,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** A change pair folder: the left half brightens, the top left quarter counts as changed. */
export async function makePairs(folder: string, samples: number, size = 8): Promise<void> {
  for (const part of ['A', 'B', 'label']) await mkdir(join(folder, part), { recursive: true });
  const list = Array.from({ length: samples }, (_, i) => ({ id: `p${i}`, scene: `p${i}` }));
  for (const { id } of list) {
    const before = new Uint8Array(size * size * 3).fill(50);
    const after = before.slice();
    const label = new Uint8Array(size * size);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size / 2; x++) {
        after.fill(200, (y * size + x) * 3, (y * size + x + 1) * 3);
        if (y < size / 2) label[y * size + x] = 255;
      }
    }
    const shape = { width: size, height: size };
    await writePng(join(folder, `A/${id}.png`), { data: before, ...shape, channels: 3 });
    await writePng(join(folder, `B/${id}.png`), { data: after, ...shape, channels: 3 });
    await writePng(join(folder, `label/${id}.png`), { data: label, ...shape, channels: 1 });
  }
  const manifest = { schema: 1, kind: 'change_pairs', synthetic: true, seed: 1, samples: list };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** A daily cube of 2×3 cells: land, a cell with ice in summer only, and four that vary. */
export function makeCube(from: number, steps: number): SicCube {
  const days = Int32Array.from({ length: steps }, (_, i) => from + i);
  const sic = new Float32Array(steps * 6);
  days.forEach((day, t) => {
    for (let i = 0; i < 6; i++) sic[t * 6 + i] = 0.5 + 0.4 * Math.sin((day + i) / 58);
    sic[t * 6] = NaN;
    sic[t * 6 + 1] = 0.05;
  });
  return {
    sic,
    days,
    ocean: Uint8Array.of(0, 1, 1, 1, 1, 1),
    area: new Float32Array(6).fill(625),
    height: 2,
    width: 3,
    grid: { name: 'test', crs: null, transform: null },
    attrs: { source: 'test', synthetic: true },
  };
}

export async function makeSeries(folder: string, from: number, steps: number): Promise<SicCube> {
  const cube = makeCube(from, steps);
  await writeCube(folder, cube);
  return cube;
}
