import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/download/download-file.js';
import { failure, temporaryFolder } from '../helpers.js';
import { FAST, goodFile, localServer, someBytes } from './local-server.js';

const folder = temporaryFolder();
const content = someBytes(5000);
const SECRET = 'pa55 wörd:#';
let serial = 0;
const path = () => join(folder, `${++serial}.bin`);
const basic = (login: string) => `Basic ${Buffer.from(`${login}:${SECRET}`).toString('base64')}`;

/** NASA's archive, its login and the store behind it, each on a server of its own. */
async function earthdata(accepted = basic('ann')) {
  const [archive, urs, store] = [await localServer(), await localServer(), await localServer()];
  archive.routes['/data/file.nc'] = (request, response) => {
    const isIn = request.headers.cookie?.includes('session=ok');
    const hasToken = request.headers.authorization === 'Bearer t0ken';
    const location =
      isIn || hasToken
        ? 'https://store.example.org/signed/file.nc?signature=xyz'
        : 'https://urs.earthdata.nasa.gov/oauth/authorize?client_id=1&redirect_uri=x';
    response.writeHead(302, { location }).end('moved');
  };
  archive.routes['/login'] = (_request, response) => {
    response
      .writeHead(302, { location: '/data/file.nc', 'set-cookie': 'session=ok; Path=/; HttpOnly' })
      .end();
  };
  urs.routes['/oauth/authorize'] = (request, response) => {
    if (request.headers.authorization === accepted) {
      const location = 'https://data.nsidc.earthdatacloud.nasa.gov/login?code=42';
      response.writeHead(302, { location, 'set-cookie': 'urs=1; Secure' }).end();
    } else if (request.headers.authorization) response.writeHead(401).end('Invalid');
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<form>Password</form>');
  };
  store.routes['/signed/file.nc'] = goodFile(content);
  const origins = {
    'https://data.nsidc.earthdatacloud.nasa.gov': archive.origin,
    'https://urs.earthdata.nasa.gov': urs.origin,
    'https://store.example.org': store.origin,
  };
  const url = 'https://data.nsidc.earthdatacloud.nasa.gov/data/file.nc';
  const get = (options: object) =>
    downloadFile(url, path(), { ...FAST, origins, login: 'earthdata', ...options });
  return { archive, urs, store, get };
}

