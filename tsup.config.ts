import { existsSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** One build for every package: ESM with types; a command-line entry where `src/cli.ts` exists. */
export default defineConfig({
  entry: ['src/index.ts', ...(existsSync('src/cli.ts') ? ['src/cli.ts'] : [])],
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { composite: false, incremental: false } },
});
