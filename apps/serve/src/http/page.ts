import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Built by vite from page/. */
const PAGE = fileURLToPath(new URL('../../dist/page', import.meta.url));

const SECURITY_HEADERS = {
  // Everything comes from this server; WebAssembly is compiled, and its threads begin from a blob.
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The map page, where it was built; else the way to the API's document. */
export async function pageRoutes(app: FastifyInstance, folder = PAGE): Promise<void> {
  if (!existsSync(folder)) {
    app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
    return;
  }
  await app.register(staticFiles, {
    root: folder,
    wildcard: false,
    schemaHide: true,
    cacheControl: false,
    preCompressed: true,
    globIgnore: ['**/*.br'],
    setHeaders(reply, path) {
      // Names of assets change with their content.
      const lasting = /[/\\]assets[/\\]/.test(path);
      reply.setHeader(
        'cache-control',
        lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) reply.setHeader(name, value);
    },
  });
}
