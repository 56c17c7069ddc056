import type { Communicator } from './communicator.js';
import type { EmaOptions } from './ema.js';
import type { OptimizerOptions } from './optimizer.js';
import type { Schedule } from './schedules.js';

/** A metric to watch and which way is better. */
export interface Monitor {
  /** A key of what `validate` returns, or `train_loss`. */
  readonly name: string;
  readonly mode: 'min' | 'max';
}

/** When to give up. */
export interface EarlyStoppingOptions {
  /** Epochs without improvement after which training stops. */
  readonly patience: number;
  /** Smallest change that counts as improvement, in the unit of the metric. @default 0 */
  readonly minDelta?: number;
  /** What to watch. @default the run's `monitor` */
  readonly monitor?: string;
  /** Which way is better. @default the run's `monitor.mode` */
  readonly mode?: 'min' | 'max';
  /**
   * Leave the weights of the best epoch (by the run's `monitor`) in the parameters when training
   * ends, for whatever reason. @default true
   */
  readonly restoreBest?: boolean;
}

/** Which further epochs keep their weights. */
export interface TopKOptions {
  /** How many. */
  readonly k: number;
  /** What decides. @default the run's `monitor` */
  readonly monitor?: Monitor;
}

/** Parameters that stand still. */
export interface FreezeOptions {
  /** Beginning of the names of the parameters, or a pattern that they fit. */
  readonly match: string | RegExp;
  /** They are trained after so many epochs. @default never */
  readonly epochs?: number;
}

/** When `checkpoints/last` is written; it always is when training ends or is stopped. */
export interface CheckpointPolicy {
  /** After every so many epochs. @default 1 */
  readonly epochs?: number;
  /** Also within an epoch, once so many seconds have passed since the last time. @default 300 */
  readonly seconds?: number;
  /**
   * Skip an epoch when fewer seconds have passed since the last time. @default 20 times what the
   * last write took, so that writing takes no more than 5 % of the time
   */
  readonly minSeconds?: number;
}

/** How to train. */
export interface FitOptions {
  /** Number of passes over the training data (of `stepsPerEpoch` steps each, if that is given). */
  readonly epochs: number;
  /** Samples per optimizer step, over all processes. */
  readonly batchSize: number;
  /** Decides data order and the streams handed to `trainBatch`. */
  readonly seed: number;
  /** Learning rate and optimizer. */
  readonly optimizer: OptimizerOptions;
  /** How the learning rate changes. @default { kind: 'constant' } */
  readonly schedule?: Schedule;
  /** Largest allowed global gradient norm; larger gradients are scaled down. @default none */
  readonly clipNorm?: number;
  /** Largest allowed absolute value of a gradient element. @default none */
  readonly clipValue?: number;
  /**
   * Parts that a batch is split into, whose gradients are added up: the step of the whole batch (but
   * for batch norm's statistics) in less memory. @default 1
   */
  readonly accumulate?: number;
  /**
   * Moving averages of the weights, which validation, `best` and `topK` then use instead of the
   * weights. @default none
   */
  readonly ema?: EmaOptions;
  /** Parameters that stand still, for some epochs or for good. @default none */
  readonly freeze?: readonly FreezeOptions[];
  /**
   * Decides which epoch is best. @default the smallest `val_loss` if `validate` returns one, else
   * the smallest `train_loss`
   */
  readonly monitor?: Monitor;
  /** @default never */
  readonly earlyStopping?: EarlyStoppingOptions;
  /**
   * Optimizer steps per epoch. The order of the data goes on from epoch to epoch, so every sample
   * is still seen equally often. @default one pass over the data
   */
  readonly stepsPerEpoch?: number;
  /** What to do with a last batch of a pass that is not full. @default 'keep' */
  readonly lastBatch?: 'keep' | 'drop';
  /** Batches asked for before they are needed, so that workers can prepare them. @default 0 */
  readonly prefetch?: number;
  /** At most so many training batches per epoch; below 1, a share of them. @default all */
  readonly limitTrainBatches?: number;
  /** `maxBatches` of the validation requests. @default Infinity */
  readonly limitValidationBatches?: number;
  /** Train on the first so many batches only, always the same: the loss should go to 0. @default off */
  readonly overfitBatches?: number;
  /**
   * Take so many training steps, validate on as many batches and end, without writing anything: does
   * everything run? @default off
   */
  readonly fastDevRun?: number;
  /**
   * Validate on so many batches before the first step, so that what is wrong there shows at once;
   * 0 does not. @default 0
   */
  readonly sanityValidation?: number;
  /** Tell (`leak`) when every one of so many steps in a row leaves more tensors. 0 does not look. @default 20 */
  readonly leakGuard?: number;
  /**
   * Folder that gets `checkpoints/best` and `checkpoints/last`, and `nonfinite/` when a loss is NaN.
   * @default nothing is written
   */
  readonly runFolder?: string;
  /** Keep the weights of the k best epochs as `checkpoints/epoch-N`. @default none but `best` */
  readonly topK?: TopKOptions;
  /**
   * Go on from `checkpoints/last` in `runFolder`, or start afresh if there is none. Without it,
   * checkpoints of an earlier run are moved to `checkpoints.old`. @default false
   */
  readonly resume?: boolean;
  /** When `last` is written. @default after every epoch, within the limits of CheckpointPolicy */
  readonly checkpointEvery?: CheckpointPolicy;
  /** Stop, resumable, after the first step that ends later than this many seconds. @default none */
  readonly maxSeconds?: number;
  /** Stop, resumable, after the current step; `stopOnSignals` has one. @default none */
  readonly signal?: AbortSignal;
  /**
   * The other processes of this training, each with a share of every batch. Process 0 writes; all
   * read checkpoints, from the same folder. @default this process alone
   */
  readonly communicator?: Communicator;
  /** A clock in milliseconds. @default performance.now */
  readonly now?: () => number;
}
