import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLeadScores } from '@arctic/metrics';
import { readSafetensors } from '@arctic/nn';
import { openRaster, readCube } from '@arctic/raster';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readForecast } from '../src/workers/product-job.js';
import type { Server } from '../src/server.js';
import { lastDay, makeWork, settingsOf, startServer, temporaryFolder } from './make-state.js';

let work: string;
let server: Server;
let document: OpenApi;

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

beforeAll(async () => {
  work = await makeWork();
  server = await startServer(settingsOf(work));
  document = (await server.app.inject('/openapi.json')).json();
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(work, { recursive: true, force: true });
});

const BOX = 'min_lon=-180&min_lat=60&max_lon=-120&max_lat=85';

/** Checks an answer against the OpenAPI document with Ajv. */
function expectDocumented(path: string, status: string, mediaType: string, body: unknown): void {
  const operation = document.paths[path]?.['get'] ?? document.paths[path]?.['post'];
  const responses = operation?.responses ?? {};
  const { content } = responses[status] ?? responses[`${status.charAt(0)}XX`] ?? {};
  const schema = content?.[mediaType]?.schema;
  expect(schema, `${path} ${status} ${mediaType}`).toBeDefined();
  const ajv = new Ajv2020.default({ strict: false });
  formats.default(ajv);
  const validate = ajv.compile(schema ?? {});
  validate(body);
  expect(validate.errors, path).toBeNull();
}

async function get(url: string) {
  const { statusCode, headers, body } = await server.app.inject(url);
  return {
    status: statusCode,
    headers,
    json: () => JSON.parse(body) as never,
    problem: () => {
      expect(headers['content-type']).toContain('application/problem+json');
      return JSON.parse(body) as { type: string; status: number; detail: string };
    },
  };
}

it('describes itself in a valid OpenAPI 3.1 document', async () => {
  const { valid, errors } = await new Validator().validate(document as never);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(document.openapi).toMatch(/^3\.1/);
  expect((await server.app.inject('/docs/')).statusCode).toBe(200);
});

