import { createInterface } from 'node:readline';
import process from 'node:process';
import { chartSummary, isChart, openChart, openProduct, rasteriseChart } from '@arctic/data-real';
import type { RasterVariable } from '@arctic/raster';

/** Elements read at once. */
const BLOCK = 1 << 22;

for await (const path of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const outcome = await readAll(path).then(
    () => 'raster',
    (error: unknown) =>
      error instanceof Error && '_tag' in error
        ? String(error._tag)
        : `untyped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  const answer = {
    outcome,
    ms: performance.now() - start,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** Opens a file as `inspect` does, and reads all of it. */
async function readAll(path: string): Promise<void> {
  if (await isChart(path)) {
    const chart = await openChart(path);
    chartSummary(chart);
    rasteriseChart(
      chart,
      {
        crs: 'EPSG:3413',
        transform: [-4e6, 4e4, 0, 4e6, 0, -4e4],
        height: 200,
        width: 200,
      },
      'class',
    );
    return;
  }
  const file = await openProduct(path);
  try {
    for (const variable of file.variables) await readVariable(variable);
  } finally {
    await file.close();
  }
}

/** All values of a variable, some rows of its outermost axes at a time. */
async function readVariable(variable: RasterVariable): Promise<void> {
  const { shape } = variable;
  if (shape.includes(0)) return;
  // The outermost axes go one by one until what is left of them fits.
  const count = [...shape];
  const size = () => count.reduce((product, length) => product * length, 1);
  let axis = 0;
  for (; axis < shape.length - 1 && size() > BLOCK; axis++) {
    const others = size() / (count[axis] ?? 1);
    count[axis] = Math.max(1, Math.floor(BLOCK / others));
    if ((count[axis] ?? 1) > 1) break;
  }
  const start = shape.map(() => 0);
  for (;;) {
    const region = {
      start: [...start],
      count: count.map((length, i) => Math.min(length, (shape[i] ?? 0) - (start[i] ?? 0))),
    };
    await variable.read(region);
    let next = shape.length - 1;
    for (; next >= 0; next--) {
      start[next] = (start[next] ?? 0) + (count[next] ?? 1);
      if ((start[next] ?? 0) < (shape[next] ?? 0)) break;
      start[next] = 0;
    }
    if (next < 0) return;
  }
}
