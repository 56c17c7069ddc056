import { DataRealError, reasonOf } from '../errors.js';
import { DEFAULT_RETRY, retryAfterMs, type RetryPolicy } from './backoff.js';
import { CookieJar } from './cookie-jar.js';
import { EagerBody } from './eager-body.js';
import { loginNeeded, loginOf, type Login, type LoginName, type LoginOptions } from './login.js';
import { StallWatch } from './stall-watch.js';
import { TransientError, withRetries } from './transient.js';

/** How the network is reached; every field has a default. */
export interface NetworkOptions extends LoginOptions {
  /** Sends requests. @default the global fetch */
  readonly fetch?: typeof fetch;
  /**
   * Other addresses for agencies' servers, for mirrors and tests: origin → address to put in its
   * place, `{'https://thredds.met.no': 'http://localhost:8080/met'}`. It also gets the logins.
   * @default none
   */
  readonly origins?: Readonly<Record<string, string>>;
  /** Fields that differ from the defaults of `RetryPolicy`. */
  readonly retry?: Partial<RetryPolicy>;
  /** Ends everything; files come to no harm, and the next run goes on. @default never */
  readonly signal?: AbortSignal;
}

const MAX_REDIRECTS = 20;
const RETRIED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/** An answer, and the address it came from after redirects. */
export interface Answer {
  readonly response: Response;
  readonly url: URL;
}

/** Cookies, logins and retries of one download; ends with it. */
export class HttpSession {
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  readonly #options: NetworkOptions;
  readonly #cookies = new CookieJar();
  readonly #logins = new Map<LoginName, Login>();

  constructor(options: NetworkOptions = {}) {
    this.#options = options;
    this.retry = { ...DEFAULT_RETRY, ...options.retry };
    this.signal = options.signal ?? new AbortController().signal;
  }

  /**
   * One GET with redirects followed by hand, so that each host gets its own cookies and login only.
   *
   * @returns a 200, 206 or 416 whose body is still to be read.
   * @throws TransientError where another attempt may help; DataRealError `LoginNeeded`,
   * `AccessDenied`, `NotFound`, `DownloadFailed` where it will not.
   */
  async get(
    address: string,
    init: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal: AbortSignal;
      readonly login?: LoginName | undefined;
    },
  ): Promise<Answer> {
    const login = init.login && this.#login(init.login);
    let url = urlOf(address);
    let renewed = false;
    for (let hops = 0; hops <= MAX_REDIRECTS;) {
      const headers = new Headers(init.headers);
      const cookie = this.#cookies.headerFor(url);
      if (cookie) headers.set('cookie', cookie);
      const plain = (to: URL, how: RequestInit) => this.#send(to, { signal: init.signal, ...how });
      const authorization = await login?.authorization(url, plain);
      if (authorization) headers.set('authorization', authorization);
      const response = await plain(url, { headers });
      this.#cookies.keep(url, response.headers.getSetCookie());
      const to = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && to) {
        await discard(response);
        url = urlOf(to, url);
        hops++;
        continue;
      }
      if (response.status === 401 && authorization && !renewed && login?.renew()) {
        await discard(response);
        renewed = true;
        continue;
      }
      return await checked({ response, url }, login, authorization !== undefined);
    }
    throw new DataRealError(
      'DownloadFailed',
      `${shown(url)}: expected a file. Received: more than ${MAX_REDIRECTS} redirects. Clear up the login, or try again later.`,
    );
  }

  /** The text of a page or of a search answer, with retries. @throws DataRealError */
  async text(
    address: string,
    init: { readonly headers?: Readonly<Record<string, string>>; readonly login?: LoginName } = {},
  ): Promise<{ readonly body: string; readonly headers: Headers; readonly url: URL }> {
    const name = shown(urlOf(address));
    return withRetries(name, this.retry, this.signal, async () => {
      const watch = new StallWatch(this.retry.stallMs, this.signal);
      let body: EagerBody | undefined;
      try {
        const { response, url } = await this.get(address, { ...init, signal: watch.signal });
        body = new EagerBody(response.body, watch.signal, () => watch.touch());
        const parts: Uint8Array[] = [];
        let bytes = 0;
        for await (const part of body.parts()) {
          bytes += part.length;
          if (bytes > MAX_TEXT_BYTES) {
            throw new DataRealError(
              'DownloadFailed',
              `${name}: expected a list of files. Received: more than ${MAX_TEXT_BYTES} bytes. Ask for fewer dates.`,
            );
          }
          parts.push(part);
        }
        return { body: Buffer.concat(parts).toString('utf8'), headers: response.headers, url };
      } catch (error) {
        throw brokenOff(error, watch);
      } finally {
        watch.stop();
        await body?.cancel();
      }
    });
  }

  #login(name: LoginName): Login {
    let login = this.#logins.get(name);
    if (!login) this.#logins.set(name, (login = loginOf(name, this.#options)));
    return login;
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const other = this.#options.origins?.[url.origin];
    const target =
      other === undefined ? url : new URL(other.replace(/\/$/, '') + url.pathname + url.search);
    const send = this.#options.fetch ?? fetch;
    try {
      return await send(target, { ...init, redirect: 'manual' });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new TransientError(networkReason(cause), { cause });
    }
  }
}

