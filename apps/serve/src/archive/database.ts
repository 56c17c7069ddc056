import Libsql from 'libsql';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

const SCHEMA = `
  create table if not exists domains (
    id text primary key, hemisphere text not null, synthetic integer not null, grid text not null,
    height integer not null, width integer not null, attribution text not null
  );
  create table if not exists observations (
    domain text not null, day integer not null, source text not null, missing integer not null,
    added_at text not null, primary key (domain, day)
  ) without rowid;
  create table if not exists forecasts (
    domain text not null, issue integer not null, version text not null, model text not null,
    leads integer not null, issued_at text not null, primary key (domain, issue, version)
  ) without rowid;
  create table if not exists scores (
    domain text not null, issue integer not null, version text not null, lead integer not null,
    name text not null, sums text not null, observed_at text not null,
    primary key (domain, issue, version, lead, name)
  ) without rowid;
`;

export type Row = Readonly<Record<string, string | number | null>>;
export type Value = string | number | null;

/** The index of the archive: an SQLite file that can be made again from the arrays at any time. */
export class ArchiveDatabase {
  readonly #path: string;
  #db: Libsql.Database;

  /** @param onDamaged called when the file was damaged and a new one was begun; it fills it again. */
  constructor(
    path: string,
    private readonly onDamaged: (setAside: string) => void,
  ) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    try {
      this.#db = open(path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#db = this.#renew();
    }
  }

  all(sql: string, ...values: Value[]): readonly Row[] {
    return this.#guarded(() => this.#db.prepare(sql).all(...values) as Row[]); // rows of our tables
  }

  run(sql: string, ...values: Value[]): void {
    this.#guarded(() => this.#db.prepare(sql).run(...values));
  }

  close(): void {
    this.#db.close();
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#db = this.#renew();
      return work();
    }
  }

  #renew(): Libsql.Database {
    const aside = `${this.#path}.damaged-${Date.now()}`;
    try {
      this.#db?.close();
    } catch {
      // damaged
    }
    for (const end of ['', '-wal', '-shm'])
      if (existsSync(`${this.#path}${end}`)) renameSync(`${this.#path}${end}`, `${aside}${end}`);
    this.#db = open(this.#path);
    this.onDamaged(aside);
    return this.#db;
  }
}

function open(path: string): Libsql.Database {
  const db = new Libsql(path);
  try {
    db.exec('pragma busy_timeout = 5000');
    db.exec('pragma journal_mode = wal');
    db.exec('pragma synchronous = full');
    const [check] = db.prepare('pragma quick_check').all() as { quick_check?: string }[]; // of SQLite
    if (check?.quick_check !== 'ok')
      throw Object.assign(new Error(check?.quick_check ?? 'no answer'), { code: 'SQLITE_CORRUPT' });
    db.exec(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Whether the file is no database any more; other errors (a full disk, a lock) leave it as it is. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /CORRUPT|NOTADB/.test(code) ||
    /malformed|not a database|no such (table|column)|disk image/i.test(error.message)
  );
}
