import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/download/download-file.js';
import { failure, temporaryFolder } from '../helpers.js';
import {
  breakAfter,
  FAST,
  goodFile,
  IMPATIENT,
  localServer,
  someBytes,
  type Handler,
} from './local-server.js';

const folder = temporaryFolder();
const content = someBytes(200_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const server = await localServer();
let serial = 0;

/** A fresh path and address for one test. */
function place(handler: Handler): { url: string; path: string; route: string } {
  const route = `/file-${++serial}.bin`;
  server.routes[route] = handler;
  return { url: server.origin + route, path: join(folder, `${serial}`, 'file.bin'), route };
}

const requestsOf = (route: string) => server.seen.filter(({ path }) => path === route);

/** Nothing is under the final name, and what is beside it is only the part. */
function expectNothing(path: string): void {
  expect(existsSync(path)).toBe(false);
  if (!existsSync(join(path, '..'))) return;
  for (const name of readdirSync(join(path, '..'))) expect(name).toMatch(/\.part(\.json)?$/);
}

describe('a whole file', () => {
  it('arrives checked, recorded, and is kept at the next run', async () => {
    const { url, path, route } = place(goodFile(content));
    const seen: [number, number | null][] = [];
    const first = await downloadFile(url, path, {
      ...FAST,
      onProgress: (bytes, total) => seen.push([bytes, total]),
    });
    expect(first).toEqual({ path, url, date: null, bytes: 200_000, sha256, status: 'fetched' });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(seen.at(-1)).toEqual([200_000, 200_000]);
    expect(readdirSync(join(path, '..')).sort()).toEqual(['checksums.jsonl', 'file.bin']);
    const record = JSON.parse(readFileSync(join(path, '../checksums.jsonl'), 'utf8'));
    expect(record).toEqual({ file: 'file.bin', sha256, bytes: 200_000, url });
    expect((await downloadFile(url, path, FAST)).status).toBe('kept');
    expect(requestsOf(route).length).toBe(1);
  });
  it('that was changed, or has no record, is fetched again', async () => {
    const { url, path, route } = place(goodFile(content));
    await downloadFile(url, path, FAST);
    writeFileSync(path, 'spoilt');
    expect((await downloadFile(url, path, FAST)).status).toBe('replaced');
    expect(readFileSync(path).equals(content)).toBe(true);
    writeFileSync(join(path, '../checksums.jsonl'), '{"file": "fi');
    expect((await downloadFile(url, path, FAST)).status).toBe('replaced');
    // The torn line of the record did not spoil the next one.
    expect((await downloadFile(url, path, FAST)).status).toBe('kept');
    expect(requestsOf(route).length).toBe(3);
  });
  it('with the published checksum is kept without a record, and replaced when another is published', async () => {
    const { url, path, route } = place(goodFile(content));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    const checksum = { algorithm: 'sha256', value: sha256 } as const;
    expect((await downloadFile(url, path, { ...FAST, checksum })).status).toBe('kept');
    expect(requestsOf(route).length).toBe(0);
    const newer = someBytes(1000, 7);
    server.routes[route] = goodFile(newer, '"two"');
    const value = createHash('md5').update(newer).digest('hex');
    const second = await downloadFile(url, path, {
      ...FAST,
      checksum: { algorithm: 'md5', value },
    });
    expect([second.status, second.bytes]).toEqual(['replaced', 1000]);
  });
  it('of unknown length (chunked) and one that is sent compressed', async () => {
    const chunked = place((_request, response) => {
      response.write(content.subarray(0, 5000));
      response.end(content.subarray(5000));
    });
    expect((await downloadFile(chunked.url, chunked.path, FAST)).sha256).toBe(sha256);
    const packed = place((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      const bytes = gzipSync(content);
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bytes.length });
      response.end(bytes);
    });
    expect((await downloadFile(packed.url, packed.path, FAST)).sha256).toBe(sha256);
  });
});

