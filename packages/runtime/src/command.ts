import { parseArgs } from 'node:util';
import { cacheFolders, removeHalfWritten } from './cache.js';
import { doctor, formatDoctorReport } from './doctor.js';
import { RuntimeError, failureSentence } from './errors.js';
import { megabytes } from './fetch-wheel.js';
import { HELP } from './help.js';
import { install } from './install.js';
import { LIBRARY_ORIGINS, type LibraryOrigin } from './library.js';
import { releaseLock } from './lock.js';
import { progressWriter, type CommandOutput } from './progress.js';
import { currentSystem, type System } from './system.js';
import { uninstall } from './uninstall.js';

const HELP_COMMAND = 'npx arctic-runtime --help';

/** The options that each command knows, beside `--json`. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  install: ['from', 'origin', 'gpu', 'version', 'force'],
  doctor: [],
  uninstall: ['all', 'dry-run'],
};

/** Runs `arctic-runtime` with `argv` (without node and script) and returns its exit code. */
export async function runCommandLine(
  argv: readonly string[],
  output: CommandOutput,
  system: System = currentSystem(),
): Promise<number> {
  const { out, err } = output;
  try {
    const { values, positionals } = parse(argv);
    if (values.help || argv.length === 0) {
      out(HELP);
      return 0;
    }
    switch (commandOf(positionals, values)) {
      case 'install': {
        const { from, gpu, version, force } = values;
        const addon = await install({
          ...(from !== undefined && { from }),
          ...(version !== undefined && { version }),
          origins: parseOrigins(values.origin),
          ...{ gpu, force, system },
          ...progressWriter(output, system.now, values.json),
        });
        const { tensorflowVersion, library } = addon;
        out(
          values.json
            ? JSON.stringify(addon, undefined, 2)
            : `Ready: TensorFlow ${tensorflowVersion} in ${library.folder}.`,
        );
        return 0;
      }
      case 'uninstall': {
        const what = values.all ? 'all' : 'current';
        const report = await uninstall({ what, dryRun: values['dry-run'], system });
        if (values.json) out(JSON.stringify(report, undefined, 2));
        else {
          for (const { path, bytes } of report.removed) out(`${path}  ${megabytes(bytes)} MB`);
          const verb = values['dry-run'] ? 'Would remove' : 'Removed';
          out(
            report.removed.length > 0
              ? `${verb} ${megabytes(report.bytes)} MB.`
              : 'Nothing is installed.',
          );
        }
        return 0;
      }
      default: {
        const report = await doctor({ system });
        out(values.json ? JSON.stringify(report, undefined, 2) : formatDoctorReport(report));
        return report.healthy ? 0 : 2;
      }
    }
  } catch (error) {
    output.status?.('');
    err(failureSentence(error));
    return 2;
  }
}

/**
 * Tidies up after an installation of this process that is being interrupted; returns whether there was
 * one. What was downloaded is kept for the next.
 */
export function abandonInstallation(system: System = currentSystem()): boolean {
  const folders = cacheFolders(system);
  if (!releaseLock(folders.lock)) return false;
  removeHalfWritten(folders);
  return true;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        from: { type: 'string' },
        origin: { type: 'string' },
        version: { type: 'string' },
        gpu: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RuntimeError('option', message, { cause, remedy: HELP_COMMAND });
  }
}

function commandOf(positionals: readonly string[], values: Record<string, unknown>): string {
  const [command = '', ...rest] = positionals;
  const known = OPTIONS[command];
  if (!known || rest.length > 0) {
    throw new RuntimeError(
      'option',
      `Expected 'install', 'doctor' or 'uninstall'. Received: '${positionals.join(' ')}'.`,
      { remedy: HELP_COMMAND },
    );
  }
  const stray = Object.keys(values).find(
    (name) => ![...known, 'json', 'help'].includes(name) && values[name],
  );
  if (stray === undefined) return command;
  throw new RuntimeError('option', `'${command}' has no option --${stray}.`, {
    remedy: HELP_COMMAND,
  });
}

function parseOrigins(list: string | undefined): readonly LibraryOrigin[] {
  if (list === undefined) return LIBRARY_ORIGINS;
  return list.split(',').map((name) => {
    const origin = LIBRARY_ORIGINS.find((known) => known === name.trim());
    if (origin) return origin;
    throw new RuntimeError(
      'option',
      `Expected --origin to list ${LIBRARY_ORIGINS.join(', ')}. Received: '${name}'.`,
      { remedy: HELP_COMMAND },
    );
  });
}
