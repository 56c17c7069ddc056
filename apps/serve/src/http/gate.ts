import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Settings } from '../settings.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Turns requests away before anything is done for them, so that the health of the process can be asked at any load. */
export interface Gate {
  /** Requests that were turned away since the start. */
  readonly refused: number;
  /** For Fastify's `serverFactory`. */
  readonly serverFactory: (handler: Handler) => Server;
}

const PROBLEM = Buffer.from(
  JSON.stringify({
    type: 'urn:arctic:problem:overloaded',
    title: 'Service Unavailable',
    status: 503,
    detail: 'Too many requests at once. Try again later.',
    instance: '/',
  }),
);

/** Times that clients may be silent, ms. */
const KEEP_ALIVE_MS = 75_000; // longer than reverse proxies keep theirs, who would meet a closed connection otherwise
const HEADERS_MS = 30_000;
const REQUEST_MS = 600_000;

/** Longest time that requests wait for new connections to be taken in, ms. */
const STORM_MS = 250;

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * A gate that keeps the health answered at any load. Requests wait in line and are handled for `maxLag` at a time; then
 * those that ask for the health, which need not wait, have their turn. Beyond `maxRequests` they are turned away. Where
 * many connections come at once, these go first: libuv takes in one a turn, and the health may be asked on the last.
 */
export function createGate({ maxRequests, maxLag }: Settings): Gate {
  const waiting: Waiting[] = [];
  let open = 0;
  let refused = 0;
  let handle: Handler = () => undefined;
  let scheduled = false;
  let connected = false;
  let stormSince: number | null = null;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      work();
      if (waiting.length > 0) schedule();
    });
  };
  const work = (): void => {
    const start = performance.now();
    stormSince = connected ? (stormSince ?? start) : null;
    connected = false;
    if (stormSince !== null && start - stormSince < STORM_MS) return;
    stormSince = null;
    do {
      const next = waiting.shift();
      if (next && next.response.socket?.destroyed === false) handle(next.request, next.response);
    } while (waiting.length > 0 && performance.now() - start < maxLag);
  };
  return {
    get refused() {
      return refused;
    },
    serverFactory: (handler) => {
      handle = handler;
      const server = createServer(
        {
          keepAliveTimeout: KEEP_ALIVE_MS,
          headersTimeout: HEADERS_MS,
          requestTimeout: REQUEST_MS,
          noDelay: true,
        },
        (request, response) => {
          if (isOpen(request.url ?? '')) {
            handler(request, response);
            return;
          }
          if (open >= maxRequests) {
            refused += 1;
            refuse(request, response);
            return;
          }
          open += 1;
          response.once('close', () => {
            open -= 1;
          });
          waiting.push({ request, response });
          schedule();
        },
      );
      return server.on('connection', () => {
        connected = true;
      });
    },
  };
}

function refuse({ method }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': PROBLEM.length,
    'retry-after': '1',
    ...(method === 'GET' || method === 'HEAD' ? {} : { connection: 'close' }),
  });
  response.end(method === 'HEAD' ? undefined : PROBLEM);
}

/** Paths that are answered at any load. */
export function isOpen(url: string): boolean {
  return /^\/(health|ready|metrics)(\?|$)/.test(url);
}
