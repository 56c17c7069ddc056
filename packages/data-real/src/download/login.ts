import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DataRealError } from '../errors.js';
import { netrcLogin, type NetrcLogin } from './netrc.js';

/** The accounts that some agencies ask for. */
export type LoginName = 'earthdata' | 'copernicus' | 'ceda';

/** Sends one request as it is, without login or redirects. */
export type PlainRequest = (url: URL, init: RequestInit) => Promise<Response>;

/** How requests of one account are authorised. */
export interface Login {
  /** What to do where the login is missing or wrong. */
  readonly help: string;
  /** Whether a page of this address is a login form instead of a file. */
  isLoginPage(url: URL): boolean;
  /** The `Authorization` header for a request, or undefined where none may be sent there. */
  authorization(url: URL, request: PlainRequest): Promise<string | undefined>;
  /** Forgets a token that has run out; false where there is no other to be had. */
  renew(): boolean;
}

/** Where logins are looked up. */
export interface LoginOptions {
  /** Environment variables. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Path of the netrc file. @default NETRC of the environment, else ~/.netrc */
  readonly netrc?: string;
}

/** The login of an account, from the environment or `.netrc`; nothing is read before it is needed. */
export function loginOf(name: LoginName, options: LoginOptions = {}): Login {
  const env = options.env ?? process.env;
  const netrcPath = options.netrc ?? env['NETRC'] ?? join(homedir(), '.netrc');
  const pair = async (prefix: string, machine: string): Promise<NetrcLogin | undefined> => {
    const [login, password] = [env[`${prefix}_USERNAME`], env[`${prefix}_PASSWORD`]];
    if (login && password) return { login, password };
    return netrcLogin(await readFile(netrcPath, 'utf8').catch(() => ''), machine);
  };
  switch (name) {
    case 'earthdata':
      return earthdata(env['EARTHDATA_TOKEN'], () => pair('EARTHDATA', EARTHDATA_LOGIN.hostname));
    case 'copernicus':
      return copernicus(() => pair('CDSE', COPERNICUS_TOKEN.hostname));
    case 'ceda':
      return ceda(env['CEDA_TOKEN']);
  }
}

const EARTHDATA_LOGIN = new URL('https://urs.earthdata.nasa.gov');
/** Hosts of NASA's archives that take a bearer token; never the stores that they redirect to. */
const EARTHDATA_HOSTS = /\.(earthdata\.nasa\.gov|earthdatacloud\.nasa\.gov|eosdis\.nasa\.gov)$/;

/**
 * Name and password go to the login host alone, when an archive redirects there; the archive then
 * knows the download by its cookie. A token goes to the archives directly.
 */
function earthdata(token: string | undefined, pair: () => Promise<NetrcLogin | undefined>): Login {
  return {
    help: `Register at ${EARTHDATA_LOGIN.href}, then set EARTHDATA_TOKEN, or EARTHDATA_USERNAME and EARTHDATA_PASSWORD, or add the line "machine ${EARTHDATA_LOGIN.hostname} login NAME password PASSWORD" to ~/.netrc; a first use may have to be approved under Applications > Authorized Apps there.`,
    isLoginPage: (url) => url.origin === EARTHDATA_LOGIN.origin,
    async authorization(url) {
      if (url.origin === EARTHDATA_LOGIN.origin) {
        const login = await pair();
        return login && basic(login);
      }
      if (!token || url.protocol !== 'https:' || !EARTHDATA_HOSTS.test(url.hostname))
        return undefined;
      return `Bearer ${token}`;
    },
    renew: () => false,
  };
}

const COPERNICUS_TOKEN = new URL(
  'https://identity.dataspace.copernicus.eu/auth/realms/CDSE/protocol/openid-connect/token',
);
const COPERNICUS_HOSTS = /^(download|zipper)\.dataspace\.copernicus\.eu$/;

/** Name and password buy a token that lives for minutes; it goes to the download hosts alone. */
function copernicus(pair: () => Promise<NetrcLogin | undefined>): Login {
  const help = `Register at https://dataspace.copernicus.eu, then set CDSE_USERNAME and CDSE_PASSWORD, or add the line "machine ${COPERNICUS_TOKEN.hostname} login NAME password PASSWORD" to ~/.netrc.`;
  let token: Promise<string> | undefined;
  const buy = async (request: PlainRequest): Promise<string> => {
    const login = await pair();
    if (!login) throw loginNeeded(COPERNICUS_TOKEN, 'no login', help);
    const response = await request(COPERNICUS_TOKEN, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: 'cdse-public',
        grant_type: 'password',
        username: login.login,
        password: login.password,
      }),
    });
    const answer: unknown = response.ok ? await response.json().catch(() => null) : null;
    await response.body?.cancel().catch(() => undefined);
    if (answer && typeof answer === 'object' && 'access_token' in answer) {
      if (typeof answer.access_token === 'string') return answer.access_token;
    }
    if (response.status === 400 || response.status === 401 || response.status === 403) {
      throw loginNeeded(COPERNICUS_TOKEN, `the login was refused (${response.status})`, help);
    }
    throw new DataRealError(
      'DownloadFailed',
      `${COPERNICUS_TOKEN.href}: expected an access token. Received: status ${response.status}. Try again later.`,
    );
  };
  return {
    help,
    isLoginPage: (url) => url.hostname === COPERNICUS_TOKEN.hostname,
    async authorization(url, request) {
      if (url.protocol !== 'https:' || !COPERNICUS_HOSTS.test(url.hostname)) return undefined;
      token ??= buy(request);
      const held = token;
      return `Bearer ${await held.catch((error: unknown) => {
        if (token === held) token = undefined;
        throw error;
      })}`;
    },
    renew() {
      token = undefined;
      return true;
    },
  };
}

/** The sea-ice records are open to all; a token is sent where there is one. */
function ceda(token: string | undefined): Login {
  return {
    help: 'Register at https://services.ceda.ac.uk, make an access token there and set CEDA_TOKEN.',
    isLoginPage: (url) => /^(auth|accounts|services)\.ceda\.ac\.uk$/.test(url.hostname),
    async authorization(url) {
      const mayHave = url.protocol === 'https:' && url.hostname === 'dap.ceda.ac.uk';
      return token && mayHave ? `Bearer ${token}` : undefined;
    },
    renew: () => false,
  };
}

function basic({ login, password }: NetrcLogin): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/** The error of an address that wants a login. */
export function loginNeeded(url: URL, received: string, help: string): DataRealError {
  return new DataRealError(
    'LoginNeeded',
    `${url.origin}${url.pathname}: expected an accepted login. Received: ${received}. ${help}`,
  );
}
