import { isoDate, openRaster, readCube, type RasterFile } from '@arctic/raster';
import type { StoredForecast } from '../archive/archive.js';
import { cropOf, cut } from '../products/box.js';
import type { Product, ProductField } from '../products/product.js';
import type { ProductJob } from './jobs.js';

type Job<K> = Extract<ProductJob, { kind: K }>;

/** What a value of `status` means. */
export const STATUS = { observed: 0, filled: 1, missing: 2, land: 3 } as const;

/** Arrays of a forecast's store. */
export async function readForecast(folder: string) {
  const file = await openRaster(folder);
  try {
    const { served, interval_level: level } = file.attributes;
    const stored = JSON.parse(String(served)) as StoredForecast; // written by the forecast job
    return {
      stored,
      level: typeof level === 'number' ? level : null,
      sic: await valuesOf(file, 'sic'),
      lower: level === undefined ? null : await valuesOf(file, 'lower'),
      upper: level === undefined ? null : await valuesOf(file, 'upper'),
      damped: await valuesOf(file, 'damped'),
      climatology: await valuesOf(file, 'climatology'),
      persistence: await valuesOf(file, 'persistence'),
      active: await valuesOf(file, 'active'),
    };
  } finally {
    await file.close();
  }
}

async function valuesOf(file: RasterFile, name: string): Promise<Float32Array> {
  const variable = file.variables.find((one) => one.name === name);
  if (!variable) throw new Error(`${file.path}: expected ${name}`);
  return Float32Array.from((await variable.read()).data);
}

/** The forecast over a box. */
export async function forecastProduct(job: Job<'forecast'>): Promise<Product> {
  const cube = await readCube(job.observation);
  const { height, width, grid, ocean } = cube;
  const crop = cropOf(grid, height, width, job.box);
  const { stored, level, sic, lower, upper, damped } = await readForecast(job.folder);
  const cells = height * width;
  const leads = Array.from({ length: stored.leads }, (_, i) => i);
  const steps = (values: Float32Array) =>
    leads.map((lead) => cut(values.subarray(lead * cells, (lead + 1) * cells), width, crop));
  const mask = cut(ocean, width, crop).map((v) => (v === 1 ? 1 : 0));
  const first = Date.parse(stored.issue) / 86_400_000;
  const times = leads.map((lead) => isoDate(first + lead + 1));
  const main = steps(sic);
  const onlyActive = (fields: Float32Array[]) =>
    fields.map((field, lead) =>
      field.map((v, i) => (Number.isNaN(main[lead]?.[i] ?? NaN) ? NaN : v)),
    );
  const reference = onlyActive(steps(damped));
  const bounds = lower && upper ? { lower: steps(lower), upper: steps(upper) } : null;
  const fields: ProductField[] = [
    { name: 'sic', longName: 'forecast sea-ice concentration', steps: main },
    ...(bounds
      ? [
          { name: 'lower', longName: 'lower bound of the interval', steps: bounds.lower },
          { name: 'upper', longName: 'upper bound of the interval', steps: bounds.upper },
        ]
      : []),
    { name: 'reference', longName: 'damped anomaly persistence', steps: reference },
  ];
  return {
    title: `Sea-ice concentration forecast issued ${stored.issue}`,
    source: `@arctic/model-convlstm ${stored.model.version}${stored.model.synthetic ? ', trained on generated data' : ''}`,
    crop,
    times,
    fields,
    mask: Uint8Array.from(mask),
    attribution: job.attribution,
    intervalLevel: level,
    head: {
      issued: stored.issue,
      model: stored.model,
      grid: gridHead(crop),
      times,
      synthetic: cube.attrs.synthetic,
    },
    json: ({ plane }) => ({
      concentration: `[${main.map((f) => plane(f, 4)).join(',')}]`,
      interval: bounds
        ? `{"level":${level},"lower":[${bounds.lower.map((f) => plane(f, 4)).join(',')}],"upper":[${bounds.upper.map((f) => plane(f, 4)).join(',')}]}`
        : 'null',
      reference: `{"name":"damped anomaly persistence","concentration":[${reference.map((f) => plane(f, 4)).join(',')}]}`,
    }),
  };
}

/** The observation of a day over a box, gaps filled from the days before. */
export async function observationProduct(job: Job<'observation'>): Promise<Product> {
  const [today, ...before] = job.days;
  if (!today) throw new Error('expected a day');
  const cube = await readCube(today.path);
  const { height, width, grid, ocean } = cube;
  const crop = cropOf(grid, height, width, job.box);
  const values = cube.sic.slice();
  const status = Uint8Array.from(values, (v, i) =>
    !ocean[i] ? STATUS.land : Number.isNaN(v) ? STATUS.missing : STATUS.observed,
  );
  for (const { path } of before) {
    if (!status.includes(STATUS.missing)) break;
    const { sic } = await readCube(path);
    for (let i = 0; i < values.length; i++) {
      const value = sic[i] as number; // the same grid
      if (status[i] !== STATUS.missing || Number.isNaN(value)) continue;
      values[i] = value;
      status[i] = STATUS.filled;
    }
  }
  const date = isoDate(today.day);
  const field = cut(values, width, crop);
  const flags = cut(status, width, crop);
  return {
    title: `Sea-ice concentration of ${date}`,
    source: cube.attrs.source,
    crop,
    times: [date],
    fields: [
      { name: 'sic', longName: 'observed sea-ice concentration', steps: [field] },
      {
        name: 'status',
        longName: 'how the value came about',
        steps: [flags],
        flags: Object.entries(STATUS).map(([meaning, value]) => ({ value, meaning })),
      },
    ],
    mask: Uint8Array.from(cut(ocean, width, crop), (v) => (v === 1 ? 1 : 0)),
    attribution: job.attribution,
    intervalLevel: null,
    head: {
      observed: date,
      source: cube.attrs.source,
      grid: gridHead(crop),
      synthetic: cube.attrs.synthetic,
    },
    json: ({ plane }) => ({ concentration: plane(field, 4), status: plane(flags, 0) }),
  };
}

function gridHead({ crs, transform, width, height, row, column }: Product['crop']) {
  return { crs, transform, width, height, row, column };
}
