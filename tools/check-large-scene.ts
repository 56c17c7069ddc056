// Classifies a generated scene that does not fit into memory and says how much memory that took:
//     node --import tsx --conditions=@arctic/source tools/check-large-scene.ts MODEL-FOLDER [SIDE]
// Fails above 2 GB. Linux only: the peak is what the kernel counted.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openRaster, writeGeoTiff } from '@arctic/raster';

const LIMIT_MB = 2000;
const [model, side = '40000'] = process.argv.slice(2);
if (model === undefined) throw new Error('Expected a folder of a classifier. Received: none.');
const size = Number(side);
const work = mkdtempSync(join(tmpdir(), 'arctic-large-'));
const scene = join(work, 'scene.tif');

/** Bands of light and dark in all three channels, with a little texture. */
function rows(firstRow: number, rowCount: number): Uint8Array {
  const out = new Uint8Array(rowCount * size * 3);
  for (let y = 0; y < rowCount; y++) {
    for (let x = 0; x < size; x++) {
      const [row, block] = [firstRow + y, (x >> 9) + 3 * ((firstRow + y) >> 9)];
      const value = 40 * (block % 6) + (((x >> 3) * 7 + (row >> 3) * 13) & 31);
      out.fill(value, 3 * (y * size + x), 3 * (y * size + x) + 3);
    }
  }
  return out;
}

try {
  await writeGeoTiff(
    scene,
    {
      ...{ width: size, height: size, dtype: 'uint8', nodata: null, crs: 'EPSG:3413' },
      bands: [{ name: 'red' }, { name: 'green' }, { name: 'blue' }],
      transform: [-800_000, 40, 0, 800_000, 0, -40],
      rows,
    },
    { overviews: false, level: 1 },
  );
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...[
        '--import',
        'tsx',
        '--conditions=@arctic/source',
        'apps/train-all/src/main.ts',
        'predict',
      ],
      ...['--model', model, '--input', scene, '--out', work, '--name', 'large'],
    ],
    { cwd: join(import.meta.dirname, '..'), stdio: ['ignore', 'inherit', 'inherit'] },
  );
  let peakMb = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }, 500);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`Expected predict to end with 0. Received: ${String(code)}.`);
  const folder = join(work, 'runs', 'large');
  const map = readdirSync(folder).find((name) => name.endsWith('.tif')) ?? '';
  const written = await openRaster(join(folder, map));
  const { shape } = written.variables[0] ?? { shape: [] };
  await written.close();
  process.stdout.write(
    `${size} × ${size} pixels classified in ${seconds.toFixed(0)} s with at most ${peakMb.toFixed(0)} MB; ${map} is ${shape.join(' × ')}\n`,
  );
  process.exitCode = peakMb < LIMIT_MB && shape.slice(-2).join() === `${size},${size}` ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
