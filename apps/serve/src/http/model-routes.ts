import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ServeError } from '../errors.js';
import type { Service } from '../service.js';
import { PROBLEMS } from './ice-routes.js';
import * as schemas from './schemas.js';

/** The models that are served, and their files for those who run them elsewhere. */
export function modelRoutes(app: FastifyInstance, { registry }: Service): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.route({
    method: 'GET',
    url: '/api/v1/models',
    schema: {
      tags: ['models'],
      summary: 'Models that are served, and folders that were refused',
      response: { 200: schemas.models, ...PROBLEMS } as never, // problems are of another media type
    },
    async handler() {
      return {
        models: await Promise.all(
          registry.serving.map(async ({ folder, ...model }) => ({
            ...model,
            files: (await readdir(folder)).sort(),
          })),
        ),
        refused: registry.refused,
      };
    },
  });

  typed.route({
    method: 'GET',
    url: '/api/v1/models/:name/files/:file',
    schema: {
      tags: ['models'],
      summary: 'A file of a model folder',
      params: z.object({
        name: schemas.model.shape.name,
        file: z.enum([
          'config.json',
          'model.safetensors',
          'reference.safetensors',
          'interval.json',
        ]),
      }),
      response: {
        200: {
          description: 'The file',
          content: {
            'application/octet-stream': { schema: schemas.binary },
            'application/json': { schema: z.looseObject({}) },
          },
        },
        ...PROBLEMS,
      } as never, // of several media types
    },
    async handler(request, reply) {
      const { name, file } = request.params;
      const { folder, version } = registry.get(name);
      if (!(await readdir(folder)).includes(file))
        throw new ServeError(
          404,
          'no-file',
          `Expected ${file} in the model folder. Received: none`,
        );
      reply.header('etag', `"${version}-${file}"`);
      reply.type(file.endsWith('.json') ? 'application/json' : 'application/octet-stream');
      return reply.send(createReadStream(join(folder, file)));
    },
  });
}
