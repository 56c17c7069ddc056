import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { chartSummary, isChart, openChart, openProduct } from '@arctic/data-real';
import type { RasterVariable } from '@arctic/raster';

/** What is asked of Python about a file; see compare_readers.py. */
export type Request = Readonly<Record<string, unknown>> & { readonly kind: string };

/** Elements read at once. */
const BLOCK = 1 << 22;

/** What our reader takes from a file, values in raw files of `scratch`. */
export async function requestOf(path: string, scratch: string): Promise<Request> {
  if (await isChart(path)) return chartRequest(path, scratch);
  const file = await openProduct(path);
  try {
    const variables = [];
    for (const [i, variable] of file.variables.entries()) {
      if (variable.shape.length < 2) continue;
      const values = join(scratch, `${i}.raw`);
      const type = await dump(variable, values);
      const { name, shape, dtype } = variable;
      variables.push({ name, shape, dtype, values, type });
    }
    const { format, crs, transform, times } = file;
    return { kind: 'raster', file: path, format, crs, transform, times, variables };
  } finally {
    await file.close();
  }
}

/** Writes decoded values as they come; gives their type. */
async function dump(variable: RasterVariable, path: string): Promise<'float32' | 'float64'> {
  const out = createWriteStream(path);
  const { shape } = variable;
  const inner = shape.slice(1).reduce((product, length) => product * length, 1);
  const step = Math.max(1, Math.floor(BLOCK / Math.max(1, inner)));
  let type: 'float32' | 'float64' = 'float32';
  for (let row = 0; row < (shape[0] ?? 0); row += step) {
    const start = shape.map((_, axis) => (axis === 0 ? row : 0));
    const count = shape.map((length, axis) => (axis === 0 ? Math.min(step, length - row) : length));
    const { data } = await variable.read({ start, count });
    type = data instanceof Float64Array ? 'float64' : 'float32';
    if (!out.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
      await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return type;
}

async function chartRequest(path: string, scratch: string): Promise<Request> {
  const chart = await openChart(path);
  const points = join(scratch, 'points.raw');
  const out = createWriteStream(points);
  for (const { rings } of chart.polygons) {
    for (const ring of rings) {
      out.write(new Uint8Array(ring.buffer, ring.byteOffset, ring.byteLength));
    }
  }
  out.end();
  await once(out, 'finish');
  const { codes, areaKm2, polygons, crs } = chartSummary(chart);
  return { kind: 'chart', file: path, crs, polygons, codes, areaKm2, points };
}
