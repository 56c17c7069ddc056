import type { TrainTask } from '@arctic/trainer-core';
import type * as tf from '@tensorflow/tfjs-core';
import type { RunContext } from '../context.js';
import type { Trained } from '../train-model.js';

/** A picture of the report; `path` is relative to the run folder. */
export interface Figure {
  readonly path: string;
  readonly caption: string;
}

/** A model with its data, ready to be trained. */
export interface OpenTask {
  readonly task: TrainTask<tf.TensorContainer>;
  /** One pass over the data where absent. */
  readonly stepsPerEpoch?: number;
  /** Frees the model. */
  dispose(): void | Promise<void>;
}

/** The steps of one model after its data are there. `S` is its entry in the summary, less the cost of training. */
export interface TaskRunner<S> {
  /** Loads the data and makes a fresh model. */
  open(context: RunContext): Promise<OpenTask>;
  /** Trains into the run folder; the best weights stay in the checkpoint. */
  train(context: RunContext): Promise<Trained>;
  /** Scores the best weights and the baselines on the test split and writes pictures. */
  evaluate(
    context: RunContext,
  ): Promise<{ readonly scores: S; readonly figures: readonly Figure[] }>;
  /** Writes the model folder. @param scores what `evaluate` returned, for the model card. */
  release(context: RunContext, scores: S): Promise<void>;
}

/** Summary entry without `seconds` and `peakMemoryMb`. */
export type Scores<T> = Omit<T, 'seconds' | 'peakMemoryMb'>;
