import {
  findScenes,
  labelSourceOf,
  writeScenePairs,
  writeScenePatches,
  type PatchesSummary,
} from '@arctic/data-real';
import { regionOf, type RunConfig } from '../config.js';
import { paths } from '../context.js';
import { UsageError } from '../errors.js';
import { progressLine } from '../progress.js';

/** Cuts real scenes into the classifier's patches or the change detector's pairs, and says what came of it. */
export async function importImagery(
  config: RunConfig,
  model: 'classifier' | 'siamese',
  say: (line: string) => void,
): Promise<void> {
  const { source, input, labels, patchSize, from, to } = config;
  if (input === undefined || labels === undefined)
    throw new UsageError(
      `--source ${source}: expected --input DIR with scenes and --labels. Received: ${input === undefined ? 'no --input' : 'no --labels'}`,
    );
  const where = paths(config);
  const title = model === 'classifier' ? 'scenes' : 'pairs of scenes';
  let show: ReturnType<typeof progressLine> | undefined;
  const options = {
    scenes: await findScenes(input, { from, to }),
    labels: await labelSourceOf(labels),
    source,
    ...(patchSize === undefined ? {} : { patchSize }),
    region: regionOf(config),
    onProgress: ({ done, total }: { readonly done: number; readonly total: number }) => {
      show ??= progressLine(title, total);
      show(done);
    },
  };
  const made =
    model === 'classifier'
      ? await writeScenePatches({
          ...options,
          folder: where.imagery,
          testFolder: where.imageryTest,
        })
      : await writeScenePairs({ ...options, folder: where.pairs, testFolder: where.pairsTest });
  say(describePatches(model, made));
}

function describePatches(model: string, made: PatchesSummary): string {
  return `${model}: ${made.main} patches to train and validate, ${made.test} to test; ${made.leftOut} too unknown or mixed, ${made.between} between the splits left out. ${made.split}`;
}
