import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import type { NetworkOptions } from '../../src/download/http-session.js';

/** One request as the server saw it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly method: string;
}

/** Answers request number `count` (from 1) of its path. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  count: number,
) => void | Promise<void>;

/** A server on this machine, gone after the tests of the file; `routes` by path without query. */
export async function localServer(routes: Record<string, Handler> = {}) {
  const seen: SeenRequest[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*/, '');
    seen.push({
      path: request.url ?? '/',
      headers: request.headers,
      method: request.method ?? '',
    });
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const handler = routes[path];
    if (!handler) return void response.writeHead(404).end();
    Promise.resolve(handler(request, response, counts.get(path) ?? 0)).catch(() =>
      response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, routes, seen };
}

/** Bytes that differ everywhere, so that a wrong joint shows. */
export function someBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0, x = seed; i < length; i++) {
    x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = x >>> 16;
  }
  return bytes;
}

/** A server of a file that does everything right: length, ETag, ranges under `If-Range`. */
export function goodFile(content: Buffer, etag = '"one"'): Handler {
  return (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const isSame = !request.headers['if-range'] || request.headers['if-range'] === etag;
    if (range && isSame && start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const from = range && isSame ? start : 0;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': content.length - from,
      etag,
      'accept-ranges': 'bytes',
      ...(from > 0 && {
        'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      }),
    });
    response.end(content.subarray(from));
  };
}

/** Sends the head and the first bytes of a whole answer, then breaks the connection. */
export function breakAfter(
  response: ServerResponse,
  content: Buffer,
  bytes: number,
  etag = '"one"',
) {
  response.writeHead(200, { 'content-length': content.length, etag, 'accept-ranges': 'bytes' });
  response.write(content.subarray(0, bytes), () => response.destroy());
}

/** Short waits, no logins from the machine that the tests run on. */
export const FAST: NetworkOptions = {
  env: {},
  netrc: '/nonexistent/netrc',
  retry: { attempts: 4, baseDelayMs: 1, maxDelayMs: 4, stallMs: 10_000 },
};

/** The same with a short patience; a busy machine may make it try once more than it would have to. */
export const IMPATIENT: NetworkOptions = {
  ...FAST,
  retry: { ...FAST.retry, attempts: 10, stallMs: 150 },
};
