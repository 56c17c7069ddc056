import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openChart, openProduct } from '@arctic/data-real';
import { openRaster, readRaster, writeGeoTiff, type GeoTiffSource } from '@arctic/raster';
import { isBenchmarkError } from '../errors.js';
import { describeMachine } from '../machine.js';
import { ensurePython } from '../python-environment.js';
import { median } from '../statistics.js';
import { writeWhole } from '../write-file.js';

const HELP = `Times the readers beside rasterio, netCDF4, pyhdf, pyshp and numpy on the same files.

  npm run bench:readers -- [DIR] [--repetitions 9] [--python PATH]

DIR holds real files (../shared/data where absent); rows whose file is not there are left out.
Everything is read whole and decoded, with warm caches, in turn: ours, theirs, ours, theirs …
`;

const SCRIPT = fileURLToPath(new URL('../../python/reading.py', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../results/readers.json', import.meta.url));

interface Row {
  readonly name: string;
  readonly library: string;
  readonly file: string;
  /** Does what the library does; gives ms where only a part of it counts. */
  run(path: string): Promise<number | null>;
}

async function readAll(path: string): Promise<null> {
  const file = await openProduct(path);
  try {
    for (const variable of file.variables) if (variable.shape.length >= 2) await variable.read();
  } finally {
    await file.close();
  }
  return null;
}

async function writeCog(path: string): Promise<number> {
  const file = await openRaster(path);
  const { array, crs, transform } = await readRaster(path);
  await file.close();
  const [height = 0, width = 0] = array.shape;
  const data = Uint16Array.from(array.data);
  const source: GeoTiffSource = {
    height,
    width,
    dtype: 'uint16',
    crs,
    transform,
    nodata: null,
    bands: [{ name: 'band1' }],
    rows: (first, count) => data.subarray(first * width, (first + count) * width),
  };
  const start = performance.now();
  await writeGeoTiff(`${path}.ours.tif`, source);
  return performance.now() - start;
}

const REAL: readonly Row[] = [
  ['MODIS RGBA, uncompressed', 'rasterio', 'modis/ne-greenland.20220913.terra.250m.truecolor.tiff'],
  ['Landsat, deflate', 'rasterio', 'landsat/L7_ETMs.tif'],
  [
    'Sentinel-1, float32',
    'rasterio',
    'sentinel-1/S1A__IW___A_20150309T173017_VV_grd_mli_geo_norm_db.tif',
  ],
  ['CDR, NetCDF-4', 'netCDF4', 'noaa-cdr/seaice_conc_daily_nh_20211231_f17_v04r00.nc'],
  ['OSI SAF, NetCDF-3', 'netCDF4', 'osi-saf/cf_nh10km.nc'],
  ['OLCI table, NPZ', 'numpy', 'olci-leads/1x1_training_set.npz'],
  ['NSIDC day, binary', 'numpy', 'nsidc-samples/nt_20160101_f17_nrt_n.bin'],
  ['AARI chart', 'pyshp', 'ice-charts/aari_arc_20140211_pl_a.shp'],
  ['DMI chart', 'pyshp', 'ice-charts/201304100920_CapeFarewell_RIC.shp'],
].map(([name = '', library = '', file = '']) => ({
  name,
  library,
  file,
  run: async (path) => {
    if (library !== 'pyshp') return readAll(path);
    await openChart(path);
    return null;
  },
}));

const MADE: readonly Row[] = [
  { name: 'GeoTIFF 8192², deflate', library: 'rasterio', file: 'scene.tif', run: readAll },
  { name: 'JPEG 2000 2048², 16 bit', library: 'rasterio', file: 'scene.jp2', run: readAll },
  { name: 'HDF4 2400², deflate', library: 'pyhdf', file: 'scene.hdf', run: readAll },
  { name: 'COG 8192², written', library: 'rasterio COG', file: 'scene.tif', run: writeCog },
];

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
    allowPositionals: true,
    options: {
      repetitions: { type: 'string', default: '9' },
      python: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) say(HELP);
  else {
    const base = process.env['INIT_CWD'] ?? process.cwd();
    const data = resolve(base, positionals[0] ?? '../shared/data');
    await compareSpeed(data, Number(values.repetitions), values.python);
  }
} catch (error) {
  if (!isBenchmarkError(error)) throw error;
  process.stderr.write(`${error.message}\n${error.remedy ? `Do: ${error.remedy}\n` : ''}`);
  process.exitCode = 2;
}

async function compareSpeed(
  data: string,
  repetitions: number,
  own: string | undefined,
): Promise<void> {
  const python = own ?? (await ensurePython(say, 'readers'));
  const scratch = await mkdtemp(join(tmpdir(), 'arctic-reading-'));
  try {
    say('Making files…');
    await new Promise((done, fail) => {
      spawn(python, [SCRIPT, 'make', scratch], { stdio: 'inherit' })
        .on('error', fail)
        .on('close', done);
    });
    const rows = [
      ...REAL.map((row) => ({ ...row, path: join(data, row.file) })),
      ...MADE.map((row) => ({ ...row, path: join(scratch, row.file) })),
    ].filter(({ path }) => existsSync(path));
    const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const results = [];
    say('\nfile                       peer          ours, ms  theirs, ms   speed');
    for (const { name, library, path, run } of rows) {
      const ours: number[] = [];
      const theirs: number[] = [];
      // The first round of each loads libraries and files.
      for (let round = -1; round < repetitions; round++) {
        const start = performance.now();
        const own = (await run(path)) ?? performance.now() - start;
        child.stdin.write(`${JSON.stringify({ library, file: path })}\n`);
        const { value } = await lines.next();
        if (round < 0) continue;
        ours.push(own);
        theirs.push(Number(value));
      }
      const [a, b] = [median(ours), median(theirs)];
      results.push({ name, peer: library, oursMs: a, theirsMs: b, speed: b / a });
      say(
        `${name.padEnd(26)} ${library.padEnd(13)} ${a.toFixed(1).padStart(8)}  ${b.toFixed(1).padStart(10)}  ${(b / a).toFixed(2).padStart(6)}`,
      );
    }
    child.stdin.end();
    const machine = describeMachine();
    await writeWhole(
      RESULTS,
      `${JSON.stringify({ machine, repetitions, rows: results }, null, 2)}\n`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