const MAX_TEXT_BYTES = 64 << 20;

/** The error of a body that ended too early, as one that may be tried again. */
export function brokenOff(error: unknown, watch: StallWatch): unknown {
  if (error instanceof DataRealError || error instanceof TransientError) return error;
  if (watch.stalled) return new TransientError('no byte for too long', { cause: error });
  return new TransientError(networkReason(error), { cause: error });
}

async function checked(answer: Answer, login: Login | undefined, sent: boolean): Promise<Answer> {
  const { response, url } = answer;
  const { status } = response;
  const isPage = /^text\/html\b/i.test(response.headers.get('content-type') ?? '');
  if (login?.isLoginPage(url) && (isPage || status === 401 || status === 403)) {
    await discard(response);
    throw loginNeeded(url, sent ? `the login was refused (${status})` : 'no login', login.help);
  }
  if (status === 200 || status === 206 || status === 416) return answer;
  await discard(response);
  if (RETRIED_STATUSES.has(status)) {
    throw new TransientError(`status ${status}`, { retryAfterMs: retryAfterMs(response.headers) });
  }
  const help = login?.help ?? 'The server asks for a login that this source does not know of.';
  if (status === 401) {
    throw loginNeeded(url, sent ? 'the login was refused (401)' : 'no login (401)', help);
  }
  if (status === 403) {
    throw new DataRealError(
      'AccessDenied',
      `${shown(url)}: expected to be allowed this file. Received: status 403. ${login ? `Accept the licence or approve the application with your account. ${help}` : 'The server does not give it out, or blocks this address.'}`,
    );
  }
  if (status === 404 || status === 410) {
    throw new DataRealError(
      'NotFound',
      `${shown(url)}: expected a file. Received: status ${status}. It may not be published yet, or have moved: see the page of the source.`,
    );
  }
  throw new DataRealError(
    'DownloadFailed',
    `${shown(url)}: expected a file. Received: status ${status}. See the page of the source for other ways to get it.`,
  );
}

async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

/** An address for messages: without query and user, where secrets may be. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function urlOf(address: string, base?: URL): URL {
  if (URL.canParse(address, base?.href)) {
    const url = new URL(address, base);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
  }
  throw new DataRealError(
    'DownloadFailed',
    `Expected an http or https address. Received: ${JSON.stringify(address.replace(/\?.*/, ''))}. Check the address.`,
  );
}

function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return [reasonOf(cause), code && !reasonOf(cause).includes(code) && `(${code})`]
    .filter(Boolean)
    .join(' ');
}