describe('predictions', () => {
  it('gives seven days with coordinates, mask, interval and reference', async () => {
    const answer = await get(`/api/v1/predictions/7day?${BOX}`);
    expect(answer.status).toBe(200);
    const body: {
      issued: string;
      times: string[];
      grid: { height: number; width: number };
      concentration: (number | null)[][][];
      mask: number[][];
      coordinates: { lon: number[][]; lat: number[][] };
      interval: { lower: (number | null)[][][]; upper: (number | null)[][][] };
    } = answer.json();
    expectDocumented('/api/v1/predictions/7day', '200', 'application/json', body);
    expect(body.issued).toBe(await lastDay(work));
    expect(body.times).toHaveLength(7);
    const { height, width } = body.grid;
    expect([body.mask.length, body.mask[0]?.length]).toEqual([height, width]);
    let inside = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [lon = 0, lat = 0] = [body.coordinates.lon[y]?.[x], body.coordinates.lat[y]?.[x]];
        const f = body.concentration[0]?.[y]?.[x] ?? null;
        if (f === null) continue;
        inside += 1;
        expect(lon <= -120 && lat >= 60 && lat <= 85).toBe(true);
        expect(body.mask[y]?.[x]).toBe(1);
        expect(body.interval.lower[0]?.[y]?.[x]).toBeLessThanOrEqual(f + 1e-4);
      }
    }
    expect(inside).toBeGreaterThan(50);
  });

  it('gives the same field in every format', async () => {
    const url = `/api/v1/predictions/7day?${BOX}`;
    const folder = temporaryFolder();
    const body: { concentration: (number | null)[][][]; grid: { transform: number[] } } = (
      await get(url)
    ).json();
    for (const [format, name] of [
      ['netcdf', 'a.nc'],
      ['cog', 'a.tif'],
    ] as const) {
      const { rawPayload, statusCode } = await server.app.inject(`${url}&format=${format}`);
      expect(statusCode).toBe(200);
      const path = join(folder, name);
      writeFileSync(path, rawPayload);
      const file = await openRaster(path);
      expect(file.transform).toEqual(body.grid.transform);
      const variable = file.variables.find((one) => /^sic/.test(one.name));
      const { data } = (await variable?.read()) ?? { data: [] };
      const flat = body.concentration[0]?.flat() ?? [];
      flat.forEach((v, i) => {
        if (v === null) expect(data[i]).toBeNaN();
        else expect(data[i]).toBeCloseTo(v, 3);
      });
      await file.close();
    }
    const packed = await server.app.inject(`${url}&format=safetensors`);
    const { tensors, metadata } = readSafetensors(new Uint8Array(packed.rawPayload));
    expect(JSON.parse(metadata['grid'] ?? '')).toEqual(body.grid);
    expect(JSON.parse(metadata['times'] ?? '')).toHaveLength(7);
    const sic = tensors.get('sic')?.data ?? [];
    body.concentration.flat(2).forEach((v, i) => {
      if (v === null) expect(sic[i]).toBeNaN();
      else expect(sic[i]).toBeCloseTo(v, 3);
    });
    expect([...tensors.keys()]).toEqual(['sic', 'lower', 'upper', 'reference', 'mask']);
    const geojson = await get(`${url}&format=geojson`);
    expectDocumented('/api/v1/predictions/7day', '200', 'application/geo+json', geojson.json());
    expect(geojson.headers['content-type']).toContain('application/geo+json');
  });

  it.each([
    ['across the dateline', 'min_lon=150&min_lat=60&max_lon=-120&max_lat=85'],
    ['beyond 180', 'min_lon=150&min_lat=60&max_lon=240&max_lat=85'],
    ['round the pole', 'min_lon=-180&min_lat=50&max_lon=180&max_lat=90'],
  ])('takes boxes %s', async (_, box) => {
    const answer = await get(`/api/v1/predictions/7day?${box}`);
    expect(answer.status).toBe(200);
    const { mask }: { mask: number[][] } = answer.json();
    expect(mask.flat().reduce((a, b) => a + b, 0)).toBeGreaterThan(100);
  });

  it('answers 304 to a tag that is known, and packs where the client takes that', async () => {
    const url = `/api/v1/predictions/7day?${BOX}`;
    const first = await server.app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    expect(first.headers['content-encoding']).toBe('gzip');
    const again = await server.app.inject({
      url,
      headers: { 'if-none-match': String(first.headers['etag']) },
    });
    expect(again.statusCode).toBe(304);
  });

  it.each([
    ['NaN', 'min_lon=NaN&min_lat=60&max_lon=-120&max_lat=85', 400],
    ['infinite', 'min_lon=-Infinity&min_lat=60&max_lon=-120&max_lat=85', 400],
    ['reversed', 'min_lon=-180&min_lat=85&max_lon=-120&max_lat=60', 400],
    ['without width', 'min_lon=-180&min_lat=60&max_lon=-180&max_lat=85', 400],
    ['off the globe', 'min_lon=-180&min_lat=60&max_lon=-120&max_lat=95', 400],
    ['incomplete', 'min_lon=-180&min_lat=60&max_lon=-120', 400],
    ['unknown', `${BOX}&foo=1`, 400],
    ['format', `${BOX}&format=exe`, 400],
    ['date', `${BOX}&date=2017-13-40`, 400],
    ['no cells', 'min_lon=0&min_lat=-85&max_lon=10&max_lat=-80', 404],
    ['another day', `${BOX}&date=1999-01-01`, 404],
    ['the south', `${BOX}&hemisphere=south`, 404],
  ])('refuses a box that is %s', async (_, query, status) => {
    const answer = await get(`/api/v1/predictions/7day?${query}`);
    expect(answer.status).toBe(status);
    const problem = answer.problem();
    expect(problem.status).toBe(status);
    expectDocumented(
      '/api/v1/predictions/7day',
      String(status),
      'application/problem+json',
      problem,
    );
  });
});

