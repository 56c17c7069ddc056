import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const { fetch } = globalThis;
const VERDACCIO = '6.10.4';

/** A port of the loopback that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * A registry of its own on 127.0.0.1 (Verdaccio), its storage in `folder`. Packages of @arctic live here alone; all others
 * come from the registry that npm is set to. `node` is a binary of Node.js 22 or later.
 */
export async function startRegistry({ folder, node }) {
  mkdirSync(folder, { recursive: true });
  // Its audit plugin asks for a dist-tag that not every mirror of the registry has.
  const overrides = { 'node-fetch': '2.7.0' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['install', ...quiet, `verdaccio@${VERDACCIO}`], { cwd: folder });
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const config = {
    storage: join(folder, 'storage'),
    uplinks: { upstream: { url: upstream } },
    packages: {
      '@arctic/*': { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));

  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  // npm publishes nothing without a token; this registry takes any.
  writeFileSync(join(folder, 'npmrc'), `//127.0.0.1:${port}/:_authToken=anyone\n`);
  const log = join(folder, 'log.txt');
  const file = openSync(log, 'w');
  const script = join(folder, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const child = spawn(
    node,
    [script, '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`],
    { cwd: folder, stdio: ['ignore', file, file] },
  );
  const gone = once(child, 'exit');
  for (let waited = 0; !(await fetch(`${url}-/ping`).catch(() => null))?.ok; waited++) {
    if (child.exitCode !== null || waited > 300)
      throw new Error(`Verdaccio does not answer:\n${readFileSync(log, 'utf8')}`);
    await delay(200);
  }
  return {
    url,
    /** What npm needs to publish to it and to install from it. */
    env: {
      NPM_CONFIG_REGISTRY: url,
      NPM_CONFIG_USERCONFIG: join(folder, 'npmrc'),
      NPM_CONFIG_CACHE: join(folder, 'cache'),
    },
    /** The newest version of a package and its manifest; null where there is none. */
    async newest(name) {
      // A connection of its own: one kept alive is closed unnoticed while a command runs.
      const request = get(url + name.replace('/', '%2f'), { agent: false });
      const [response] = await once(request, 'response');
      const { versions, 'dist-tags': tags } = await json(response);
      if (response.statusCode === 404) return null;
      return versions[tags.latest];
    },
    async stop() {
      child.kill();
      await gone;
    },
  };
}
