import { isoDate } from '@arctic/raster';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { pino } from 'pino';
import { ServeError } from './errors.js';
import { keyCheck } from './http/auth.js';
import { createGate, isOpen } from './http/gate.js';
import { iceRoutes } from './http/ice-routes.js';
import { modelRoutes } from './http/model-routes.js';
import { operations } from './http/operations.js';
import { pageRoutes } from './http/page.js';
import { sendProblem } from './http/problems.js';
import { uploadRoutes } from './http/upload-routes.js';
import { Service, type ServiceEvent } from './service.js';
import type { Settings } from './settings.js';

/** A server that is ready to listen. */
export interface Server {
  readonly app: FastifyInstance;
  readonly service: Service;
  /** Stops taking requests, answers those that came, and ends the child processes. */
  close(): Promise<void>;
}

/** Opens the archive and models and puts the routes up. */
export async function createServer(settings: Settings): Promise<Server> {
  const log = pino({ level: settings.logLevel, name: 'arctic-serve' });
  const service = await Service.open(settings, (event) => tell(log, event));
  await service.clean();
  const gate = createGate(settings);
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    trustProxy: settings.trustProxy.length > 0 ? settings.trustProxy : false,
    bodyLimit: 65_536,
    forceCloseConnections: 'idle',
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: gate.serverFactory,
    routerOptions: { maxParamLength: 200 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    sendProblem(
      new ServeError(
        404,
        'no-route',
        `Expected a path of the API, see /docs. Received: ${request.method} ${request.url.split('?')[0]}`,
      ),
      request,
      reply,
    );
  });
  logRequests(app);
  if (settings.cors.length > 0) await app.register(cors, { origin: settings.cors });
  if (settings.rateLimit > 0)
    await app.register(rateLimit, {
      max: settings.rateLimit,
      timeWindow: '1 minute',
      allowList: (request) => isOpen(request.url),
      errorResponseBuilder: (_request, { ttl, max }) =>
        new ServeError(429, 'rate-limit', `Expected at most ${max} requests a minute.`, {
          retryAfter: Math.ceil(ttl / 1000),
        }),
    });
  if (settings.apiKeys.length > 0) {
    const check = keyCheck(settings.apiKeys);
    app.addHook('onRequest', async (request) => {
      if (request.url.startsWith('/api/')) check(request);
    });
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Arctic sea ice',
        description: 'What the ice is now and in the next seven days, and maps of images.',
        version: '1',
      },
      ...(settings.apiKeys.length > 0 && {
        components: {
          securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
        },
        security: [{ key: [] }],
      }),
    },
    transform: withFiles,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  operations(app, service, gate);
  iceRoutes(app, service);
  modelRoutes(app, service);
  await uploadRoutes(app, service, settings);
  await pageRoutes(app);
  await app.ready();
  service.registry.watch(settings.watch);
  return {
    app,
    service,
    async close() {
      await app.close();
      await service.close();
    },
  };
}

/** The document's schemas; bodies of files are told there alone, since they are taken as they come. */
const withFiles: typeof jsonSchemaTransform = (options) => {
  const { schema, url } = jsonSchemaTransform(options);
  const { files } = options.route.config ?? {};
  if (!files) return { schema, url };
  const body = {
    type: 'object',
    properties: Object.fromEntries(
      files.map((name) => [name, { type: 'string', format: 'binary' }]),
    ),
    required: files,
  };
  return { schema: { ...schema, body }, url };
};

/** One line for a request that was answered; questions for the health are told when asked for. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      url: request.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      from: request.ip,
    };
    if (isOpen(request.url)) request.log.debug(line, 'answered');
    else request.log.info(line, 'answered');
  });
}

function tell(log: FastifyBaseLogger, event: ServiceEvent): void {
  switch (event.kind) {
    case 'serving': {
      const { name, version, synthetic } = event.model;
      log.info({ model: name, version, synthetic }, 'model is served');
      break;
    }
    case 'refused':
      log.warn(event.refused, 'model folder refused; what was served serves on');
      break;
    case 'died':
      log.warn({ pool: event.pool, code: event.code, signal: event.signal }, 'child process died');
      break;
    case 'late':
      log.warn({ pool: event.pool, seconds: event.seconds }, 'time limit reached');
      break;
    case 'stderr':
      log.debug({ pool: event.pool, text: event.text }, 'child process');
      break;
    case 'database':
      log.error({ setAside: event.setAside }, 'database was damaged; made again from the arrays');
      break;
    case 'issued':
      log.info(
        { issue: isoDate(event.forecast.issue), model: event.forecast.model.version },
        'forecast issued',
      );
      break;
    case 'failed':
      log.error({ what: event.what, err: event.error }, 'failed');
      break;
  }
}
