import type { RunContext } from '../context.js';
import type { Trained } from '../train-model.js';

/** A picture of the report; `path` is relative to the run folder. */
export interface Figure {
  readonly path: string;
  readonly caption: string;
}

/** The steps of one model after its data are there. `S` is its entry in the summary, less the cost of training. */
export interface TaskRunner<S> {
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
