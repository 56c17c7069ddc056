import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ServeError } from './errors.js';

/** What Fastify takes as a proxy to be trusted. */
function isProxy(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const version = isIP(address);
  if (version === 0) return /^(loopback|linklocal|uniquelocal)$/.test(text);
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

const count = z.coerce.number().int().positive();

const schema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free one. */
  port: z.coerce.number().int().min(0).max(65_535).default(8000),
  /** Folder of model folders. */
  models: z.string().default('models'),
  /** Folder of the archive: observations, forecasts, scores. */
  archive: z.string().default('served'),
  /** Generated series that an empty archive starts with. */
  series: z.string().default(join('data', 'sea_ice_concentration.zarr')),
  /** Child processes that hold models. */
  workers: count.default(1),
  /** Child processes that write answers. */
  writers: count.default(Math.max(1, Math.min(2, availableParallelism() - 1))),
  /** Jobs that wait at most, per kind of process. */
  queue: count.default(32),
  /** Seconds that a job may take. */
  timeLimit: z.coerce.number().positive().default(60),
  /** MiB an upload may have. */
  maxUpload: z.coerce.number().positive().default(256),
  /** Pixels an uploaded image may have. */
  maxPixels: count.default(100_000_000),
  /** MiB of answers that are kept. */
  cache: count.default(512),
  /** Requests at once. */
  maxRequests: count.default(200),
  /** Milliseconds that requests are worked on at a time, before the health may be asked again. */
  maxLag: z.coerce.number().positive().default(30),
  /** Requests a minute and address; 0 for any number. */
  rateLimit: z.coerce.number().int().min(0).default(0),
  /** Proxies whose `X-Forwarded-For` is believed: addresses, networks, `loopback`, `linklocal`, `uniquelocal`. */
  trustProxy: z
    .array(
      z.string().refine(isProxy, 'expected addresses, networks such as 10.0.0.0/8, or loopback'),
    )
    .default([]),
  /** Origins that browsers may call from. */
  cors: z.array(z.string()).default([]),
  /** Keys, one of which a request has to bring. */
  apiKeys: z.array(z.string().min(8)).default([]),
  /** Seconds between looks at the model folders. */
  watch: z.coerce.number().positive().default(2),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** How the server runs; every field has a default. */
export type Settings = z.infer<typeof schema>;

/** @throws ServeError naming the setting, what was expected and what was received. */
export function resolveSettings(options: Readonly<Record<string, unknown>>): Settings {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0] ?? '');
  const option = `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
  throw new ServeError(
    400,
    'settings',
    `${option}: ${issue?.message ?? 'expected another value'}. Received: ${JSON.stringify(options[name]) ?? 'none'}`,
  );
}
