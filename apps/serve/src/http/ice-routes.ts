import { leadScoreOf, type CaseSums } from '@arctic/metrics';
import { dayNumber, isoDate, type LonLatBox } from '@arctic/raster';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Score, ScoredName } from '../archive/archive.js';
import { ServeError } from '../errors.js';
import type { Service } from '../service.js';
import * as schemas from './schemas.js';
import { sendAnswer } from './send-answer.js';

const ENDINGS = {
  json: 'json',
  geojson: 'geojson',
  netcdf: 'nc',
  cog: 'tif',
  safetensors: 'safetensors',
} as const;
const NAMES = ['model', 'persistence', 'dampedAnomalyPersistence', 'climatology'] as const;

/** The problems that any route may answer with. */
export const PROBLEMS = Object.fromEntries(
  ['4xx', '5xx'].map((code) => [
    code,
    {
      description: 'Problem',
      content: { 'application/problem+json': { schema: schemas.problem } },
    },
  ]),
) as Record<string, unknown>;

function gridded(schema: z.ZodType, description: string) {
  return {
    200: {
      description,
      content: {
        'application/json': { schema },
        'application/geo+json': { schema: schemas.geoJson },
        'application/x-netcdf': { schema: schemas.binary },
        'image/tiff': { schema: schemas.binary },
        'application/octet-stream': { schema: schemas.binary },
      },
    },
    ...PROBLEMS,
  };
}

const dated = schemas.boxQuery.extend({ date: z.iso.date().optional() });

/** @throws ServeError 400 for a box that is none */
function boxOf(query: z.infer<typeof schemas.boxQuery>): LonLatBox {
  const { reversed, empty } = schemas.expectBox(query);
  const { min_lon: west, min_lat: south, max_lon: east, max_lat: north } = query;
  if (reversed)
    throw new ServeError(
      400,
      'invalid-parameters',
      `min_lat, max_lat: expected the southern edge below the northern one. Received: ${south} and ${north}`,
    );
  if (empty)
    throw new ServeError(
      400,
      'invalid-parameters',
      `min_lon, max_lon: expected a box of some width; -180 and 180 take all longitudes. Received: ${west} twice`,
    );
  return { west, south, east, north };
}

