/** A login and password out of a `.netrc` file. */
export interface NetrcLogin {
  readonly login: string;
  readonly password: string;
}

/**
 * The login that a `.netrc` text has for a host: that of the first `machine` of its name, else of
 * `default`, else undefined. Entries without a login or password do not count.
 *
 * Reads what curl and ftp read: entries over any number of lines, `"quoted values"` with
 * backslashes, `#` comments, and `macdef` bodies (skipped up to the next empty line).
 *
 * @example
 * ```ts
 * netrcLogin('machine urs.earthdata.nasa.gov login ann password s3cret', 'urs.earthdata.nasa.gov');
 * ```
 */
export function netrcLogin(text: string, host: string): NetrcLogin | undefined {
  let byDefault: NetrcLogin | undefined;
  for (const entry of entries(text)) {
    if (entry.login === undefined || entry.password === undefined) continue;
    const login = { login: entry.login, password: entry.password };
    if (entry.machine?.toLowerCase() === host.toLowerCase()) return login;
    if (entry.machine === undefined) byDefault ??= login;
  }
  return byDefault;
}

interface Entry {
  /** Undefined for `default`. */
  readonly machine: string | undefined;
  login?: string;
  password?: string;
}

function entries(text: string): Entry[] {
  const found: Entry[] = [];
  const words = wordsOf(text);
  for (let i = 0; i < words.length; i++) {
    const entry = found.at(-1);
    switch (words[i]) {
      case 'machine':
        found.push({ machine: words[++i] ?? '' });
        break;
      case 'default':
        found.push({ machine: undefined });
        break;
      case 'login':
      case 'user': {
        const login = words[++i];
        if (entry && login !== undefined) entry.login = login;
        break;
      }
      case 'password': {
        const password = words[++i];
        if (entry && password !== undefined) entry.password = password;
        break;
      }
      case 'account':
        i++;
        break;
    }
  }
  return found;
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  let inMacro = false;
  for (const line of text.split(/\r?\n/)) {
    if (inMacro) {
      inMacro = line.trim() !== '';
      continue;
    }
    for (const [word] of line.matchAll(/"(?:\\.|[^"\\])*"|\S+/g)) {
      if (word.startsWith('#') && !isValue(words)) break;
      if (word === 'macdef' && !isValue(words)) {
        inMacro = true;
        break;
      }
      words.push(word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word);
    }
  }
  return words;
}

/** Whether the next word is the value of a key, so that `#` or `macdef` may be a password. */
function isValue(words: readonly string[]): boolean {
  const keys = ['machine', 'login', 'user', 'password', 'account'];
  const last = words.at(-1);
  return last !== undefined && keys.includes(last) && !keys.includes(words.at(-2) ?? '');
}
