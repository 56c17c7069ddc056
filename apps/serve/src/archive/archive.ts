import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dayNumber, isoDate, type GridInfo } from '@arctic/raster';
import type { CaseSums } from '@arctic/metrics';
import { ServeError } from '../errors.js';
import type { ModelInfo } from '../models/model-info.js';
import type { DayFile } from '../workers/jobs.js';
import { ArchiveDatabase, type Row } from './database.js';
import { layout, type Layout } from './layout.js';

export type Hemisphere = 'north' | 'south';

/** One grid with its days. */
export interface Domain {
  readonly id: string;
  readonly hemisphere: Hemisphere;
  readonly synthetic: boolean;
  readonly grid: GridInfo;
  readonly height: number;
  readonly width: number;
  readonly attribution: readonly string[];
}

export interface Observation {
  readonly day: number;
  readonly source: string;
  /** Ocean cells without a value. */
  readonly missing: number;
  readonly addedAt: string;
}

export interface IssuedForecast {
  readonly domain: string;
  readonly issue: number;
  readonly model: ModelInfo;
  readonly leads: number;
  readonly issuedAt: string;
}

/** The forecasts that are scored beside each other. */
export type ScoredName = 'model' | 'persistence' | 'dampedAnomalyPersistence' | 'climatology';

export interface Score {
  readonly issue: number;
  readonly version: string;
  readonly lead: number;
  readonly name: ScoredName;
  readonly sums: CaseSums;
}

/** Attributes of the Zarr stores that the index is made from again. */
export interface StoredForecast {
  readonly domain: string;
  readonly issue: string;
  readonly leads: number;
  readonly issuedAt: string;
  readonly model: ModelInfo;
}

/** Observations, issued forecasts and their scores: arrays in Zarr, an index of them in a database. */
export class Archive {
  readonly places: Layout;
  readonly #db: ArchiveDatabase;

