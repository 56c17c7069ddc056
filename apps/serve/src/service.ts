import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSums } from '@arctic/metrics';
import { isoDate, type LonLatBox } from '@arctic/raster';
import {
  Archive,
  type Domain,
  type IssuedForecast,
  type ScoredName,
  type StoredForecast,
} from './archive/archive.js';
import { ServeError } from './errors.js';
import { Registry, type RegistryEvent } from './models/registry.js';
import type { Settings } from './settings.js';
import { AnswerCache, type Answer } from './products/answer-cache.js';
import type { AnswerFormat, InferenceJob, ProductJob, ProductResult } from './workers/jobs.js';
import { Pool, type PoolEvent } from './workers/pool.js';

export type ServiceEvent =
  | RegistryEvent
  | (PoolEvent & { readonly pool: string })
  | { readonly kind: 'database'; readonly setAside: string }
  | { readonly kind: 'issued'; readonly forecast: IssuedForecast }
  | { readonly kind: 'failed'; readonly what: string; readonly error: unknown };

/** Days that gaps are filled from, before a day that is shown. */
const FILL_DAYS = 7;

/** Everything behind the routes: models, child processes, the archive and the answers made from it. */
export class Service {
  readonly archive: Archive;
  readonly registry: Registry;
  readonly inference: Pool;
  readonly products: Pool;
  readonly cache: AnswerCache;
  readonly #emit: (event: ServiceEvent) => void;
  /** Forecasts that are being made. */
  readonly #making = new Map<string, Promise<IssuedForecast>>();

  private constructor(settings: Settings, onEvent: (event: ServiceEvent) => void) {
    this.#emit = onEvent;
    this.archive = new Archive(settings.archive, (setAside) =>
      onEvent({ kind: 'database', setAside }),
    );
    const { queue, timeLimit } = settings;
    const pool = (name: string, module: string, size: number) =>
      new Pool({
        name,
        module: new URL(module, import.meta.url),
        size,
        queue,
        timeLimit,
        onEvent: (event) => onEvent({ ...event, pool: name }),
      });
    this.inference = pool('models', './workers/inference-worker.ts', settings.workers);
    this.products = pool('answers', './workers/product-worker.ts', settings.writers);
    this.cache = new AnswerCache(this.archive.places.cache, settings.cache * 2 ** 20);
    this.registry = new Registry({
      models: settings.models,
      copies: this.archive.places.models,
      check: async (folder) => {
        await this.#infer({ kind: 'check', folder });
      },
      onChange: onEvent,
    });
  }

  /** Opens the archive, begins the processes and takes the models that are there. */
  static async open(
    settings: Settings,
    onEvent: (event: ServiceEvent) => void = () => undefined,
  ): Promise<Service> {
    const service = new Service(settings, onEvent);
    await service.registry.load();
    return service;
  }

  /**
   * Removes answers, uploads and copies of models of a server that is no more; not for an ingest, beside which one may
   * run.
   */
  async clean(): Promise<void> {
    await this.cache.clear();
    await this.registry.clean();
    await rm(this.archive.places.uploads, { recursive: true, force: true });
    await mkdir(this.archive.places.uploads, { recursive: true });
  }

  async close(): Promise<void> {
    this.registry.close();
    await Promise.all([this.inference.close(), this.products.close()]);
    this.archive.close();
  }

