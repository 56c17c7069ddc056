import { Command, Option } from 'commander';
import type { IngestOptions } from './archive/ingest.js';

/** What the commands do. */
export interface Commands {
  run(options: Readonly<Record<string, unknown>>): Promise<void>;
  ingest(
    options: IngestOptions & {
      readonly climatology?: string;
      readonly forecast: 'newest' | 'all' | 'none';
      readonly models?: string;
      readonly archive?: string;
    },
  ): Promise<void>;
}

const list = (value: string) =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** The command line of the server. */
export function createCli(commands: Commands): Command {
  const program = new Command('serve').description(
    'Serves trained sea-ice models: ice now, forecasts, their verification, class and change maps.',
  );
  program
    .command('run')
    .description('serve over HTTP until SIGTERM or Ctrl+C')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 takes a free one', '8000')
    .option('--models <dir>', 'folder of model folders, watched for new ones', 'models')
    .option('--archive <dir>', 'folder of observations, forecasts and scores', 'served')
    .option(
      '--series <zarr>',
      'generated series that an empty archive starts with',
      'data/sea_ice_concentration.zarr',
    )
    .option('--workers <n>', 'processes that hold models', '1')
    .option('--writers <n>', 'processes that write answers')
    .option('--queue <n>', 'requests that wait at most for each kind of process', '32')
    .option('--time-limit <s>', 'seconds that a request may compute', '60')
    .option('--max-upload <mib>', 'size of an uploaded file', '256')
    .option('--max-pixels <n>', 'pixels of an uploaded image', '100000000')
    .option('--max-requests <n>', 'requests at once', '200')
    .option(
      '--max-lag <ms>',
      'milliseconds that requests are worked on at a time, before the health may be asked again',
      '30',
    )
    .option('--cache <mib>', 'answers that are kept', '512')
    .option('--rate-limit <n>', 'requests a minute and address; 0 for any number', '0')
    .addOption(
      new Option(
        '--trust-proxy <addresses>',
        'proxies whose X-Forwarded-For is believed: addresses, networks or loopback, comma between',
      ).argParser(list),
    )
    .addOption(
      new Option(
        '--cors <origins>',
        'origins that browsers may call from, comma between',
      ).argParser(list),
    )
    .addOption(
      new Option(
        '--api-keys <keys>',
        'keys, one of which each request to /api has to bring, comma between',
      )
        .env('ARCTIC_API_KEYS')
        .argParser(list),
    )
    .option('--watch <s>', 'seconds between looks at the model folders', '2')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent', 'info')
    .action(async (options: Record<string, unknown>) => commands.run(options));
  program
    .command('ingest')
    .description('add days of observed concentration; the forecast follows')
    .option('--source <name>', 'source of the files, such as nsidc-0081')
    .requiredOption('--input <path>', 'file, folder or archive of the source, or a Zarr store')
    .option('--from <date>', 'first day taken')
    .option('--to <date>', 'last day taken')
    .addOption(
      new Option('--hemisphere <name>', 'of a source that holds both').choices(['north', 'south']),
    )
    .option(
      '--climatology <path>',
      'monthly record (nsidc-0051) of a grid that the forecaster was not trained on',
    )
    .addOption(
      new Option('--forecast <which>', 'days that a forecast is issued on')
        .choices(['newest', 'all', 'none'])
        .default('newest'),
    )
    .option('--models <dir>', 'folder of model folders', 'models')
    .option('--archive <dir>', 'folder of observations, forecasts and scores', 'served')
    .action(async (options: Parameters<Commands['ingest']>[0]) => commands.ingest(options));
  return program.exitOverride();
}