describe('Earthdata', () => {
  it('name and password: at the login host alone, then cookies', async () => {
    const { archive, urs, store, get } = await earthdata();
    const env = { EARTHDATA_USERNAME: 'ann', EARTHDATA_PASSWORD: SECRET };
    expect((await get({ env })).bytes).toBe(5000);
    expect(urs.seen.map(({ headers }) => headers.authorization)).toEqual([basic('ann')]);
    for (const { headers } of [...archive.seen, ...store.seen]) {
      expect(headers.authorization).toBeUndefined();
    }
    expect(archive.seen.at(-1)?.headers.cookie).toBe('session=ok');
    for (const { headers } of [...urs.seen, ...store.seen]) expect(headers.cookie).toBeUndefined();
  });
  it('from .netrc', async () => {
    const { urs, get } = await earthdata();
    const netrc = join(folder, 'netrc');
    writeFileSync(netrc, `machine urs.earthdata.nasa.gov\n login ann\n password "${SECRET}"\n`);
    expect((await get({ netrc, env: {} })).bytes).toBe(5000);
    expect((await get({ netrc: undefined, env: { NETRC: netrc } })).bytes).toBe(5000);
    expect(urs.seen.length).toBe(2);
  });
  it('a token: to the archive, not to the store that it leads to', async () => {
    const { archive, urs, store, get } = await earthdata();
    expect((await get({ env: { EARTHDATA_TOKEN: 't0ken' } })).bytes).toBe(5000);
    expect(archive.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer t0ken']);
    expect(store.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(urs.seen.length).toBe(0);
  });
  it('none, or a wrong one: says what is needed and keeps secrets', async () => {
    const { get } = await earthdata();
    const none = await failure(() => get({ env: {} }), 'LoginNeeded');
    for (const word of [
      'EARTHDATA_TOKEN',
      'EARTHDATA_USERNAME',
      'machine urs.earthdata.nasa.gov login NAME password PASSWORD',
      'Register at https://urs.earthdata.nasa.gov/',
    ]) {
      expect(none).toContain(word);
    }
    const env = { EARTHDATA_USERNAME: 'bob', EARTHDATA_PASSWORD: SECRET };
    const wrong = await failure(() => get({ env }), 'LoginNeeded');
    expect(wrong).toContain('refused');
    expect(wrong).not.toContain(SECRET);
    expect(wrong).not.toContain(basic('bob').slice(6));
  });
  it('no login goes to other hosts, nor over http', async () => {
    const other = await localServer({ '/x': goodFile(content) });
    const env = { EARTHDATA_TOKEN: 't0ken', EARTHDATA_USERNAME: 'a', EARTHDATA_PASSWORD: 'b' };
    for (const origin of [
      'https://earthdata.nasa.gov.evil.org',
      'http://data.nsidc.earthdatacloud.nasa.gov',
      'http://urs.earthdata.nasa.gov',
    ]) {
      const options = {
        ...FAST,
        env,
        login: 'earthdata',
        origins: { [origin]: other.origin },
      } as const;
      await downloadFile(`${origin}/x`, path(), options);
      expect(other.seen.at(-1)?.headers.authorization).toBeUndefined();
    }
  });
});

describe('Copernicus', () => {
  async function dataspace() {
    const [identity, download] = [await localServer(), await localServer()];
    let sold = 0;
    const bodies: string[] = [];
    identity.routes['/auth/realms/CDSE/protocol/openid-connect/token'] = async (
      request,
      response,
    ) => {
      let body = '';
      for await (const part of request) body += part;
      bodies.push(body);
      if (!body.includes(`password=${encodeURIComponent(SECRET).replaceAll('%20', '+')}`)) {
        response.writeHead(401).end('{"error":"invalid_grant"}');
      } else response.end(JSON.stringify({ access_token: `token-${++sold}`, expires_in: 600 }));
    };
    const origins = {
      'https://identity.dataspace.copernicus.eu': identity.origin,
      'https://download.dataspace.copernicus.eu': download.origin,
    };
    const get = (env: Record<string, string>) =>
      downloadFile('https://download.dataspace.copernicus.eu/odata/v1/Products(1)/$value', path(), {
        ...FAST,
        env,
        origins,
        login: 'copernicus',
      });
    return { identity, download, bodies, get };
  }
  const route = '/odata/v1/Products(1)/$value';

  it('buys a token, and another one when it has run out', async () => {
    const { download, bodies, get } = await dataspace();
    download.routes[route] = (request, response, count) =>
      request.headers.authorization === 'Bearer token-2'
        ? goodFile(content)(request, response, count)
        : void response.writeHead(401).end();
    const env = { CDSE_USERNAME: 'ann', CDSE_PASSWORD: SECRET };
    expect((await get(env)).bytes).toBe(5000);
    expect(bodies[0]).toContain('client_id=cdse-public');
    expect(download.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });
  it('no login, a wrong one, or a token that is never accepted', async () => {
    const { download, get } = await dataspace();
    expect(await failure(() => get({}), 'LoginNeeded')).toContain('CDSE_USERNAME');
    const wrong = await failure(
      () => get({ CDSE_USERNAME: 'ann', CDSE_PASSWORD: 'nothing1' }),
      'LoginNeeded',
    );
    expect(wrong).not.toContain('nothing1');
    expect(download.seen.length).toBe(0);
    download.routes[route] = (_request, response) => void response.writeHead(401).end();
    await failure(() => get({ CDSE_USERNAME: 'ann', CDSE_PASSWORD: SECRET }), 'LoginNeeded');
    expect(download.seen.length).toBe(2);
  });
});

it('CEDA: the token where there is one', async () => {
  const server = await localServer({ '/neodc/x.nc': goodFile(content) });
  const origins = { 'https://dap.ceda.ac.uk': server.origin };
  for (const env of [{}, { CEDA_TOKEN: 'c3da' }]) {
    await downloadFile('https://dap.ceda.ac.uk/neodc/x.nc', path(), {
      ...FAST,
      env,
      origins,
      login: 'ceda',
    });
  }
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
    undefined,
    'Bearer c3da',
  ]);
});

it('redirects without end are an error', async () => {
  const server = await localServer({
    '/round': (_request, response) => void response.writeHead(302, { location: '/round' }).end(),
  });
  const message = await failure(
    () => downloadFile(`${server.origin}/round`, path(), FAST),
    'DownloadFailed',
  );
  expect(message).toContain('redirects');
  server.routes['/odd'] = (_request, response) =>
    void response.writeHead(302, { location: 'file:///etc/passwd' }).end();
  await failure(() => downloadFile(`${server.origin}/odd`, path(), FAST), 'DownloadFailed');
});
