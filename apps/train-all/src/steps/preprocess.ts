import {
  preprocessChangePairs,
  preprocessImagery,
  preprocessSequences,
  type Split,
} from '@arctic/preprocess';
import type { ModelName } from '../config.js';
import { paths, type RunContext } from '../context.js';
import { dateSplit } from '../forecast/load.js';
import { progressLine } from '../progress.js';

/** Makes `data/processed/` from `data/` for the models of the run. */
export async function preprocess({ config, say }: RunContext): Promise<void> {
  const where = paths(config);
  const common = { output: where.processed, seed: config.seed };
  const shown = (title: string) => {
    let show: ReturnType<typeof progressLine> | undefined;
    return {
      onProgress: ({ done, total }: { readonly done: number; readonly total: number }) => {
        show ??= progressLine(title, total);
        show(done);
      },
    };
  };
  const tasks: Readonly<Record<ModelName, () => Promise<{ counts: Record<Split, number> }>>> = {
    classifier: () =>
      preprocessImagery({
        ...common,
        input: where.imagery,
        testInput: where.imageryTest,
        inputSize: config.classifier.inputSize,
        ...shown('preprocess scenes'),
      }),
    siamese: () =>
      preprocessChangePairs({
        ...common,
        input: where.pairs,
        testInput: where.pairsTest,
        inputSize: config.siamese.inputSize,
        ...shown('preprocess pairs'),
      }),
    convlstm: () => {
      const { inputSteps, outputSteps, stride } = config.convlstm;
      return preprocessSequences({
        output: where.processed,
        input: where.series,
        split: dateSplit(config),
        inputSteps,
        outputSteps,
        stride: config.source === 'synthetic' ? 1 : stride,
      });
    },
  };
  for (const model of config.models) {
    const { counts } = await tasks[model]();
    const what = model === 'convlstm' ? 'windows' : 'samples';
    say(
      `${model}: ${counts.train} ${what} to train, ${counts.val} to validate, ${counts.test} to test`,
    );
  }
}
