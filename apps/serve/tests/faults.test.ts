import { cpSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Server } from '../src/server.js';
import { Service } from '../src/service.js';
import { makeForecaster, makeWork, settingsOf, startServer, until } from './make-state.js';

let work: string;
let server: Server;
let base: string;

beforeAll(async () => {
  work = await makeWork();
  server = await startServer(settingsOf(work));
  base = await server.app.listen({ host: '127.0.0.1', port: 0 });
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(work, { recursive: true, force: true });
});

const BOX = 'min_lon=-180&min_lat=60&max_lon=-120&max_lat=85';
const predict = (more = '') => fetch(`${base}/api/v1/predictions/7day?${BOX}${more}`);
const versionOf = async () =>
  ((await (await predict()).json()) as { model: { version: string } }).model.version;

it('begins a request anew whose process was killed', async () => {
  const { archive, inference } = server.service;
  const [oldest] = archive.observations('synthetic');
  const issue = (oldest?.day ?? 0) + 33;
  const date = new Date(issue * 86_400_000).toISOString().slice(0, 10);
  expect(archive.forecasts('synthetic').some((one) => one.issue === issue)).toBe(false);
  const answer = predict(`&date=${date}`);
  await until(() => inference.load.running === 1);
  for (const pid of inference.pids) process.kill(pid, 'SIGKILL');
  expect((await answer).status).toBe(200);
  expect((await fetch(`${base}/health`)).status).toBe(200);
});

it('takes a new model folder without a restart, and refuses a broken one', async () => {
  const before = await versionOf();
  const folder = join(work, 'models', 'convlstm');
  await makeForecaster(folder, join(work, 'series.zarr'), 2);
  await until(async () => (await versionOf()) !== before);
  const second = await versionOf();
  truncateSync(join(folder, 'model.safetensors'), 1000);
  await until(() => server.service.registry.refused.length === 1);
  expect(await versionOf()).toBe(second);
  expect((await predict('&format=cog')).status).toBe(200);
  const models = (await (await fetch(`${base}/api/v1/models`)).json()) as {
    refused: { folder: string; reason: string }[];
  };
  expect(models.refused[0]?.folder).toBe('convlstm');
  expect(models.refused[0]?.reason).not.toContain(work);
  await makeForecaster(folder, join(work, 'series.zarr'), 3);
  await until(() => server.service.registry.refused.length === 0);
  await until(async () => (await versionOf()) !== second);
  rmSync(folder, { recursive: true });
  await server.service.registry.refresh();
  expect((await predict()).status).toBe(200);
});

it('makes a damaged database again while it serves', async () => {
  const { archive } = server.service;
  const count = archive.observations('synthetic').length;
  const forecasts = archive.forecasts('synthetic').length;
  for (const end of ['', '-wal'])
    writeFileSync(`${archive.places.database}${end}`, Buffer.alloc(40_000, 'damage'));
  expect((await predict()).status).toBe(200);
  expect((await fetch(`${base}/api/v1/domains`)).status).toBe(200);
  expect(archive.observations('synthetic')).toHaveLength(count);
  expect(archive.forecasts('synthetic')).toHaveLength(forecasts);
  const [domain] = archive.domains();
  if (domain) await server.service.scorePending(domain);
  const { totals } = (await (await fetch(`${base}/api/v1/verification`)).json()) as {
    totals: unknown[];
  };
  expect(totals).toHaveLength(7);
});

it('makes it again at the start, and mends what a crash left half done', async () => {
  const other = join(work, 'other');
  cpSync(join(work, 'served'), other, { recursive: true });
  writeFileSync(join(other, 'archive.db'), 'no database');
  for (const end of ['-wal', '-shm']) rmSync(join(other, `archive.db${end}`), { force: true });
  const { Archive } = await import('../src/archive/archive.js');
  const asides: string[] = [];
  const archive = new Archive(other, (aside) => asides.push(aside));
  const days = archive.observations('synthetic').length;
  expect(days).toBe(server.service.archive.observations('synthetic').length);
  expect(asides).toHaveLength(1);
  archive.close();
  const stores = join(other, 'observations', 'synthetic');
  const [first] = readdirSync(stores).sort();
  rmSync(join(stores, first ?? ''), { recursive: true });
  const again = new Archive(other);
  expect(again.observations('synthetic')).toHaveLength(days - 1);
  again.close();
});

it('is not disturbed by an ingest beside it', async () => {
  const { uploads, models } = server.service.archive.places;
  writeFileSync(join(uploads, 'coming'), '');
  mkdirSync(join(models, 'convlstm-older'));
  const copies = readdirSync(models);
  const beside = await Service.open(settingsOf(work));
  await beside.close();
  expect(readdirSync(uploads)).toEqual(['coming']);
  expect(readdirSync(models)).toEqual(copies);
  await server.service.clean();
  expect(readdirSync(uploads)).toEqual([]);
  expect(readdirSync(models)).not.toContain('convlstm-older');
  expect((await predict()).status).toBe(200);
});

it('serves others while a client reads slowly', async () => {
  const { port } = new URL(base);
  const sockets = Array.from({ length: 20 }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.pause();
    socket.write(`GET /api/v1/predictions/7day?${BOX} HTTP/1.1\r\nHost: x\r\n\r\n`);
    return socket;
  });
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    expect((await fetch(`${base}/health`)).status).toBe(200);
    expect(performance.now() - start).toBeLessThan(1000);
    expect((await predict()).status).toBe(200);
  }
  for (const socket of sockets) socket.destroy();
});

it('says 503 and when to come again while it closes', async () => {
  const slow = await startServer(
    settingsOf(work, { archive: join(work, 'third'), models: join(work, 'none') }),
  );
  const refused = await slow.app.inject(`/api/v1/predictions/7day?${BOX}`);
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['retry-after']).toBeDefined();
  expect((await slow.app.inject('/ready')).statusCode).toBe(503);
  expect((await slow.app.inject('/health')).statusCode).toBe(200);
  await slow.close();
});
