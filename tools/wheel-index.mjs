// A package index on this machine that serves one wheel, at a speed and with faults of the caller's choice.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Starts the index; `limits` may be changed while it runs, `served` counts the bytes of the wheel. */
export async function startIndex(wheel) {
  const name = basename(wheel);
  const project = name.split('-')[0].replaceAll('_', '-');
  const limits = { bytesPerSecond: Infinity, file: wheel };
  const served = { bytes: 0 };
  const server = createServer((request, response) => {
    if (request.url === `/simple/${project}/`) {
      response.setHeader('content-type', 'text/html');
      response.end(`<!DOCTYPE html><a href="/files/${name}">${name}</a>`);
    } else if (request.url === `/files/${name}`) sendFile(request, response, limits, served);
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/simple`;
  return { url, limits, served, close: () => server.closeAllConnections() ?? server.close() };
}

function sendFile(request, response, limits, served) {
  const { size } = statSync(limits.file);
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = from ? Number(from) : to ? Math.max(0, size - Number(to)) : 0;
  const end = from && to ? Math.min(Number(to), size - 1) : size - 1;
  if (start >= size) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const range = from || to ? { 'content-range': `bytes ${start}-${end}/${size}` } : {};
  response.writeHead(range['content-range'] ? 206 : 200, {
    ...{ 'content-length': end - start + 1, 'accept-ranges': 'bytes', ...range },
    'content-type': 'application/octet-stream',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const slow = new Transform({
    async transform(chunk, _encoding, done) {
      served.bytes += chunk.length;
      if (limits.bytesPerSecond < Infinity)
        await delay((chunk.length / limits.bytesPerSecond) * 1000);
      done(undefined, chunk);
    },
  });
  const file = createReadStream(limits.file, { start, end, highWaterMark: 2 ** 20 });
  response.on('close', () => file.destroy());
  file.pipe(slow).pipe(response);
}
