#!/usr/bin/env node
import { constants } from 'node:os';
import { abandonInstallation, runCommandLine } from './command.js';

const CLEAR_LINE = '\r\u001b[2K';

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    if (abandonInstallation()) console.error('\nInterrupted; the next install goes on from here.');
    process.exit(128 + constants.signals[signal]);
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: console.log,
  err: console.error,
  ...(process.stderr.isTTY && {
    status: (text: string) => process.stderr.write(`${CLEAR_LINE}${text}`),
  }),
});
