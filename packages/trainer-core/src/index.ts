/**
 * A training loop as an async generator of typed events, with pieces round it that can be used
 * alone.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { consume, fit, type TrainTask } from '@arctic/trainer-core';
 *
 * // A line through noisy points: y = 3x − 1.
 * const slope = tf.variable(tf.scalar(0));
 * const offset = tf.variable(tf.scalar(0));
 * const task: TrainTask<{ x: tf.Tensor1D; y: tf.Tensor1D }> = {
 *   parameters: [
 *     { name: 'slope', variable: slope, trainable: true, decay: true },
 *     { name: 'offset', variable: offset, trainable: true, decay: false },
 *   ],
 *   trainSize: 64,
 *   trainBatch: (indices, rngs) => {
 *     const x = indices.map((i) => i / 32 - 1);
 *     return { x: tf.tensor1d(x), y: tf.tensor1d(x.map((v, n) => 3 * v - 1 + 0.01 * (rngs[n]?.normal() ?? 0))) };
 *   },
 *   loss: ({ x, y }) => tf.mean(tf.squaredDifference(tf.add(tf.mul(x, slope), offset), y)),
 *   validate: async () => ({ val_loss: Math.abs(((await slope.data())[0] ?? 0) - 3) }),
 * };
 * const result = await consume(
 *   fit(task, { epochs: 20, batchSize: 16, seed: 1, optimizer: { kind: 'adamw', learningRate: 0.1 } }),
 * );
 * result.best; // { epoch, step, score }
 * ```
 *
 * @packageDocumentation
 */
export { fit } from './fit.js';
export type { Parameter, Score, TrainTask, ValidationRequest } from './task.js';
export { shareOf } from './pool-scores.js';
export { alone, type Communicator } from './communicator.js';
export type {
  CheckpointPolicy,
  EarlyStoppingOptions,
  FitOptions,
  FreezeOptions,
  Monitor,
  TopKOptions,
} from './options.js';
export type {
  Best,
  Callback,
  FitResult,
  MetricsRow,
  StopReason,
  TimeSpent,
  TrainEvent,
} from './events.js';

export { consume } from './consume.js';
export { progressBar, type ProgressOptions } from './progress.js';
export { csvLogger } from './csv-log.js';
export { jsonlLogger, type JsonlOptions } from './jsonl-log.js';
export { tensorBoardLogger, type TensorBoardOptions } from './tensorboard/tensorboard-logger.js';
export { profileTable } from './profile-table.js';

export { createAdamW, type AdamWOptions } from './adamw.js';
export { createRmsprop, type RmspropOptions } from './rmsprop.js';
export { createSgd, type SgdOptions } from './sgd.js';
export type { NamedArray, Optimizer, OptimizerOptions, StoredTensor } from './optimizer.js';
export { layerwiseRates, type GroupOptions, type ParameterGroup } from './parameter-groups.js';
export { createEma, type Ema, type EmaOptions } from './ema.js';
export {
  learningRateAt,
  momentumAt,
  type Every,
  type FirstCycle,
  type Milestones,
  type Pace,
  type RunLength,
  type Schedule,
  type WarmUp,
} from './schedules.js';
export type { OneCycleOptions } from './one-cycle.js';
export { plateauStart, plateauStep, type PlateauOptions, type PlateauState } from './plateau.js';
export {
  sigmoidCrossEntropy,
  sigmoidCrossEntropyWeight,
  softmaxCrossEntropy,
  softmaxCrossEntropyWeight,
  type LabelWeights,
  type SigmoidCrossEntropyOptions,
  type SoftmaxCrossEntropyOptions,
} from './losses.js';
export { clipGradients, globalNorm, type ClipOptions } from './clip.js';
export {
  earlyStoppingStart,
  earlyStoppingStep,
  type EarlyStoppingState,
} from './early-stopping.js';
export { epochOrder } from './data-order.js';
export { createRng, rngOf, type Rng, type RngState } from './rng.js';
export { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from './worker-pool.js';
export type {
  HandlerOf,
  TransferPart,
  WorkerAnswer,
  WorkerData,
  WorkerHandler,
  WorkerModule,
  WorkerRequest,
  WorkerValue,
} from './worker-module.js';
export { isWorkerError, WorkerError } from './worker-error.js';
export { shareArray, type SharableArray } from './share-array.js';
export { sampleCache, type SampleCache, type SampleCacheOptions } from './sample-cache.js';
export {
  RESUMABLE_EXIT_CODE,
  stopOnSignals,
  type SignalSource,
  type StopSignals,
} from './stop-signals.js';
export {
  findLearningRate,
  suggestLearningRate,
  type FindLearningRateOptions,
  type LearningRatePoint,
  type LearningRateSearch,
} from './lr-finder.js';
export {
  search,
  type SearchEvent,
  type SearchOptions,
  type SearchResult,
} from './search/search.js';
export {
  drawTrials,
  parseSearchSpace,
  sampleSettings,
  type Dimension,
  type SearchSpace,
  type Settings,
  type SettingValue,
} from './search/search-space.js';
export { rungsOf, type Rung, type SearchStrategy } from './search/strategy.js';
export type {
  Objective,
  TrialHooks,
  TrialJob,
  TrialRecord,
  TrialReport,
  TrialRunner,
} from './search/trial.js';
export { childTrialRunner, type ChildRunnerOptions } from './search/child-runner.js';
export { answerTrial, type TrialStreams } from './search/answer-trial.js';
export { trainTrial } from './search/train-trial.js';
export { searchCsv, searchTable } from './search/search-table.js';
export { loadWeights } from './checkpoint.js';

export {
  CheckpointError,
  isTrainerError,
  NonFiniteError,
  OptionsError,
  TrainerError,
  type TrainerErrorTag,
} from './errors.js';