  constructor(root: string, onDamaged: (setAside: string) => void = () => undefined) {
    this.places = layout(root);
    mkdirSync(root, { recursive: true });
    this.#db = new ArchiveDatabase(this.places.database, (aside) => {
      onDamaged(aside);
      // During construction the index is made below.
      if (this.#ready) this.reindex();
    });
    this.#ready = true;
    this.reindex();
  }

  #ready = false;

  close(): void {
    this.#db.close();
  }

  /** Brings the index in line with the folders: what a crash left half done is finished or removed. */
  reindex(): void {
    const { observations, forecasts } = this.places;
    removeTemporary(observations);
    removeTemporary(forecasts);
    const seen = new Set<string>();
    for (const domain of folders(observations)) {
      for (const name of folders(join(observations, domain)).filter(isStore)) {
        const day = dayNumber(name.slice(0, 10));
        seen.add(`o ${domain} ${day}`);
        if (this.#db.all('select 1 from observations where domain = ? and day = ?', domain, day)[0])
          continue;
        const attributes = attributesOf(join(observations, domain, name));
        const served = attributes?.['served'] as
          { domain: Domain; observation: Observation } | undefined; // ours
        if (!served) continue;
        this.putDomain(served.domain);
        this.putObservation(domain, served.observation);
      }
    }
    for (const domain of folders(forecasts)) {
      for (const version of folders(join(forecasts, domain))) {
        for (const name of folders(join(forecasts, domain, version)).filter(isStore)) {
          const issue = dayNumber(name.slice(0, 10));
          seen.add(`f ${domain} ${issue} ${version}`);
          if (this.forecast(domain, issue, version)) continue;
          const text = attributesOf(join(forecasts, domain, version, name))?.['served'];
          if (typeof text !== 'string') continue;
          this.putForecast(JSON.parse(text) as StoredForecast); // written by the forecast job
        }
      }
    }
    for (const { domain, day } of this.#db.all('select domain, day from observations'))
      if (!seen.has(`o ${domain} ${day}`))
        this.#db.run(
          'delete from observations where domain = ? and day = ?',
          domain ?? '',
          day ?? 0,
        );
    for (const { domain, issue, version } of this.#db.all(
      'select domain, issue, version from forecasts',
    ))
      if (!seen.has(`f ${domain} ${issue} ${version}`)) {
        for (const table of ['forecasts', 'scores'])
          this.#db.run(
            `delete from ${table} where domain = ? and issue = ? and version = ?`,
            ...[domain ?? '', issue ?? 0, version ?? ''],
          );
      }
  }

  domains(): readonly Domain[] {
    return this.#db.all('select * from domains order by synthetic, id').map(domainOf);
  }

  /**
   * The domain of a hemisphere that has observations: real before generated, the newest day first.
   *
   * @throws ServeError 404 where there is none.
   */
  domainOf(hemisphere: Hemisphere): Domain {
    const [row] = this.#db.all(
      `select d.*, max(o.day) as newest from domains d join observations o on o.domain = d.id
       where d.hemisphere = ? group by d.id order by d.synthetic, newest desc limit 1`,
      hemisphere,
    );
    if (row) return domainOf(row);
    throw new ServeError(
      404,
      'no-observations',
      `Expected observations of the ${hemisphere}. Received: none yet. Add a day: npx nx run serve:ingest -- --source S --input PATH`,
    );
  }

  putDomain({ id, hemisphere, synthetic, grid, height, width, attribution }: Domain): void {
    this.#db.run(
      'insert or replace into domains values (?, ?, ?, ?, ?, ?, ?)',
      ...[id, hemisphere, Number(synthetic), JSON.stringify(grid), height, width],
      JSON.stringify(attribution),
    );
  }

  putObservation(domain: string, { day, source, missing, addedAt }: Observation): void {
    this.#db.run(
      'insert or replace into observations values (?, ?, ?, ?, ?)',
      ...[domain, day, source, missing, addedAt],
    );
  }

  putForecast({ domain, issue, leads, issuedAt, model }: StoredForecast): void {
    this.#db.run(
      'insert or replace into forecasts values (?, ?, ?, ?, ?, ?)',
      ...[domain, dayNumber(issue), model.version, JSON.stringify(model), leads, issuedAt],
    );
  }

  /** Days with an observation, ascending. */
  observations(domain: string): readonly Observation[] {
    return this.#db
      .all('select * from observations where domain = ? order by day', domain)
      .map((row) => ({
        day: Number(row['day']),
        source: String(row['source']),
        missing: Number(row['missing']),
        addedAt: String(row['added_at']),
      }));
  }

  /** Observed days of a period, with their files, ascending. */
  dayFiles(domain: string, from: number, to: number): readonly DayFile[] {
    return this.#db
      .all(
        'select day from observations where domain = ? and day between ? and ? order by day',
        domain,
        from,
        to,
      )
      .map(({ day }) => ({
        day: Number(day),
        path: this.places.observation(domain, isoDate(Number(day))),
      }));
  }

  newestDay(domain: string): number | null {
    const [row] = this.#db.all('select max(day) as day from observations where domain = ?', domain);
    return row?.['day'] == null ? null : Number(row['day']);
  }

  forecast(domain: string, issue: number, version: string): IssuedForecast | null {
    const [row] = this.#db.all(
      'select * from forecasts where domain = ? and issue = ? and version = ?',
      domain,
      issue,
      version,
    );
    return row ? forecastOf(row) : null;
  }

  /** All forecasts of a domain by issue day. */
  forecasts(domain: string): readonly IssuedForecast[] {
    return this.#db
      .all('select * from forecasts where domain = ? order by issue, issued_at', domain)
      .map(forecastOf);
  }

  forecastFolder({ domain, model, issue }: IssuedForecast): string {
    return this.places.forecast(domain, model.version, isoDate(issue));
  }

  /** Leads whose target day is observed, but that are not scored against this observation yet. */
  unscored(domain: string): readonly { forecast: IssuedForecast; lead: number; addedAt: string }[] {
    const days = new Map(this.observations(domain).map((one) => [one.day, one.addedAt]));
    const done = new Set(
      this.#db
        .all(
          "select issue, version, lead, observed_at from scores where domain = ? and name = 'model'",
          domain,
        )
        .map((row) => `${row['issue']} ${row['version']} ${row['lead']} ${row['observed_at']}`),
    );
    return this.forecasts(domain).flatMap((forecast) =>
      Array.from({ length: forecast.leads }, (_, i) => i + 1).flatMap((lead) => {
        const addedAt = days.get(forecast.issue + lead);
        if (addedAt === undefined) return [];
        const key = `${forecast.issue} ${forecast.model.version} ${lead} ${addedAt}`;
        return done.has(key) ? [] : [{ forecast, lead, addedAt }];
      }),
    );
  }

  putScore(domain: string, { issue, version, lead, name, sums }: Score, observedAt: string): void {
    this.#db.run(
      'insert or replace into scores values (?, ?, ?, ?, ?, ?, ?)',
      ...[domain, issue, version, lead, name, JSON.stringify(sums), observedAt],
    );
  }

  /** Scores of forecasts issued in a period. */
  scores(domain: string, from: number, to: number): readonly Score[] {
    return this.#db
      .all(
        'select * from scores where domain = ? and issue between ? and ? order by issue, lead',
        domain,
        from,
        to,
      )
      .map((row) => ({
        issue: Number(row['issue']),
        version: String(row['version']),
        lead: Number(row['lead']),
        name: row['name'] as ScoredName, // written above
        sums: JSON.parse(String(row['sums'])) as CaseSums,
      }));
  }
}

function domainOf(row: Row): Domain {
  return {
    id: String(row['id']),
    hemisphere: row['hemisphere'] === 'south' ? 'south' : 'north',
    synthetic: row['synthetic'] === 1,
    grid: JSON.parse(String(row['grid'])) as GridInfo, // written by putDomain
    height: Number(row['height']),
    width: Number(row['width']),
    attribution: JSON.parse(String(row['attribution'])) as string[],
  };
}

function forecastOf(row: Row): IssuedForecast {
  return {
    domain: String(row['domain']),
    issue: Number(row['issue']),
    model: JSON.parse(String(row['model'])) as ModelInfo, // written by putForecast
    leads: Number(row['leads']),
    issuedAt: String(row['issued_at']),
  };
}

function isStore(name: string): boolean {
  return /^\d{4}-\d\d-\d\d\.zarr$/.test(name);
}

function folders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Temporary folders are left only by a process that was killed. */
function removeTemporary(path: string): void {
  for (const name of folders(path)) {
    const folder = join(path, name);
    const owner = /^\..*\.(\d+)\.\d+\.tmp/.exec(name)?.[1];
    if (owner === undefined) {
      if (!isStore(name)) removeTemporary(folder);
    } else if (!isAlive(Number(owner))) rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function attributesOf(store: string): Record<string, unknown> | null {
  try {
    const text = readFileSync(join(store, 'zarr.json'), 'utf8');
    return (JSON.parse(text) as { attributes?: Record<string, unknown> }).attributes ?? null;
  } catch {
    return null;
  }
}
