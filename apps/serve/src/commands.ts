import { isoDate } from '@arctic/raster';
import { ingest, ingestClimatology, openDays, openMonths } from './archive/ingest.js';
import { seed } from './archive/seed.js';
import type { Commands } from './cli.js';
import { createServer } from './server.js';
import { Service } from './service.js';
import { resolveSettings } from './settings.js';

/** Serves until a signal asks to stop. */
export const run: Commands['run'] = async (options) => {
  const settings = resolveSettings(options);
  const server = await createServer(settings);
  const { app, service } = server;
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1); // asked twice
    stopping = true;
    app.log.info({ signal }, 'stopping');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        app.log.error({ err: error }, 'failed to stop');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  const rest = await seed(service, settings.series);
  if (rest) app.log.info('nothing was ingested: the generated series of the run is served');
  await app.listen({ host: settings.host, port: settings.port });
  if (rest) void rest();
  else for (const domain of service.archive.domains()) void service.catchUp(domain, []);
};

/** Adds days; forecasts and scores follow. */
export const addDays: Commands['ingest'] = async (options) => {
  const { models, archive: folder } = options;
  const settings = resolveSettings({
    ...(models === undefined ? {} : { models }),
    ...(folder === undefined ? {} : { archive: folder }),
    writers: 1,
    timeLimit: 600,
    queue: 10_000,
  });
  const cube = await openDays(options);
  const service = await Service.open(settings, (event) => {
    if (event.kind === 'failed')
      process.stderr.write(
        `${event.what}: ${event.error instanceof Error ? event.error.message : String(event.error)}\n`,
      );
    if (event.kind === 'refused')
      process.stderr.write(
        `model folder ${event.refused.folder} refused: ${event.refused.reason}\n`,
      );
    if (event.kind === 'issued')
      process.stdout.write(`forecast issued ${isoDate(event.forecast.issue)}\n`);
  });
  try {
    const { domain, days } = await ingest(service.archive, cube, (date) =>
      process.stdout.write(`observed ${date}\n`),
    );
    if (options.climatology !== undefined) {
      const months = await openMonths(options.climatology, domain.hemisphere);
      await ingestClimatology(
        service.archive,
        domain,
        cube,
        months,
        service.registry.get('convlstm'),
      );
    }
    const newest = service.archive.newestDay(domain.id);
    const issues =
      options.forecast === 'none'
        ? []
        : options.forecast === 'all'
          ? days
          : days.filter((day) => day === newest);
    const before = service.archive.forecasts(domain.id).length;
    await service.catchUp(domain, issues);
    const made = service.archive.forecasts(domain.id).length - before;
    process.stdout.write(
      `${days.length} days added to ${domain.id}, ${made} forecasts issued; newest day ${isoDate(newest ?? 0)}\n`,
    );
  } finally {
    await service.close();
  }
};
