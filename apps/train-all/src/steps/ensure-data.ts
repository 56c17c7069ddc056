import { join } from 'node:path';
import { paths, readJsonIfThere, type RunContext } from '../context.js';
import { makeData } from './data.js';
import { preprocess } from './preprocess.js';

/** Makes data and preprocesses it for the models of the run that have none in `data/processed`. */
export async function ensureData(context: RunContext): Promise<void> {
  const { config } = context;
  const stats = readJsonIfThere(join(paths(config).processed, 'stats.json')) as Record<
    string,
    unknown
  > | null; // a file of ours
  const models = config.models.filter((model) => stats?.[model] === undefined);
  if (models.length === 0) return;
  const missing = { ...context, config: { ...config, models } };
  await makeData(missing);
  await preprocess(missing);
}
