import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { openRaster } from '@arctic/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Server } from '../src/server.js';
import { bombOf, pngOf, tiffOf } from './images.js';
import { makeWork, settingsOf, startServer, temporaryFolder, until } from './make-state.js';

let work: string;
let server: Server;
let base: string;

beforeAll(async () => {
  work = await makeWork();
  server = await startServer(settingsOf(work, { maxUpload: 1, maxPixels: 250_000 }));
  base = await server.app.listen({ host: '127.0.0.1', port: 0 });
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(work, { recursive: true, force: true });
});

function form(files: Readonly<Record<string, Buffer>>, name = 'image.png'): FormData {
  const data = new FormData();
  for (const [field, bytes] of Object.entries(files))
    data.append(field, new Blob([new Uint8Array(bytes)]), name);
  return data;
}

const post = (path: string, body: FormData) =>
  fetch(`${base}/api/v1/${path}`, { method: 'POST', body });

async function expectClean(): Promise<void> {
  await until(() => readdirSync(server.service.archive.places.uploads).length === 0);
  expect((await fetch(`${base}/health`)).status).toBe(200);
}

it('classifies a picture and a GeoTIFF, in every format', async () => {
  const folder = temporaryFolder();
  await pngOf(join(folder, 'a.png'), 100, 80);
  const answer = await post('classify', form({ image: readFileSync(join(folder, 'a.png')) }));
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as {
    width: number;
    fractions: Record<string, number>;
    probabilities: Record<string, number[][]>;
  };
  expect(body.width).toBe(100);
  expect(Object.values(body.fractions).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  expect(Object.keys(body.probabilities)).toEqual(['open_water', 'thin_ice', 'thick_ice']);
  await tiffOf(join(folder, 'a.tif'), 128);
  const image = readFileSync(join(folder, 'a.tif'));
  const cog = await post('classify?format=cog&step=32', form({ image }));
  expect(cog.status).toBe(200);
  writeFileSync(join(folder, 'out.tif'), Buffer.from(await cog.arrayBuffer()));
  const file = await openRaster(join(folder, 'out.tif'));
  expect(file.transform).toEqual([0, 40, 0, -1_000_000, 0, -40]);
  expect(file.variables.map(({ name }) => name)).toEqual([
    'ice_class',
    'probability_open_water',
    'probability_thin_ice',
    'probability_thick_ice',
  ]);
  const sums = await Promise.all(
    file.variables.slice(1).map(async (one) => (await one.read()).data),
  );
  expect((sums[0]?.[0] ?? 0) + (sums[1]?.[0] ?? 0) + (sums[2]?.[0] ?? 0)).toBeCloseTo(1, 1);
  await file.close();
  for (const format of ['netcdf', 'geojson'])
    expect((await post(`classify?format=${format}`, form({ image }))).status, format).toBe(200);
  await expectClean();
});

it('finds changes between two pictures of one size', async () => {
  const folder = temporaryFolder();
  for (const [i, size] of [64, 64, 65].entries())
    await pngOf(join(folder, `${i}.png`), size, 64, i);
  const [before, after, other] = [0, 1, 2].map((i) => readFileSync(join(folder, `${i}.png`)));
  const answer = await post('changes', form({ before: before as Buffer, after: after as Buffer }));
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { classes: string[] }).classes).toEqual(['no_change', 'change']);
  const refused = await post('changes', form({ before: before as Buffer, after: other as Buffer }));
  expect(refused.status).toBe(422);
  expect(((await refused.json()) as { detail: string }).detail).not.toContain(work);
  await expectClean();
});

it('refuses what is no image, too large, too many pixels or a bomb', async () => {
  const folder = temporaryFolder();
  await pngOf(join(folder, 'large.png'), 600, 600);
  const cases: [Buffer, number][] = [
    [Buffer.from('no image'), 422],
    [Buffer.alloc(2 * 2 ** 20), 413],
    [readFileSync(join(folder, 'large.png')), 413],
    [bombOf(30_000), 422],
    [bombOf(3000), 413],
    [Buffer.alloc(0), 422],
  ];
  for (const [image, status] of cases) {
    const answer = await post('classify', form({ image }));
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const { detail } = (await answer.json()) as { detail: string };
    expect(answer.status, `${image.length} ${detail}`).toBe(status);
    expect(detail).not.toContain('served');
  }
  await expectClean();
});

it('takes no path from the name of a file', async () => {
  const folder = temporaryFolder();
  await pngOf(join(folder, 'a.png'), 64, 64);
  const image = readFileSync(join(folder, 'a.png'));
  for (const name of ['../../../../tmp/evil.png', '/etc/passwd', '..\\..\\evil', 'a\0b.png'])
    expect((await post('classify', form({ image }, name))).status, name).toBe(200);
  expect(readdirSync(work).sort()).toEqual(['models', 'series.zarr', 'served']);
  await expectClean();
});

it('refuses other fields, none, and bodies that are not multipart', async () => {
  const image = Buffer.from('x');
  expect((await post('classify', form({ other: image }))).status).toBe(400);
  expect((await post('classify', new FormData())).status).toBe(400);
  expect((await post('changes', form({ before: image }))).status).toBe(400);
  const json = await fetch(`${base}/api/v1/classify`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(json.status).toBe(415);
  await expectClean();
});

it.each([
  [
    'without an end',
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
    400,
  ],
  ['without a boundary', 'multipart/form-data', 'abc', 400],
  ['of another boundary', 'multipart/form-data; boundary=y', '--x\r\n\r\nabc\r\n--x--\r\n', 400],
  [
    'with a header without an end',
    'multipart/form-data; boundary=x',
    `--x\r\nContent-Disposition: form-data; name="${'a'.repeat(20_000)}`,
    400,
  ],
])('refuses multipart %s', async (_, type, body, status) => {
  const answer = await fetch(`${base}/api/v1/classify`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.status).toBe(status);
  await expectClean();
});

it('forgets an upload whose client goes away', async () => {
  const { port } = new URL(base);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    'POST /api/v1/classify HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
  );
  await until(() => readdirSync(server.service.archive.places.uploads).length === 1);
  socket.destroy();
  await expectClean();
});

it('keeps nothing of uploads that came over one connection', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on('warning', warned);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 12; i++) {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${base}/api/v1/classify`, {
        agent,
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      });
      call.once('error', reject).once('response', (answer) => {
        answer.resume().once('end', () => {
          resolve(answer.statusCode);
        });
      });
      call.end(
        '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nno image\r\n--x--\r\n',
      );
    });
    expect(status).toBe(422);
  }
  agent.destroy();
  process.off('warning', warned);
  expect(warnings).toEqual([]);
  await expectClean();
});
