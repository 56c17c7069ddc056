import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dayNumber, readCube, readImage, resizeImage, writeCube, writePng } from '../src/index.js';
import { smallCube, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

it('the example of the package runs', async () => {
  const scene = join(folder, 'scene.png');
  const data = new Uint8Array(256 * 256 * 3).fill(7);
  await writePng(scene, { data, width: 256, height: 256, channels: 3 });
  const image = await readImage(scene);
  await writePng(join(folder, 'small.png'), resizeImage(image, 128, 128, 'area'));
  expect((await readImage(join(folder, 'small.png'))).width).toBe(128);

  const store = join(folder, 'sea_ice_concentration.zarr');
  await writeCube(
    store,
    smallCube(3, () => 0.5),
  );
  const cube = await readCube(store, { from: '2016-07-19' });
  expect(cube.days[0]).toBe(dayNumber('2016-07-19'));
});
