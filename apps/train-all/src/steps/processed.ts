import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelName, RunConfig } from '../config.js';
import { paths, readJsonIfThere, writeJson } from '../context.js';
import { UsageError } from '../errors.js';

/** In a model's folder of a run: the split and the statistics that it was trained with. */
const PROCESSED_FILE = 'processed.json';

/** Keeps the split and statistics that a model is trained with: `data/processed` is shared by all runs. */
export async function rememberProcessed(config: RunConfig, model: ModelName): Promise<void> {
  await writeJson(
    join(paths(config).model(model), PROCESSED_FILE),
    currentProcessed(config, model),
  );
}

/**
 * Refuses to score or release a model on another split than its own: its training samples could be in that test.
 * @throws UsageError naming the command that mends it.
 */
export function expectSameProcessed(config: RunConfig, model: ModelName): void {
  const path = join(paths(config).model(model), PROCESSED_FILE);
  if (!existsSync(path)) return; // not trained: said better where the checkpoint is looked for
  if (JSON.stringify(readJsonIfThere(path)) === JSON.stringify(currentProcessed(config, model)))
    return;
  const { processed } = paths(config);
  throw new UsageError(
    `${processed}: expected the split and statistics that ${model} of run ${config.name} was trained with. Received: those of another run. Make them again: nx run train-all:data -- --name ${config.name}, then train-all:preprocess`,
  );
}

function currentProcessed(config: RunConfig, model: ModelName): Record<string, unknown> {
  const entry = (name: string) => {
    const record = readJsonIfThere(join(paths(config).processed, name)) as Record<
      string,
      unknown
    > | null; // a file of ours
    return record?.[model] ?? null;
  };
  return { stats: entry('stats.json'), split: entry('split.json') };
}