describe('broken transfers', () => {
  it('a truncating server: goes on by range under If-Range', async () => {
    const good = goodFile(content);
    const { url, path, route } = place((request, response, count) =>
      count === 1 ? breakAfter(response, content, 70_000) : good(request, response, count),
    );
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    const [, second] = requestsOf(route);
    expect(second?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(second?.headers['if-range']).toBe('"one"');
  });
  it('truncates at every attempt, each time later: still arrives', async () => {
    const { url, path, route } = place((request, response) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': content.length - from,
        etag: '"one"',
        ...(from > 0 && { 'content-range': `bytes ${from}-199999/200000` }),
      });
      const end = Math.min(content.length, from + 20_000);
      response.write(content.subarray(from, end), () =>
        end === content.length ? response.end() : response.destroy(),
      );
    });
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    // More breaks than attempts are allowed without progress.
    expect(requestsOf(route).length).toBeGreaterThanOrEqual(10);
  });
  it('truncates at the same byte for ever: one clear error, the part stays', async () => {
    const { url, path, route } = place((_request, response) => breakAfter(response, content, 1000));
    const message = await failure(() => downloadFile(url, path, FAST), 'DownloadFailed');
    expect(message).toContain(url);
    expect(message).toMatch(/in a row/);
    expect(requestsOf(route).length).toBeLessThanOrEqual(6);
    expectNothing(path);
    expect(statSync(`${path}.part`).size).toBe(1000);
  });
  it('ends early with a friendly close of a length that was stated', async () => {
    const { url, path } = place((_request, response) => {
      response.socket?.end(
        `HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n${'x'.repeat(100)}`,
      );
    });
    await failure(() => downloadFile(url, path, FAST), 'DownloadFailed');
    expectNothing(path);
  });
  it('stalls in the middle, then before the head: tried again', async () => {
    const good = goodFile(content);
    const { url, path, route } = place((request, response, count) => {
      if (count === 2) return;
      if (count > 2) return good(request, response, count);
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
      response.write(content.subarray(0, 50_000));
    });
    const begin = performance.now();
    expect((await downloadFile(url, path, IMPATIENT)).sha256).toBe(sha256);
    expect(performance.now() - begin).toBeLessThan(30_000);
    expect(requestsOf(route).length).toBeGreaterThanOrEqual(3);
  });
  it('stalls for ever: one clear error', async () => {
    const { url, path } = place(() => undefined);
    const retry = { ...FAST.retry, attempts: 2, stallMs: 40 };
    const message = await failure(
      () => downloadFile(url, path, { ...FAST, retry }),
      'DownloadFailed',
    );
    expect(message).toContain('no byte for too long, 2 times in a row');
    expectNothing(path);
  });
  it('sends a damaged compressed body for ever: one clear error', async () => {
    const { url, path } = place((_request, response) => {
      const bytes = gzipSync(content);
      bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 0xff; // of its checksum
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bytes.length });
      response.end(bytes);
    });
    const retry = { ...FAST.retry, attempts: 3, stallMs: 200 };
    for (let run = 0; run < 3; run++)
      await failure(() => downloadFile(url, path, { ...FAST, retry }), 'DownloadFailed');
    expectNothing(path);
  });
  it('ignores Range: starts anew', async () => {
    const { url, path } = place((_request, response, count) => {
      if (count === 1) return breakAfter(response, content, 70_000);
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' }).end(content);
    });
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
  });
  it('answers another range than asked for: starts anew', async () => {
    const { url, path, route } = place((request, response, count) => {
      if (count === 1) return breakAfter(response, content, 70_000);
      if (!request.headers.range) return goodFile(content)(request, response, count);
      response.writeHead(206, { etag: '"one"', 'content-range': 'bytes 10-199999/200000' });
      response.end(content.subarray(10));
    });
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    expect(requestsOf(route).at(-1)?.headers.range).toBeUndefined();
  });
  it('the file changes in between: the new one, whole', async () => {
    const newer = someBytes(150_000, 9);
    const obeys = place((request, response, count) =>
      count === 1
        ? breakAfter(response, content, 70_000)
        : goodFile(newer, '"two"')(request, response, count),
    );
    await downloadFile(obeys.url, obeys.path, FAST);
    expect(readFileSync(obeys.path).equals(newer)).toBe(true);
    // A server that does not know If-Range and sends the rest of the new file.
    const careless = place((request, response, count) => {
      if (count === 1) return breakAfter(response, content, 70_000);
      delete request.headers['if-range'];
      return goodFile(newer, '"two"')(request, response, count);
    });
    await downloadFile(careless.url, careless.path, FAST);
    expect(readFileSync(careless.path).equals(newer)).toBe(true);
  });
  it('without ETag, date or checksum nothing is continued', async () => {
    const { url, path, route } = place((_request, response, count) => {
      response.writeHead(200, { 'content-length': content.length });
      if (count === 1) response.write(content.subarray(0, 50_000), () => response.destroy());
      else response.end(content);
    });
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    expect(requestsOf(route)[1]?.headers.range).toBeUndefined();
  });
  it('the part was whole already: takes its name after a 416', async () => {
    const { url, path } = place(goodFile(content));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.part`, content);
    writeFileSync(
      `${path}.part.json`,
      JSON.stringify({ url, validator: '"one"', total: content.length }),
    );
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
  });
  it('parts of another address, longer than the file, or with a spoilt note are not used', async () => {
    for (const note of ['{"url":"http://other/", "validator":"\\"one\\"", "total":200000}', '{']) {
      const { url, path, route } = place(goodFile(content));
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(`${path}.part`, someBytes(300_000, 3));
      writeFileSync(`${path}.part.json`, note);
      expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
      expect(requestsOf(route)[0]?.headers.range).toBeUndefined();
    }
  });
  it('no server at all', async () => {
    const path = join(folder, 'nowhere', 'file.bin');
    const message = await failure(
      () => downloadFile('http://127.0.0.1:1/file.bin', path, FAST),
      'DownloadFailed',
    );
    expect(message).toContain('127.0.0.1:1');
    expectNothing(path);
  });
});

describe('statuses', () => {
  const failing = (status: number, headers: Record<string, string> = {}, times = Infinity) =>
    place((request, response, count) => {
      if (count > times) return goodFile(content)(request, response, count);
      response.writeHead(status, headers).end('no');
    });
  it.each([
    [401, 'LoginNeeded'],
    [403, 'AccessDenied'],
    [404, 'NotFound'],
    [410, 'NotFound'],
    [400, 'DownloadFailed'],
  ] as const)('%i is final: %s', async (status, tag) => {
    const { url, path, route } = failing(status);
    const message = await failure(() => downloadFile(`${url}?key=s3cret`, path, FAST), tag);
    expect(message).toContain(url);
    expect(message).toContain(String(status));
    expect(message).not.toContain('s3cret');
    expect(server.seen.filter((one) => one.path.startsWith(route)).length).toBe(1);
    expectNothing(path);
  });
  it.each([408, 425, 429, 500, 502, 503, 504])('%i three times, then the file', async (status) => {
    const { url, path, route } = failing(status, {}, 3);
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    expect(requestsOf(route).length).toBe(4);
  });
  it('500 for ever', async () => {
    const { url, path, route } = failing(500);
    const message = await failure(() => downloadFile(url, path, FAST), 'DownloadFailed');
    expect(message).toContain('status 500, 4 times in a row');
    expect(requestsOf(route).length).toBe(4);
    expectNothing(path);
  });
  it('429 with Retry-After in seconds and as a date: waits so long', async () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    const date = new Date(now + 1000).toUTCString();
    const cases: Record<string, string>[] = [
      { 'retry-after': '1' },
      { 'retry-after': date, date: new Date(now).toUTCString() },
    ];
    await Promise.all(
      cases.map(async (headers) => {
        const { url, path } = failing(429, headers, 1);
        const begin = performance.now();
        await downloadFile(url, path, FAST);
        expect(performance.now() - begin).toBeGreaterThan(950);
      }),
    );
  });
  it('a Retry-After of hours: says so instead of waiting', async () => {
    const { url, path } = failing(503, { 'retry-after': '7200' });
    const message = await failure(() => downloadFile(url, path, FAST), 'DownloadFailed');
    expect(message).toContain('asking to wait 7200 s');
  });
  it('a web page instead of the file, an empty answer', async () => {
    const page = place((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>Login</p>');
    });
    const message = await failure(() => downloadFile(page.url, page.path, FAST), 'DownloadFailed');
    expect(message).toContain('text/html');
    expectNothing(page.path);
    const empty = place((_request, response) => void response.writeHead(200).end());
    await failure(() => downloadFile(empty.url, empty.path, FAST), 'DownloadFailed');
    expectNothing(empty.path);
  });
});

describe('checksums', () => {
  const wrong = { algorithm: 'md5', value: '0'.repeat(32) } as const;
  it('of the caller: a wrong file is fetched once more, then refused and thrown away', async () => {
    const { url, path, route } = place(goodFile(content));
    const message = await failure(
      () => downloadFile(url, path, { ...FAST, checksum: wrong }),
      'DamagedFile',
    );
    expect(message).toContain(wrong.value);
    expect(requestsOf(route).length).toBe(2);
    expectNothing(path);
    expect(existsSync(`${path}.part`)).toBe(false);
  });
  it('damaged on the way once: the second try counts', async () => {
    const { url, path } = place((_request, response, count) => {
      const sent = Buffer.from(content);
      if (count === 1) sent[1000] = (sent[1000] ?? 0) ^ 1;
      response.writeHead(200, { 'content-length': sent.length }).end(sent);
    });
    const checksum = { algorithm: 'sha256', value: sha256 } as const;
    expect((await downloadFile(url, path, { ...FAST, checksum })).sha256).toBe(sha256);
  });
  it.each([
    { 'content-md5': Buffer.alloc(16).toString('base64') },
    { 'repr-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` },
    { server: 'AmazonS3', etag: `"${'0'.repeat(32)}"` },
  ])('of the server: %o', async (headers) => {
    const { url, path } = place((_request, response) => {
      response.writeHead(200, { ...headers, 'content-length': content.length }).end(content);
    });
    await failure(() => downloadFile(url, path, FAST), 'DamagedFile');
    expectNothing(path);
  });
  it('an ETag of S3 that is no MD5 is none', async () => {
    for (const etag of [`"${'0'.repeat(32)}-12"`, '"abc"']) {
      const { url, path } = place((_request, response) => {
        response.writeHead(200, { server: 'AmazonS3', etag }).end(content);
      });
      expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    }
  });
});

