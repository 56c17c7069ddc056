import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { pageRoutes } from '../../src/http/page.js';
import { temporaryFolder } from '../make-state.js';

it('serves the page with names that last, and lets nothing in from elsewhere', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'main-1.js'), 'let a;');
  writeFileSync(join(folder, 'assets', 'main-1.js.br'), brotliCompressSync('let a;'));
  const app = Fastify();
  await pageRoutes(app, folder);
  const index = await app.inject('/');
  expect(index.statusCode).toBe(200);
  expect(index.headers['cache-control']).toBe('no-cache');
  expect(index.headers['content-security-policy']).toContain("default-src 'self'");
  const script = await app.inject({
    url: '/assets/main-1.js',
    headers: { 'accept-encoding': 'br' },
  });
  expect(script.headers['cache-control']).toContain('immutable');
  expect(script.headers['content-type']).toContain('javascript');
  expect(script.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(script.rawPayload).toString()).toBe('let a;');
  const plain = await app.inject('/assets/main-1.js');
  expect(plain.body).toBe('let a;');
  await app.close();
});

it('leads to the document of the API where the page is not built', async () => {
  const app = Fastify();
  await pageRoutes(app, join(temporaryFolder(), 'none'));
  const answer = await app.inject('/');
  expect(answer.statusCode).toBe(302);
  expect(answer.headers['location']).toBe('/docs');
  await app.close();
});
