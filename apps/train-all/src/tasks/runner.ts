import type { TrainTask } from '@arctic/trainer-core';
import type * as tf from '@tensorflow/tfjs-core';
import type { RunContext } from '../context.js';

/** A picture of the report; `path` is relative to the run folder. */
export interface Figure {
  readonly path: string;
  readonly caption: string;
}

/** The picture of a training beside losses and learning rate. */
export interface TrainingCurves {
  readonly title: string;
  readonly lossLabel: string;
  /** Scores of the validation, by their names in metrics.csv. @default none */
  readonly metrics?: readonly { readonly key: string; readonly label: string }[];
}

/** A model with its data, ready to be trained. */
export interface OpenTask {
  readonly task: TrainTask<tf.TensorContainer>;
  /** One pass over the data where absent. */
  readonly stepsPerEpoch?: number;
  /** What the picture of its training shows. */
  readonly curves: TrainingCurves;
  /** Frees the model. */
  dispose(): void | Promise<void>;
}

/** The steps of one model after its data are there. `S` is its entry in the summary, less the cost of training. */
export interface TaskRunner<S> {
  /** Loads the data and makes a fresh model. */
  open(context: RunContext): Promise<OpenTask>;
  /** Scores the best weights and the baselines on the test split and writes pictures. */
  evaluate(
    context: RunContext,
  ): Promise<{ readonly scores: S; readonly figures: readonly Figure[] }>;
  /** Writes the model folder. @param scores what `evaluate` returned, for the model card. */
  release(context: RunContext, scores: S): Promise<void>;
}

/** Opens a model with its data for as long as `work` lasts. */
export async function withTask<T>(
  runner: Pick<TaskRunner<never>, 'open'>,
  context: RunContext,
  work: (open: OpenTask) => Promise<T>,
): Promise<T> {
  const open = await runner.open(context);
  try {
    return await work(open);
  } finally {
    await open.dispose();
  }
}

/** Summary entry without `seconds` and `peakMemoryMb`. */
export type Scores<T> = Omit<T, 'seconds' | 'peakMemoryMb'>;
