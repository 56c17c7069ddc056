import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PIP_SCRIPT } from '../src/pip-script.js';
import { pythonEnvironments } from '../src/python.js';
import { currentSystem } from '../src/system.js';
import { temporaryFolder } from './fake-system.js';

const CONTENT = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251));

/** Serves CONTENT; `drops` connections break off half way, and without `ranges` it always sends all. */
async function serve({ ranges = true, drops = 0 } = {}) {
  const requests: string[] = [];
  let left = drops;
  const server: Server = createServer((request, response) => {
    const start = ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    requests.push(`${request.url} from ${start}`);
    if (request.url === '/simple/thing/') {
      response.setHeader('content-type', 'text/html');
      response.end(
        '<a href="/thing-1.0-py3-none-any.whl#sha256=abc">thing-1.0-py3-none-any.whl</a>',
      );
    } else if (request.url !== '/file') response.writeHead(404).end();
    else if (start >= CONTENT.length)
      response.writeHead(416, { 'content-range': `bytes */${CONTENT.length}` }).end();
    else {
      const body = CONTENT.subarray(start);
      response.writeHead(ranges ? 206 : 200, {
        'content-length': body.length,
        ...(ranges && {
          'content-range': `bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}`,
        }),
      });
      if (left > 0) {
        left -= 1;
        response.write(body.subarray(0, 1_000_000), () =>
          setTimeout(() => response.destroy(), 200),
        );
      } else response.end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Runs the script with a Python of this machine; skips the test where none has pip. */
async function run(context: { skip(note?: string): void }, ...args: string[]) {
  const system = currentSystem();
  for await (const { command, pip } of pythonEnvironments(system)) {
    const env = { NO_PROXY: '127.0.0.1', PIP_RETRIES: '0' };
    if (pip) return system.run(command, ['-c', PIP_SCRIPT, ...args], { env });
  }
  context.skip('no Python with pip on this machine');
  return { code: 0, stdout: '', stderr: '' };
}

it('names the wheel of an index without fetching it', async (context) => {
  const { url, requests } = await serve();
  const { stdout } = await run(context, 'find', `--index-url=${url}/simple`, '--', 'thing==1.0');
  expect(JSON.parse(stdout)).toEqual([
    {
      ...{ name: 'thing', version: '1.0', file: 'thing-1.0-py3-none-any.whl', sha256: 'abc' },
      url: `${url}/thing-1.0-py3-none-any.whl`,
    },
  ]);
  expect(requests).toEqual(['/simple/thing/ from 0']);
  const missing = await run(context, 'find', `--index-url=${url}/simple`, '--', 'thing==2.0');
  expect(missing.code).toBe(3);
});

it('fetches a file, also over a connection that breaks off', async (context) => {
  const { url, requests } = await serve({ drops: 1 });
  const target = join(temporaryFolder(), 'file.part');
  const { code, stdout } = await run(context, 'fetch', `${url}/file`, target);
  expect(code).toBe(0);
  expect(readFileSync(target).equals(CONTENT)).toBe(true);
  expect(requests).toHaveLength(2);
  expect(requests[1]).not.toBe('/file from 0');
  expect(stdout).toMatch(/^\d+ 3000000 [\d.]+$/m);
});

it('goes on with what is there, or begins anew where the server cannot', async (context) => {
  const target = join(temporaryFolder(), 'file.part');
  for (const ranges of [true, false]) {
    const { url, requests } = await serve({ ranges });
    writeFileSync(target, CONTENT.subarray(0, 2_000_000));
    expect((await run(context, 'fetch', `${url}/file`, target)).code).toBe(0);
    expect(requests).toEqual([`/file from ${ranges ? 2_000_000 : 0}`]);
    expect(readFileSync(target).equals(CONTENT)).toBe(true);
  }
});

it('leaves a complete file alone and gives up where there is nothing', async (context) => {
  const { url } = await serve();
  const target = join(temporaryFolder(), 'file.part');
  writeFileSync(target, CONTENT);
  expect((await run(context, 'fetch', `${url}/file`, target)).code).toBe(0);
  expect(readFileSync(target).equals(CONTENT)).toBe(true);
  const nowhere = join(temporaryFolder(), 'nothing.part');
  expect((await run(context, 'fetch', `${url}/nothing`, nowhere)).code).toBe(3);
  expect(existsSync(nowhere) && readFileSync(nowhere).length).toBe(0);
});
