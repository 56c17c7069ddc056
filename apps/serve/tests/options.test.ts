import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCli } from '../src/cli.js';
import { createServer } from '../src/server.js';
import { resolveSettings } from '../src/settings.js';
import { makeWork, settingsOf } from './make-state.js';

let work: string;
beforeAll(async () => {
  work = await makeWork();
}, 120_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

it('asks for a key where there are keys, and says so in the document', async () => {
  const server = await createServer(
    settingsOf(work, { apiKeys: ['long-secret-key'], cors: ['https://example.org'], rateLimit: 5 }),
  );
  const get = (headers: Record<string, string> = {}) =>
    server.app.inject({ url: '/api/v1/models', headers });
  const refused = await get();
  expect(refused.statusCode).toBe(401);
  expect(refused.headers['content-type']).toContain('application/problem+json');
  expect((await get({ 'x-api-key': 'another-key' })).statusCode).toBe(401);
  expect((await get({ 'x-api-key': 'long-secret-key' })).statusCode).toBe(200);
  const open = await get({
    authorization: 'Bearer long-secret-key',
    origin: 'https://example.org',
  });
  expect(open.statusCode).toBe(200);
  expect(open.headers['access-control-allow-origin']).toBe('https://example.org');
  let last = open;
  for (let i = 0; i < 5; i++) last = await get({ 'x-api-key': 'long-secret-key' });
  expect(last.statusCode).toBe(429);
  expect(last.headers['retry-after']).toBeDefined();
  expect((await server.app.inject('/health')).statusCode).toBe(200);
  await server.close();
});

it('believes what a trusted proxy says of the client', async () => {
  const server = await createServer(
    settingsOf(work, { trustProxy: ['127.0.0.0/8'], rateLimit: 2 }),
  );
  const from = (client: string) =>
    server.app.inject({ url: '/api/v1/models', headers: { 'x-forwarded-for': client } });
  for (let i = 0; i < 2; i++) expect((await from('192.0.2.1')).statusCode).toBe(200);
  expect((await from('192.0.2.1')).statusCode).toBe(429);
  expect((await from('192.0.2.2')).statusCode).toBe(200);
  await server.close();
});

it('names a setting that is none', () => {
  expect(() => resolveSettings({ port: 'x' })).toThrow(/^--port: .*Received: "x"$/);
  expect(() => resolveSettings({ maxPixels: 0 })).toThrow(/^--max-pixels/);
  for (const wrong of ['nginx', '10.0.0.0/33', '::1/x'])
    expect(() => resolveSettings({ trustProxy: [wrong] }), wrong).toThrow(
      /^--trust-proxy: .*10\.0/,
    );
  expect(resolveSettings({ trustProxy: ['loopback', '::1', '10.0.0.0/8'] }).trustProxy.length).toBe(
    3,
  );
  expect(resolveSettings({}).host).toBe('127.0.0.1');
});

it('reads the command line', async () => {
  const seen: unknown[] = [];
  const cli = createCli({
    run: async (options) => void seen.push(options),
    ingest: async (options) => void seen.push(options),
  });
  await cli.parseAsync(['node', 'serve', 'run', '--port', '9', '--cors', 'https://a, https://b']);
  await cli.parseAsync(['node', 'serve', 'ingest', '--input', 'x', '--source', 'nsidc-0081']);
  expect(seen[0]).toMatchObject({ port: '9', cors: ['https://a', 'https://b'] });
  expect(seen[1]).toMatchObject({ input: 'x', source: 'nsidc-0081', forecast: 'newest' });
  for (const command of ['run', 'ingest'])
    expect(cli.commands.find((one) => one.name() === command)?.helpInformation()).toContain(
      '--archive',
    );
});