  async #infer(job: InferenceJob, signal?: AbortSignal): Promise<unknown> {
    return this.inference.run(job, signal);
  }

  async map(job: InferenceJob, signal?: AbortSignal): Promise<unknown> {
    return this.#infer(job, signal);
  }

  /**
   * The forecast issued on a day by the model that is served; it is made where it is not there yet. Where that is
   * impossible, the newest one of an earlier model.
   */
  async forecastOf(domain: Domain, issue: number): Promise<IssuedForecast> {
    const earlier = this.archive.forecasts(domain.id).findLast((one) => one.issue === issue);
    let model;
    try {
      model = this.registry.get('convlstm');
    } catch (error) {
      if (earlier) return earlier;
      throw error;
    }
    const known = this.archive.forecast(domain.id, issue, model.version);
    if (known) return known;
    const key = `${domain.id} ${issue} ${model.version}`;
    const making =
      this.#making.get(key) ?? this.#make(domain, issue).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #make(domain: Domain, issue: number): Promise<IssuedForecast> {
    const { folder, name, version, createdAt, synthetic, config } = this.registry.get('convlstm');
    const history = Number(config['inputSteps'] ?? 30) + FILL_DAYS;
    const days = this.archive.dayFiles(domain.id, issue - history, issue);
    if (days.at(-1)?.day !== issue)
      throw new ServeError(
        404,
        'no-observations',
        `Expected an observation of ${isoDate(issue)}, the day the forecast is issued. Received: none. ${this.#period(domain)}`,
      );
    const stored = (await this.#infer({
      kind: 'forecast',
      domain: domain.id,
      model: { name, version, createdAt, synthetic },
      folder,
      reference: this.archive.places.reference(domain.id),
      days,
      issue,
      output: this.archive.places.forecast(domain.id, version, isoDate(issue)),
    })) as StoredForecast;
    this.archive.putForecast(stored);
    const forecast = this.archive.forecast(domain.id, issue, version) as IssuedForecast; // just put
    this.#emit({ kind: 'issued', forecast });
    return forecast;
  }

  #period(domain: Domain): string {
    const days = this.archive.observations(domain.id);
    return `There are ${days.length} days from ${isoDate(days[0]?.day ?? 0)} to ${isoDate(days.at(-1)?.day ?? 0)}.`;
  }

  /** The forecast of a day over a box, as a file. */
  async predictions(
    domain: Domain,
    date: number | undefined,
    box: LonLatBox,
    format: AnswerFormat,
  ): Promise<Answer> {
    const issue = date ?? this.archive.newestDay(domain.id) ?? 0;
    const forecast = await this.forecastOf(domain, issue);
    return this.#answer(
      ['forecast', domain.id, issue, forecast.issuedAt, forecast.model.version, box, format],
      (output) => ({
        kind: 'forecast',
        folder: this.archive.forecastFolder(forecast),
        observation: this.archive.places.observation(domain.id, isoDate(issue)),
        box,
        format,
        attribution: domain.attribution,
        output,
      }),
    );
  }

  /** The observation of a day over a box, as a file; the newest without a date. */
  async observation(
    domain: Domain,
    date: number | undefined,
    box: LonLatBox,
    format: AnswerFormat,
  ): Promise<Answer> {
    const day = date ?? this.archive.newestDay(domain.id) ?? 0;
    const days = [...this.archive.dayFiles(domain.id, day - FILL_DAYS, day)].reverse();
    if (days[0]?.day !== day)
      throw new ServeError(
        404,
        'no-observations',
        `Expected an observation of ${isoDate(day)}. Received: none. ${this.#period(domain)}`,
      );
    const added = this.archive
      .observations(domain.id)
      .filter((one) => one.day <= day && one.day >= day - FILL_DAYS)
      .map(({ addedAt }) => addedAt);
    return this.#answer(['observation', domain.id, day, added, box, format], (output) => ({
      kind: 'observation',
      days,
      box,
      format,
      attribution: domain.attribution,
      output,
    }));
  }

  /** What the forecast of a day is made from, as a file. */
  async inputs(domain: Domain, date: number | undefined): Promise<Answer> {
    const issue = date ?? this.archive.newestDay(domain.id) ?? 0;
    const { folder, version, config } = this.registry.get('convlstm');
    const inputSteps = Number(config['inputSteps']);
    const days = this.archive.dayFiles(domain.id, issue - inputSteps - FILL_DAYS, issue);
    const added = this.archive
      .observations(domain.id)
      .map(({ addedAt }) => addedAt)
      .at(-1);
    return this.#answer(['inputs', domain.id, issue, version, added, days.length], (output) => ({
      kind: 'inputs',
      days,
      folder,
      reference: this.archive.places.reference(domain.id),
      issue,
      inputSteps,
      outputSteps: Number(config['outputSteps']),
      output,
    }));
  }

  async #answer(key: readonly unknown[], job: (output: string) => ProductJob): Promise<Answer> {
    const id = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32);
    return this.cache.get(id, async (output) => {
      await mkdir(join(output, '..'), { recursive: true });
      return (await this.products.run(job(output))) as ProductResult; // what such a job gives
    });
  }

  /** Scores every forecast whose target day is observed and that is not scored yet. */
  async scorePending(domain: Domain): Promise<number> {
    let done = 0;
    for (const { forecast, lead, addedAt } of this.archive.unscored(domain.id)) {
      const { issue, model } = forecast;
      const scores = (await this.products.run({
        kind: 'score',
        folder: this.archive.forecastFolder(forecast),
        observation: this.archive.places.observation(domain.id, isoDate(issue + lead)),
        lead,
      } satisfies ProductJob)) as readonly (readonly [ScoredName, CaseSums])[];
      for (const [name, sums] of scores)
        this.archive.putScore(
          domain.id,
          { issue, version: model.version, lead, name, sums },
          addedAt,
        );
      done += 1;
    }
    return done;
  }

  /** Issues the forecasts of some days and scores what can be, one after the other; a failure is told, not thrown. */
  async catchUp(domain: Domain, issues: readonly number[]): Promise<void> {
    for (const issue of issues) {
      try {
        await this.forecastOf(domain, issue);
      } catch (error) {
        if (isShuttingDown(error)) return; // what is missing is made after the next start
        this.#emit({ kind: 'failed', what: `forecast of ${isoDate(issue)}`, error });
      }
    }
    try {
      await this.scorePending(domain);
    } catch (error) {
      if (!isShuttingDown(error)) this.#emit({ kind: 'failed', what: 'scores', error });
    }
  }
}

function isShuttingDown(error: unknown): boolean {
  return error instanceof ServeError && error.kind === 'shutting-down';
}
