// What the names in commands of the docs stand for. Run as a program it makes the files among them that need no real data:
//     node --import tsx --conditions=@arctic/source tools/docs/stand-ins.mjs FOLDER
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const HDF4 = 'packages/raster/tests/fixtures/hdf4';

/**
 * `tree`: a folder of the working tree that holds the file. `data`: a path in the folder of real data. `made`: a path in the folder that this program fills. `trained`: a path in
 * the folder of a run of all three models by the smoke profile.
 */
export const STAND_INS = {
  DAILY: { data: 'nsidc-0081-daily' },
  MONTHLY: { data: 'nsidc-0051-monthly' },
  MODIS: { data: 'modis' },
  'north_20150101-20170731.tar.gz': { data: 'nsidc-0081-daily/north_20150101-20170731.tar.gz' },
  'train-images-idx3-ubyte.gz': { data: 'digits/mnist10k-cazala-images-idx3-ubyte.gz' },
  'train-labels-idx1-ubyte.gz': { data: 'digits/mnist10k-cazala-labels-idx1-ubyte.gz' },
  'aari_arc_20140211_pl_a.shp': { data: 'ice-charts/aari_arc_20140211_pl_a.shp' },
  'seaice_conc_daily_nh_20211231_f17_v04r00.nc': {
    data: 'noaa-cdr/seaice_conc_daily_nh_20211231_f17_v04r00.nc',
  },
  'training_set.npz': { data: 'olci-leads/1x1_training_set.npz' },
  'MOD29.A2022256.1305.061.2022256191011.hdf': { tree: HDF4 },
  'MOD29P1D.A2022256.h09v09.061.2022258061234.hdf': { tree: HDF4 },
  'scene.png': { made: 'scene.png' },
  'scene.tif': { made: 'scene.tif' },
  'sea_ice_concentration.zarr': { made: 'sea_ice_concentration.zarr' },
  'ice_conc_nh_201909091200.nc': { data: 'osi-saf/cf_nh10km.nc' },
  'modis.tif': { data: 'modis/ne-greenland.20220913.terra.250m.truecolor.tiff' },
  'SCENE.tif': { made: 'scene.tif' },
  'A.tif': { made: 'a.tif' },
  'B.tif': { made: 'b.tif' },
  FILE: { made: 'scene.tif' },
  SCENES: { made: 'scenes' },
  PAIRS: { made: 'pairs' },
  models: { trained: 'models' },
  runs: { trained: 'runs' },
  data: { trained: 'data' },
};

async function make(folder) {
  const { generateChangePair, generateIceScene, writeChangePairs, writeIceImagery, writeSicStore } =
    await import('@arctic/data-synth');
  const { writeGeoTiff, writePng } = await import('@arctic/raster');
  const { default: ndarray } = await import('ndarray');
  mkdirSync(folder, { recursive: true });
  const scene = generateIceScene({ seed: 7, size: 256, class: 1 });
  const pair = generateChangePair({ seed: 7 });
  const images = { 'scene.tif': scene.image, 'a.tif': pair.before, 'b.tif': pair.after };
  const side = 256;
  for (const [name, image] of Object.entries(images))
    await writeGeoTiff(join(folder, name), {
      kind: 'bytes',
      array: ndarray(image, [side, side, 3]),
      mask: new Uint8Array(side * side).fill(1),
      crs: 'EPSG:3413',
      transform: [0, 250, 0, -1e6, 0, -250],
      time: null,
      units: null,
      nodata: null,
    });
  const png = { data: scene.image, width: side, height: side, channels: 3 };
  await writePng(join(folder, 'scene.png'), png);
  const store = join(folder, 'sea_ice_concentration.zarr');
  await writeSicStore({ folder: store, samples: 40, seed: 1 });
  await writeIceImagery({ folder: join(folder, 'scenes'), samples: 12, seed: 1 });
  await writeChangePairs({ folder: join(folder, 'pairs'), samples: 6, seed: 1 });
}

if (process.argv[1] === import.meta.filename) await make(process.argv[2]);
