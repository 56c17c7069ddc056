import { Agent, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createGate } from '../src/http/gate.js';
import { resolveSettings } from '../src/settings.js';

/** A server behind a gate that notes what it handled, in order. */
async function startGate(settings: Readonly<Record<string, unknown>>, busyMs = 0) {
  const gate = createGate(resolveSettings(settings));
  const handled: string[] = [];
  const held: (() => void)[] = [];
  const server = gate.serverFactory(({ url = '' }, response) => {
    handled.push(url);
    const end = performance.now() + busyMs;
    while (performance.now() < end);
    if (url.startsWith('/held')) held.push(() => response.end());
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens
  const ask = (path: string) =>
    new Promise<{ status: number | undefined; retryAfter: string | undefined }>(
      (resolve, reject) => {
        get({ host: '127.0.0.1', port, path, agent }, (answer) => {
          const { statusCode: status, headers } = answer;
          answer
            .resume()
            .once('end', () => resolve({ status, retryAfter: headers['retry-after'] }));
        }).once('error', reject);
      },
    );
  return { gate, handled, held, ask };
}

it('handles everything in order, a little at a time, the health between', async () => {
  const { handled, ask } = await startGate({ maxLag: 5 }, 3);
  await ask('/first');
  const paths = Array.from({ length: 40 }, (_, i) => `/${i}`);
  const answers = Promise.all(paths.map((path) => ask(path)));
  await ask('/health');
  expect(handled.indexOf('/health')).toBeLessThan(35);
  expect((await answers).every(({ status }) => status === 200)).toBe(true);
  expect([...handled].sort()).toEqual(['/first', '/health', ...paths].sort());
});

it('turns away what is too much, and says when to come again', async () => {
  const { gate, held, ask } = await startGate({ maxRequests: 3 });
  const three = Promise.all(['/held/1', '/held/2', '/held/3'].map((path) => ask(path)));
  while (held.length < 3) await ask('/health');
  expect(await ask('/more')).toEqual({ status: 503, retryAfter: '1' });
  expect((await ask('/health')).status).toBe(200);
  expect(gate.refused).toBe(1);
  for (const end of held) end();
  expect((await three).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await ask('/more')).status).toBe(200);
});
