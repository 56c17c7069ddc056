interface Cookie {
  readonly name: string;
  readonly value: string;
  /** The host itself, or a domain whose hosts may all have it. */
  readonly host: string;
  readonly withSubdomains: boolean;
  readonly secure: boolean;
}

/** The cookies of one download, in memory only; a host gets back what it, or its domain, set. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Keeps the cookies of a response of `url`. */
  keep(url: URL, setCookie: readonly string[]): void {
    for (const line of setCookie) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const equals = pair.indexOf('=');
      if (equals <= 0) continue;
      const name = pair.slice(0, equals);
      const attribute = (key: string) =>
        attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
      const domain = attribute('domain')?.replace(/^\./, '').toLowerCase();
      if (domain && !isWithin(url.hostname, domain)) continue;
      const host = domain ?? url.hostname;
      const key = `${host} ${name}`;
      if (Number(attribute('max-age') ?? 1) <= 0) {
        this.#cookies.delete(key);
        continue;
      }
      this.#cookies.set(key, {
        name,
        value: pair.slice(equals + 1),
        host,
        withSubdomains: domain !== undefined,
        secure: attributes.some((text) => text.toLowerCase() === 'secure'),
      });
    }
  }

  /** The `Cookie` header for `url`, or undefined where it has none. */
  headerFor(url: URL): string | undefined {
    const pairs = [...this.#cookies.values()]
      .filter(({ host, withSubdomains, secure }) => {
        if (secure && url.protocol !== 'https:') return false;
        return withSubdomains ? isWithin(url.hostname, host) : url.hostname === host;
      })
      .map(({ name, value }) => `${name}=${value}`);
    return pairs.length > 0 ? pairs.join('; ') : undefined;
  }
}

/** Whether a host is a domain or below it; a top-level domain has no hosts in this sense. */
function isWithin(host: string, domain: string): boolean {
  return host === domain || (domain.includes('.') && host.endsWith(`.${domain}`));
}
