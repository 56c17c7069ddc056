import { basename, join } from 'node:path';
import { changePanel, classLegend, classOverlay, imageGrid } from '@arctic/plots';
import { readImage, writePng, type Window } from '@arctic/raster';
import type { Scene } from '@arctic/inference';
import { writePicture } from '../pictures.js';

function wholeOf({ width, height }: Scene): Window {
  return { row: 0, column: 0, height, width };
}

/** The classes of a scene as a plain picture, and beside the scene. */
export async function drawClasses(
  folder: string,
  name: string,
  scene: Scene,
  map: string,
  classes: readonly string[],
  size: number,
): Promise<void> {
  const { rgb } = await scene.read(wholeOf(scene));
  const { data } = await readImage(map);
  const { width, height } = scene;
  await writePng(join(folder, `${name}-classes.png`), { data, width, height, channels: 1 });
  await writePicture(
    join(folder, `${name}.png`),
    imageGrid({
      tiles: [
        { rgb, title: 'image' },
        {
          rgb: classOverlay(rgb, data),
          title: 'class',
          note: `each pixel: tiles of ${size} × ${size} round it`,
        },
      ],
      columns: 2,
      size: 420,
      legend: classLegend(classes),
      title: basename(scene.path),
    }),
  );
}

/** The change between two scenes as a plain picture, and beside both. */
export async function drawChange(
  folder: string,
  name: string,
  before: Scene,
  after: Scene,
  map: string,
): Promise<void> {
  const { width, height } = after;
  const { data } = await readImage(map);
  const changed = data.map((value) => (value === 1 ? 1 : 0));
  await writePng(join(folder, `${name}-change.png`), {
    data: changed.map((value) => value * 255),
    width,
    height,
    channels: 1,
  });
  await writePicture(
    join(folder, `${name}.png`),
    changePanel({
      before: (await before.read(wholeOf(before))).rgb,
      after: (await after.read(wholeOf(after))).rgb,
      prediction: changed,
      title: `${basename(before.path)} → ${basename(after.path)}`,
      size: 330,
    }),
  );
}
