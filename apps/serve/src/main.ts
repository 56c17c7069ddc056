import { CommanderError } from 'commander';
import { createCli } from './cli.js';
import { isTaggedError } from './errors.js';

/** Bad input and impossible wishes end with this code. */
const USAGE_EXIT_CODE = 2;

// Loaded when asked for: --help needs no server.
const cli = createCli({
  run: async (options) => (await import('./commands.js')).run(options),
  ingest: async (options) => (await import('./commands.js')).addDays(options),
});

try {
  await cli.parseAsync(process.argv.filter((argument, i) => !(i === 3 && argument === '--')));
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
  } else {
    const sentence = isTaggedError(error) || (error instanceof Error && 'code' in error);
    process.stderr.write(
      `${error instanceof Error ? (sentence ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
    );
    process.exit(sentence ? USAGE_EXIT_CODE : 1);
  }
}
