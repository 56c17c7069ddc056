import { join } from 'node:path';
import { learningRateCurve } from '@arctic/plots';
import { writeFileAtomic } from '@arctic/raster';
import { findLearningRate, stopOnSignals, type LearningRateSearch } from '@arctic/trainer-core';
import type { RunOptions } from '../cli.js';
import type { ModelName } from '../config.js';
import { paths, writeJson, type RunContext } from '../context.js';
import { ResumableStop } from '../errors.js';
import { writePicture } from '../pictures.js';
import { openRun, RUNNERS } from '../pipeline.js';
import { progressLine } from '../progress.js';
import { withTask } from '../tasks/runner.js';
import { fitOptions } from '../train-model.js';
import { ensureData } from './ensure-data.js';

export interface FindLrOptions extends RunOptions {
  /** Rate of the first and of the last step. */
  readonly fromRate: number;
  readonly toRate: number;
  readonly steps: number;
}

/** Looks for a learning rate for each model of the run: `learning-rate.json`, `.svg` and `.png` in its folder. */
export async function findLr(options: FindLrOptions): Promise<void> {
  const context = await openRun(options, ['train']);
  await ensureData(context);
  for (const model of context.config.models) await findFor(model, context, options);
}

async function findFor(
  model: ModelName,
  context: RunContext,
  { fromRate, toRate, steps }: FindLrOptions,
): Promise<void> {
  const { config } = context;
  const settings = config[model];
  const { optimizer, batchSize, clipNorm, accumulate, prefetch } = fitOptions(settings);
  const stop = stopOnSignals(process);
  const show = progressLine(`${model}: learning rates`, steps);
  let done = 0;
  const found = await withTask(RUNNERS[model], context, ({ task }) =>
    findLearningRate(task, {
      ...{ optimizer, batchSize, steps, seed: config.seed, from: fromRate, to: toRate },
      ...(clipNorm === undefined ? {} : { clipNorm }),
      ...(accumulate === undefined ? {} : { accumulate }),
      ...(prefetch === undefined ? {} : { prefetch }),
      signal: stop.signal,
      onPoint: () => {
        show(++done);
      },
    }),
  ).finally(() => {
    stop.dispose();
  });
  if (found.reason === 'aborted')
    throw new ResumableStop(
      `Stopped by ${stop.received() ?? 'a signal'} after ${done} learning rates; nothing was written.`,
    );
  const folder = paths(config).model(model);
  const svg = learningRateCurve({
    title: `Learning rates of the ${model}`,
    subtitle: `${optimizer.kind}, batches of ${batchSize}, ${found.points.length} steps`,
    points: found.points,
    suggestion: found.suggestion,
  });
  await writeJson(join(folder, 'learning-rate.json'), { settings, ...found });
  await writePicture(join(folder, 'learning-rate.png'), svg);
  await writeFileAtomic(join(folder, 'learning-rate.svg'), Buffer.from(svg));
  process.stdout.write(`${describe(model, settings.learningRate, found)}\n`);
  context.say(`picture: ${join(folder, 'learning-rate.png')}`);
}

function describe(
  model: ModelName,
  configured: number,
  { suggestion, least, reason }: LearningRateSearch,
): string {
  if (suggestion === null)
    return `${model}: the loss falls at no rate between the ends; look at the picture, and try other ends or more steps`;
  const smallest = least === null ? '' : `; the loss is smallest at ${rate(least)}`;
  return `${model}: learning rate ${rate(suggestion)} (steepest fall; configured: ${rate(configured)}${smallest}${reason === 'diverged' ? ', and diverges after' : ''})`;
}

function rate(value: number): string {
  return value.toExponential(1);
}
