import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ServeError } from '../errors.js';
import type { Service } from '../service.js';
import type { Settings } from '../settings.js';
import type { InferenceJob, MapAnswer, MapResult } from '../workers/jobs.js';
import { PROBLEMS } from './ice-routes.js';
import * as schemas from './schemas.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Fields of a multipart body that are files. */
    readonly files?: readonly string[];
  }
}

const ENDINGS = { json: 'json', geojson: 'geojson', netcdf: 'nc', cog: 'tif' } as const;

const query = z
  .object({
    format: schemas.format,
    step: z.coerce
      .number()
      .int()
      .positive()
      .optional()
      .describe('Pixels from one tile to the next.'),
  })
  .strict();

const response = {
  200: {
    description: 'The map',
    content: {
      'application/json': { schema: schemas.mapSummary },
      'application/geo+json': { schema: schemas.geoJson },
      'application/x-netcdf': { schema: schemas.binary },
      'image/tiff': { schema: schemas.binary },
    },
  },
  ...PROBLEMS,
} as never; // of several media types

interface Upload {
  readonly path: string;
  /** For messages only. */
  readonly name: string;
}

/** Maps of uploaded images; uploads go to the disk as they come, and results come from it. */
export async function uploadRoutes(
  app: FastifyInstance,
  service: Service,
  settings: Settings,
): Promise<void> {
  const bytes = Math.round(settings.maxUpload * 2 ** 20);
  await app.register(multipart, {
    limits: { fileSize: bytes, files: 2, fields: 4, fieldSize: 1024, parts: 6, headerPairs: 50 },
  });
  const typed = app.withTypeProvider<ZodTypeProvider>();

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    format: MapAnswer,
    fields: readonly string[],
    job: (uploads: readonly Upload[], output: string) => InferenceJob,
  ) => {
    if (Number(request.headers['content-length'] ?? 0) > 2 * bytes + 65_536)
      throw new ServeError(
        413,
        'too-large',
        `Expected files of at most ${settings.maxUpload} MiB. Received: ${request.headers['content-length']} bytes`,
      );
    const folder = join(service.archive.places.uploads, randomUUID());
    await mkdir(folder, { recursive: true });
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      const uploads = await receive(request, folder, fields, settings.maxUpload);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const result = (await service.map(
        job(uploads, join(folder, 'result')),
        gone.signal,
      )) as MapResult; // of a map job
      const { size } = await stat(result.path);
      reply
        .type(result.contentType)
        .header('content-length', size)
        .header('content-disposition', `inline; filename="map.${ENDINGS[format]}"`);
      const stream = createReadStream(result.path);
      stream.once('close', () => void remove());
      return reply.send(stream);
    } catch (error) {
      await remove();
      throw error;
    }
  };

  typed.route({
    method: 'POST',
    url: '/api/v1/classify',
    config: { files: ['image'] },
    schema: {
      tags: ['images'],
      summary: 'Classes of an image, with probabilities',
      description:
        'multipart/form-data with the field `image`: PNG, JPEG or GeoTIFF of 8-bit bands.',
      consumes: ['multipart/form-data'],
      querystring: query,
      response,
    },
    handler: (request, reply) =>
      answer(request, reply, request.query.format, ['image'], ([image], output) => ({
        kind: 'classify',
        folder: service.registry.get('classifier').folder,
        input: image?.path ?? '',
        name: image?.name ?? '',
        output,
        format: request.query.format,
        step: request.query.step ?? null,
        maxPixels: settings.maxPixels,
      })),
  });

  typed.route({
    method: 'POST',
    url: '/api/v1/changes',
    config: { files: ['before', 'after'] },
    schema: {
      tags: ['images'],
      summary: 'What changed between two images of one grid',
      description:
        'multipart/form-data with the fields `before` and `after`: PNG, JPEG or GeoTIFF.',
      consumes: ['multipart/form-data'],
      querystring: query.omit({ step: true }),
      response,
    },
    handler: (request, reply) =>
      answer(request, reply, request.query.format, ['before', 'after'], ([a, b], output) => ({
        kind: 'changes',
        folder: service.registry.get('siamese').folder,
        before: a?.path ?? '',
        after: b?.path ?? '',
        names: [a?.name ?? '', b?.name ?? ''],
        output,
        format: request.query.format,
        maxPixels: settings.maxPixels,
      })),
  });
}

/** The files of a request on the disk, in the order of `fields`, under names of our own. */
async function receive(
  request: FastifyRequest,
  folder: string,
  fields: readonly string[],
  maxUpload: number,
): Promise<readonly Upload[]> {
  if (!request.isMultipart())
    throw new ServeError(
      415,
      'not-multipart',
      `Expected multipart/form-data with ${fields.join(' and ')}. Received: ${request.headers['content-type'] ?? 'no content type'}`,
    );
  const found = new Map<string, Upload>();
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue;
    const at = fields.indexOf(part.fieldname);
    if (at < 0 || found.has(part.fieldname)) {
      part.file.resume();
      throw new ServeError(
        400,
        'bad-multipart',
        `Expected the files ${fields.join(' and ')}, each once. Received: ${JSON.stringify(part.fieldname)}`,
      );
    }
    const path = join(folder, `upload-${at}`);
    await pipeline(part.file, createWriteStream(path));
    if (part.file.truncated)
      throw new ServeError(
        413,
        'too-large',
        `${part.fieldname}: expected at most ${maxUpload} MiB. Received: more`,
      );
    found.set(part.fieldname, { path, name: part.fieldname });
  }
  return fields.map((field) => {
    const upload = found.get(field);
    if (upload) return upload;
    throw new ServeError(400, 'bad-multipart', `Expected a file ${field}. Received: none`);
  });
}
