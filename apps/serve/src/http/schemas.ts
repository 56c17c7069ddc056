import { z } from 'zod';

const degrees = (low: number, high: number, what: string) =>
  z.coerce.number().min(low).max(high).describe(what);
const isoDay = z.iso.date();
const value = z.number().min(0).max(1).nullable();
const plane = z.array(z.array(value));

export const format = z.enum(['json', 'geojson', 'netcdf', 'cog']).default('json');
const fieldFormat = z
  .enum(['json', 'geojson', 'netcdf', 'cog', 'safetensors'])
  .default('json')
  .describe('safetensors: the arrays [steps,height,width] for programs, NaN where JSON has null.');
export const hemisphere = z.enum(['north', 'south']).default('north');

export const boxQuery = z
  .object({
    min_lon: degrees(-180, 360, 'Western edge, degrees.'),
    min_lat: degrees(-90, 90, 'Southern edge, degrees.'),
    max_lon: degrees(
      -180,
      360,
      'Eastern edge, degrees; below the western one it crosses the dateline.',
    ),
    max_lat: degrees(-90, 90, 'Northern edge, degrees.'),
    hemisphere,
    format: fieldFormat,
  })
  .strict();

/** What the schema of single parameters cannot say. */
export function expectBox({ min_lat, max_lat, min_lon, max_lon }: z.infer<typeof boxQuery>) {
  return { reversed: min_lat >= max_lat, empty: min_lon === max_lon };
}

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
  })
  .describe('Problem details, RFC 9457.');

export const model = z.object({
  name: z.enum(['classifier', 'convlstm', 'siamese']),
  version: z.string(),
  createdAt: z.iso.datetime(),
  synthetic: z.boolean(),
});

const grid = z.object({
  crs: z.string(),
  transform: z.array(z.number()).length(6),
  width: z.number().int(),
  height: z.number().int(),
  row: z.number().int(),
  column: z.number().int(),
});

const onGrid = {
  grid,
  synthetic: z.boolean(),
  coordinates: z.object({ lon: z.array(z.array(z.number())), lat: z.array(z.array(z.number())) }),
  mask: z.array(z.array(z.union([z.literal(0), z.literal(1)]))),
  units: z.literal('1'),
  attribution: z.array(z.string()),
};

export const prediction = z.object({
  issued: isoDay,
  model,
  times: z.array(isoDay),
  ...onGrid,
  concentration: z.array(plane),
  interval: z
    .object({ level: z.number(), lower: z.array(plane), upper: z.array(plane) })
    .nullable(),
  reference: z.object({ name: z.string(), concentration: z.array(plane) }),
});

export const observation = z.object({
  observed: isoDay,
  source: z.string(),
  ...onGrid,
  concentration: plane,
  status: z
    .array(z.array(z.number().int().min(0).max(3).nullable()))
    .describe('0 observed, 1 filled from an earlier day, 2 missing, 3 land; null outside the box.'),
});

export const geoJson = z.looseObject({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      geometry: z.looseObject({ type: z.string() }),
      properties: z.looseObject({}),
    }),
  ),
});

export const binary = z.string().meta({ format: 'binary' });

const scores = z.object({
  n: z.number().int(),
  rmse: z.number().nullable(),
  mae: z.number().nullable(),
  bias: z.number().nullable(),
  iiee: z.number().nullable(),
  binaryAccuracy: z.number().nullable(),
});
const lead = z.object({
  lead: z.number().int(),
  model: scores,
  persistence: scores,
  dampedAnomalyPersistence: scores,
  climatology: scores,
});

export const verification = z.object({
  hemisphere: z.enum(['north', 'south']),
  synthetic: z.boolean(),
  units: z.object({ rmse: z.string(), iiee: z.string(), binaryAccuracy: z.string() }),
  forecasts: z.array(
    z.object({ issued: isoDay, model, issuedAt: z.iso.datetime(), leads: z.array(lead) }),
  ),
  totals: z.array(lead).describe('Over all forecasts above: squares pooled before the root.'),
});

export const domains = z.object({
  domains: z.array(
    z.object({
      id: z.string(),
      hemisphere: z.enum(['north', 'south']),
      synthetic: z.boolean(),
      grid: grid.omit({ row: true, column: true }),
      observed: z.array(isoDay),
      issued: z.array(isoDay),
      attribution: z.array(z.string()),
    }),
  ),
});

export const models = z.object({
  models: z.array(
    model.extend({
      config: z.looseObject({}),
      meta: z.looseObject({}),
      files: z.array(z.string()),
    }),
  ),
  refused: z.array(z.object({ folder: z.string(), reason: z.string(), at: z.iso.datetime() })),
});

export const mapSummary = z.object({
  width: z.number().int(),
  height: z.number().int(),
  crs: z.string().nullable(),
  transform: z.array(z.number()).nullable(),
  classes: z.array(z.string()),
  fractions: z.record(z.string(), z.number().min(0).max(1)),
  missing: z.number().int(),
  map: z.object({
    every: z.number().int(),
    classes: z.array(z.array(z.number().int().nullable())),
  }),
  probabilities: z.record(z.string(), z.array(z.array(value))).optional(),
});