describe('the disk and the caller', () => {
  it('a folder that cannot be: WriteFailed, not tried again', async () => {
    const { url, route } = place(goodFile(content));
    writeFileSync(join(folder, 'a-file'), '');
    const path = join(folder, 'a-file', 'file.bin');
    await failure(() => downloadFile(url, path, FAST), 'WriteFailed');
    expect(requestsOf(route).length).toBeLessThanOrEqual(1);
    const taken = join(folder, 'taken', 'file.bin');
    mkdirSync(taken, { recursive: true });
    await failure(() => downloadFile(url, taken, FAST), 'WriteFailed');
  });
  it('a full disk: says so, nothing under the name', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('no /dev/full here');
    const { url, path, route } = place(goodFile(content));
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync('/dev/full', `${path}.part`);
    const message = await failure(() => downloadFile(url, path, FAST), 'WriteFailed');
    expect(message).toContain('Free some disk space');
    expect(requestsOf(route).length).toBe(1);
    expectNothing(path);
  });
  it('a signal ends it at once; the next run goes on', async () => {
    const good = goodFile(content);
    const { url, path, route } = place((request, response, count) => {
      if (count > 1) return good(request, response, count);
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
      response.write(content.subarray(0, 50_000));
    });
    const stop = new AbortController();
    const running = downloadFile(url, path, {
      ...FAST,
      retry: { ...FAST.retry, stallMs: 60_000 },
      signal: stop.signal,
      onProgress: (bytes) => bytes > 0 && stop.abort(new Error('enough')),
    });
    expect(await failure(() => running, 'Aborted')).toContain('enough');
    expectNothing(path);
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    expect(requestsOf(route)[1]?.headers.range).toMatch(/^bytes=[1-9]/);
    const gone = AbortSignal.abort(new Error('before'));
    const other = join(folder, 'other.bin');
    await failure(() => downloadFile(url, other, { ...FAST, signal: gone }), 'Aborted');
  });
  it('killed in the middle: nothing under the name, and the next run goes on', async () => {
    const good = goodFile(content);
    let half: () => void = () => undefined;
    const halfThere = new Promise<void>((resolve) => (half = resolve));
    const { url, path, route } = place((request, response, count) => {
      if (count > 1) return good(request, response, count);
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
      response.write(content.subarray(0, 120_000), () => half());
    });
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=@arctic/source', 'child-download.ts', url, path],
      { cwd: import.meta.dirname, stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await halfThere;
    const arrived = () => (existsSync(`${path}.part`) ? statSync(`${path}.part`).size : 0);
    while (arrived() < 120_000) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGKILL');
    await ended;
    expectNothing(path);
    expect((await downloadFile(url, path, FAST)).sha256).toBe(sha256);
    expect(requestsOf(route)[1]?.headers.range).toBe('bytes=120000-');
  });
});
