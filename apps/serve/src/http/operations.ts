import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { Service } from '../service.js';
import type { Gate } from './gate.js';

const health = z.object({ status: z.literal('ok') });
const ready = z.object({
  status: z.enum(['ready', 'not ready']),
  reasons: z.array(z.string()),
});

/** Liveness, readiness and figures for Prometheus. */
export function operations(app: FastifyInstance, service: Service, gate: Gate): void {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const requests = new Counter({
    name: 'arctic_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers: [register],
  });
  const seconds = new Histogram({
    name: 'arctic_request_seconds',
    help: 'Time to answer',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [register],
  });
  new Gauge({
    name: 'arctic_jobs',
    help: 'Jobs of child processes',
    labelNames: ['pool', 'state'],
    registers: [register],
    collect() {
      for (const { name: pool, load } of [service.inference, service.products]) {
        const { waiting, running } = load;
        this.set({ pool, state: 'waiting' }, waiting);
        this.set({ pool, state: 'running' }, running);
      }
    },
  });
  new Gauge({
    name: 'arctic_cached_bytes',
    help: 'Bytes of answers that are kept',
    registers: [register],
    collect() {
      this.set(service.cache.size.bytes);
    },
  });
  new Gauge({
    name: 'arctic_turned_away',
    help: 'Requests turned away since the start because there were too many',
    registers: [register],
    collect() {
      this.set(gate.refused);
    },
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ method: request.method, route, status: reply.statusCode });
    seconds.observe({ route }, reply.elapsedTime / 1000);
    done();
  });

  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.get(
    '/health',
    {
      schema: {
        tags: ['operations'],
        summary: 'Whether the process answers',
        response: { 200: health },
      },
    },
    () => ({ status: 'ok' as const }),
  );
  typed.get(
    '/ready',
    {
      schema: {
        tags: ['operations'],
        summary: 'Whether forecasts can be had',
        response: { 200: ready, 503: ready },
      },
    },
    async (_request, reply) => {
      const reasons = reasonsAgainst(service);
      const status = reasons.length === 0 ? ('ready' as const) : ('not ready' as const);
      if (reasons.length > 0) reply.code(503).header('retry-after', '5');
      return { status, reasons };
    },
  );
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['operations'],
        summary: 'Figures for Prometheus',
        response: {
          200: { description: 'Figures', content: { 'text/plain': { schema: z.string() } } },
        } as never, // of another media type
      },
    },
    async (_request, reply) => reply.type(register.contentType).send(await register.metrics()),
  );
}

function reasonsAgainst({ registry, archive, inference }: Service): string[] {
  const reasons: string[] = [];
  if (!registry.serving.some(({ name }) => name === 'convlstm')) reasons.push('no forecaster');
  if (!archive.domains().some(({ id }) => archive.newestDay(id) !== null))
    reasons.push('no observations');
  if (inference.load.workers === 0) reasons.push('no process for models');
  return reasons;
}
