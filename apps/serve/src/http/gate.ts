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

/**
 * A gate that lets requests in while no more than so many are open, and while the present turn of the event loop has
 * lasted no longer than `maxLag`: all requests that have come are handled in one turn, and those that ask for the
 * health wait for its end.
 */
export function createGate({ maxRequests, maxLag }: Settings): Gate {
  let open = 0;
  let refused = 0;
  let turn: number | null = null;
  const mayEnter = (): boolean => {
    if (turn === null) {
      turn = performance.now();
      setImmediate(() => {
        turn = null;
      });
    }
    return open < maxRequests && performance.now() - turn < maxLag;
  };
  return {
    get refused() {
      return refused;
    },
    serverFactory: (handler) =>
      createServer(
        {
          keepAliveTimeout: KEEP_ALIVE_MS,
          headersTimeout: HEADERS_MS,
          requestTimeout: REQUEST_MS,
          noDelay: true,
        },
        (request, response) => {
          if (!isOpen(request.url ?? '') && !mayEnter()) {
            refused += 1;
            refuse(request, response);
            return;
          }
          open += 1;
          response.once('close', () => {
            open -= 1;
          });
          handler(request, response);
        },
      ),
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
