import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  downloadSource,
  type DownloadProgress,
  type DownloadSourceOptions,
} from '../../src/download/download-source.js';
import { failure, temporaryFolder } from '../helpers.js';
import { FAST, goodFile, IMPATIENT, localServer, someBytes } from './local-server.js';

const days = ['20200101', '20200102', '20200103', '20200104', '20200105', '20200106'];
const nameOf = (day: string) => `sic_psn25_${day}_F17_v06r00.nc`;
const contentOf = (day: string) => someBytes(20_000 + Number(day.slice(-1)), Number(day));
const root = '/NOAA/G02202_V6/north/daily/2020/';
const folder = temporaryFolder();
let serial = 0;

async function agency() {
  const server = await localServer();
  server.routes[root] = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(days.map((day) => `<a href="${nameOf(day)}">x</a>`).join(''));
  };
  for (const day of days) server.routes[root + nameOf(day)] = goodFile(contentOf(day), `"${day}"`);
  const output = join(folder, String(++serial));
  const options: DownloadSourceOptions = {
    ...FAST,
    source: 'g02202',
    from: '2020-01-01',
    to: '2020-01-06',
    output,
    origins: { 'https://noaadata.apps.nsidc.org': server.origin },
  };
  const fetches = () => server.seen.filter(({ path }) => path.endsWith('.nc')).length;
  return { server, output, options, fetches };
}

it('a folder of files with their record; the next run only looks', async () => {
  const { output, options, fetches } = await agency();
  const seen: DownloadProgress[] = [];
  const files = await downloadSource({ ...options, onProgress: (progress) => seen.push(progress) });
  expect(files.map(({ date, status }) => [date, status])).toEqual(
    days.map((_, i) => [`2020-01-0${i + 1}`, 'fetched']),
  );
  for (const day of days) {
    expect(readFileSync(join(output, nameOf(day))).equals(contentOf(day))).toBe(true);
  }
  expect(readdirSync(output).sort()).toEqual(['checksums.jsonl', ...days.map(nameOf)]);
  const bytes = days.reduce((sum, day) => sum + contentOf(day).length, 0);
  expect(seen.at(-1)).toMatchObject({
    filesDone: 6,
    filesTotal: 6,
    bytesDone: bytes,
    bytesTotal: bytes,
  });
  expect(seen[0]?.bytesTotal).toBeNull();
  for (let i = 1; i < seen.length; i++) {
    expect(seen[i]?.filesDone).toBeGreaterThanOrEqual(seen[i - 1]?.filesDone ?? 0);
    expect(seen[i]?.bytesDone).toBeGreaterThanOrEqual(seen[i - 1]?.bytesDone ?? 0);
  }
  expect(fetches()).toBe(6);
  writeFileSync(join(output, nameOf('20200103')), 'spoilt');
  const again = await downloadSource({ ...options, from: '2020-01-02' });
  expect(again.map(({ status }) => status)).toEqual(['kept', 'replaced', 'kept', 'kept', 'kept']);
  expect(fetches()).toBe(7);
  const lines = readFileSync(join(output, 'checksums.jsonl'), 'utf8').trim().split('\n');
  const recorded = new Map(
    lines.map((line) => JSON.parse(line)).map(({ file, sha256 }) => [file, sha256]),
  );
  expect(recorded.size).toBe(6);
  for (const day of days) {
    expect(recorded.get(nameOf(day))).toBe(
      createHash('sha256').update(contentOf(day)).digest('hex'),
    );
  }
});

it('no more at a time than asked for', async () => {
  const { server, options } = await agency();
  let [now, most] = [0, 0];
  for (const day of days) {
    const good = goodFile(contentOf(day));
    server.routes[root + nameOf(day)] = async (request, response, count) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now--;
      return good(request, response, count);
    };
  }
  await downloadSource({ ...options, parallel: 2 });
  expect(most).toBe(2);
  await failure(() => downloadSource({ ...options, parallel: 0 }), 'InvalidOption');
});

it('flaky: every file fails twice in another way, all arrive', async () => {
  const { server, options } = await agency();
  days.forEach((day, i) => {
    const content = contentOf(day);
    server.routes[root + nameOf(day)] = (request, response, count) => {
      if (count > 2) return goodFile(content)(request, response, count);
      if ((i + count) % 3 === 0) response.writeHead(503).end();
      else if ((i + count) % 3 === 1) response.destroy();
      else {
        response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
        response.write(content.subarray(0, 500));
      }
    };
  });
  const files = await downloadSource({ ...options, ...IMPATIENT });
  expect(files.map(({ sha256 }) => sha256)).toEqual(
    days.map((day) => createHash('sha256').update(contentOf(day)).digest('hex')),
  );
});

it('one file is missing: one clear error, the others stay, nothing half-written', async () => {
  const { server, output, options } = await agency();
  const missing = root + nameOf('20200104');
  const good = server.routes[missing];
  server.routes[missing] = (_request, response) => void response.writeHead(404).end();
  const message = await failure(() => downloadSource({ ...options, parallel: 1 }), 'NotFound');
  expect(message).toContain(nameOf('20200104'));
  expect(readdirSync(output).sort()).toEqual(['checksums.jsonl', ...days.slice(0, 3).map(nameOf)]);
  if (good) server.routes[missing] = good;
  const files = await downloadSource(options);
  expect(files.map(({ status }) => status)).toEqual([
    ...['kept', 'kept', 'kept'],
    ...['fetched', 'fetched', 'fetched'],
  ]);
});

it('the listing is tried again too, and refused listings end it', async () => {
  const { server, options } = await agency();
  const good = server.routes[root];
  server.routes[root] = (request, response, count) => {
    if (count < 3) response.writeHead(500).end();
    else return good?.(request, response, count);
  };
  expect((await downloadSource(options)).length).toBe(6);
  server.routes[root] = (_request, response) => void response.writeHead(403).end();
  await failure(() => downloadSource(options), 'AccessDenied');
});

it('a signal ends everything', async () => {
  const { options } = await agency();
  const stop = new AbortController();
  const running = downloadSource({
    ...options,
    signal: stop.signal,
    onProgress: () => stop.abort(new Error('enough')),
  });
  expect(await failure(() => running, 'Aborted')).toContain('enough');
});
