import { existsSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** Further entries where they exist: a command line, what worker threads load. */
const MORE = ['src/cli.ts', 'src/worker.ts'].filter((file) => existsSync(file));

/** One build for every package: ESM with types. */
export default defineConfig({
  entry: ['src/index.ts', ...MORE],
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { composite: false, incremental: false } },
});