/** Forecasts, observations and their verification. */
export function iceRoutes(app: FastifyInstance, service: Service): void {
  const { archive } = service;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const dayOf = (date: string | undefined) => (date === undefined ? undefined : dayNumber(date));

  typed.route({
    method: 'GET',
    url: '/api/v1/predictions/7day',
    schema: {
      tags: ['ice'],
      summary: 'Forecast of the next seven days over a box',
      querystring: dated.describe('date: day of issue, the newest observed one where absent'),
      response: gridded(schemas.prediction, 'The forecast') as never, // of several media types
    },
    async handler(request, reply) {
      const { query } = request;
      const domain = archive.domainOf(query.hemisphere);
      const box = boxOf(query);
      const answer = await service.predictions(domain, dayOf(query.date), box, query.format);
      return sendAnswer(answer, `forecast.${ENDINGS[query.format]}`, request, reply);
    },
  });

  for (const [url, summary, querystring] of [
    [
      '/api/v1/ice/current',
      'The newest observation over a box',
      schemas.boxQuery.extend({ date: z.undefined().optional() }),
    ],
    ['/api/v1/observations', 'The observation of a day over a box', dated],
  ] as const) {
    typed.route({
      method: 'GET',
      url,
      schema: {
        tags: ['ice'],
        summary,
        querystring: url.endsWith('current') ? schemas.boxQuery : querystring,
        response: gridded(schemas.observation, 'The observation') as never, // of several media types
      },
      async handler(request, reply) {
        const query = request.query as z.infer<typeof dated>;
        const domain = archive.domainOf(query.hemisphere);
        const box = boxOf(query);
        const answer = await service.observation(domain, dayOf(query.date), box, query.format);
        return sendAnswer(answer, `ice.${ENDINGS[query.format]}`, request, reply);
      },
    });
  }

  typed.route({
    method: 'GET',
    url: '/api/v1/predictions/inputs',
    schema: {
      tags: ['ice'],
      summary: 'What a forecast is made from, as safetensors, to make it elsewhere',
      querystring: z
        .object({ date: z.iso.date().optional(), hemisphere: schemas.hemisphere })
        .strict(),
      response: {
        200: {
          description:
            'sic [30,H,W], normal [37,H,W], alpha [7,H,W], active [H,W]; metadata issued, firstDay',
          content: { 'application/octet-stream': { schema: schemas.binary } },
        },
        ...PROBLEMS,
      } as never, // of another media type
    },
    async handler(request, reply) {
      const domain = archive.domainOf(request.query.hemisphere);
      const answer = await service.inputs(domain, dayOf(request.query.date));
      return sendAnswer(answer, 'inputs.safetensors', request, reply);
    },
  });

  typed.route({
    method: 'GET',
    url: '/api/v1/domains',
    schema: {
      tags: ['ice'],
      summary: 'Grids that there are, with the days observed and issued',
      response: { 200: schemas.domains, ...PROBLEMS } as never, // problems are of another media type
    },
    handler: () => ({
      domains: archive
        .domains()
        .map(({ id, hemisphere, synthetic, grid, height, width, attribution }) => ({
          id,
          hemisphere,
          synthetic,
          grid: { crs: grid.crs, transform: grid.transform, width, height },
          observed: archive.observations(id).map(({ day }) => isoDate(day)),
          issued: [...new Set(archive.forecasts(id).map(({ issue }) => isoDate(issue)))],
          attribution,
        })),
    }),
  });

  typed.route({
    method: 'GET',
    url: '/api/v1/verification',
    schema: {
      tags: ['ice'],
      summary: 'Scores of issued forecasts against what was observed, beside reference forecasts',
      querystring: z
        .object({
          from: z.iso.date().optional(),
          to: z.iso.date().optional(),
          hemisphere: schemas.hemisphere,
        })
        .strict(),
      response: { 200: schemas.verification, ...PROBLEMS } as never, // problems are of another media type
    },
    handler(request) {
      const { from, to, hemisphere } = request.query;
      const domain = archive.domainOf(hemisphere);
      const scores = archive.scores(domain.id, dayOf(from) ?? -1e6, dayOf(to) ?? 1e6);
      const forecasts = archive.forecasts(domain.id).flatMap((forecast) => {
        const own = scores.filter(
          ({ issue, version }) => issue === forecast.issue && version === forecast.model.version,
        );
        if (own.length === 0) return [];
        return [
          {
            issued: isoDate(forecast.issue),
            model: forecast.model,
            issuedAt: forecast.issuedAt,
            leads: leadsOf(own),
          },
        ];
      });
      return {
        hemisphere,
        synthetic: domain.synthetic,
        units: { rmse: '1', iiee: 'km2', binaryAccuracy: 'percent' },
        forecasts,
        totals: leadsOf(scores),
      };
    },
  });
}

function leadsOf(scores: readonly Score[]) {
  const leads = [...new Set(scores.map(({ lead }) => lead))].sort((a, b) => a - b);
  return leads.map((lead) => ({
    lead,
    ...(Object.fromEntries(NAMES.map((name) => [name, scoreOf(scores, lead, name)])) as Record<
      ScoredName,
      ReturnType<typeof scoreOf>
    >), // one of each name
  }));
}

function scoreOf(scores: readonly Score[], lead: number, name: ScoredName) {
  const cases: CaseSums[] = scores
    .filter((one) => one.lead === lead && one.name === name)
    .map(({ sums }) => sums);
  const { n, rmse, mae, bias, iiee, binaryAccuracy } = leadScoreOf(lead, cases);
  const orNull = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    n,
    rmse: orNull(rmse),
    mae: orNull(mae),
    bias: orNull(bias),
    iiee: orNull(iiee),
    binaryAccuracy: orNull(binaryAccuracy),
  };
}