it('gives the newest observation, and that of a day', async () => {
  const current = await get(`/api/v1/ice/current?${BOX}`);
  expectDocumented('/api/v1/ice/current', '200', 'application/json', current.json());
  const { observed }: { observed: string } = current.json();
  expect(observed).toBe(await lastDay(work));
  const day = await get(`/api/v1/observations?${BOX}&date=${observed}`);
  expectDocumented('/api/v1/observations', '200', 'application/json', day.json());
  expect((day.json() as { concentration: unknown }).concentration).toEqual(
    (current.json() as { concentration: unknown }).concentration,
  );
});

it('verifies as @arctic/metrics does on the same fields', async () => {
  const answer = await get('/api/v1/verification');
  const body: {
    forecasts: {
      issued: string;
      leads: Record<string, { n: number; rmse: number; iiee: number }>[];
    }[];
    totals: { lead: number; model: { rmse: number; n: number } }[];
  } = answer.json();
  expectDocumented('/api/v1/verification', '200', 'application/json', body);
  expect(body.totals.map(({ lead }) => lead)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const { archive } = server.service;
  const [domain] = archive.domains();
  const all = createLeadScores({
    leads: 7,
    mask: (await anyForecast()).active,
    area: (await readCube(archive.dayFiles('synthetic', -1e6, 1e6)[0]?.path ?? '')).area,
  });
  for (const issued of archive.forecasts(domain?.id ?? '')) {
    const arrays = await readForecast(archive.forecastFolder(issued));
    const cells = arrays.active.length;
    const [target] = archive.dayFiles(issued.domain, issued.issue + 1, issued.issue + 1);
    if (!target) continue;
    const { sic, area } = await readCube(target.path);
    const one = createLeadScores({ leads: 1, mask: arrays.active, area });
    one.add(1, arrays.sic.subarray(0, cells), sic, issued.issue);
    all.add(1, arrays.sic.subarray(0, cells), sic, issued.issue);
    const found = body.forecasts.find(
      ({ issued: date }) => date === new Date(issued.issue * 86_400_000).toISOString().slice(0, 10),
    )?.leads[0]?.['model'];
    const [expected] = one.result();
    expect(found?.rmse).toBe(expected?.rmse);
    expect(found?.iiee).toBe(expected?.iiee);
  }
  expect(body.totals[0]?.model.rmse).toBeCloseTo(all.result()[0]?.rmse ?? NaN, 12);
  expect(body.totals[0]?.model.n).toBe(all.result()[0]?.n);

  async function anyForecast() {
    const [issued] = archive.forecasts('synthetic');
    return readForecast(issued ? archive.forecastFolder(issued) : '');
  }
});

it('tells what is served', async () => {
  for (const path of ['/api/v1/models', '/api/v1/domains', '/health', '/ready']) {
    const answer = await get(path);
    expect(answer.status, path).toBe(200);
    expectDocumented(path, '200', 'application/json', answer.json());
  }
  expect((await server.app.inject('/metrics')).body).toContain('arctic_requests_total');
  expect((await get('/api/v1/models/convlstm/files/config.json')).status).toBe(200);
  expect((await get('/api/v1/models/convlstm/files/..%2f..%2fetc%2fpasswd')).status).toBe(400);
  expect((await get('/api/v1/models/convlstm/files/%2e%2e/config.json')).status).toBe(404);
  expect((await get('/../../etc/passwd')).status).toBe(404);
});

it('gives what a forecast is made from', async () => {
  const { rawPayload, statusCode } = await server.app.inject('/api/v1/predictions/inputs');
  expect(statusCode).toBe(200);
  const { tensors } = readSafetensors(rawPayload);
  expect(tensors.get('sic')?.shape).toEqual([30, 32, 32]);
  expect(tensors.get('normal')?.shape).toEqual([37, 32, 32]);
});
