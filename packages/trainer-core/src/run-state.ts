import type { ResolvedOptions } from './resolve-options.js';
import { earlyStoppingStart, type EarlyStoppingState } from './early-stopping.js';
import type { Best, MetricsRow } from './events.js';
import { plateauStart, type PlateauState } from './plateau.js';

/**
 * Where a run stands, weights and optimizer slots aside: plain data. Every random number of a run
 * is a function of the seed and of `step`, so these two are also the state of the generators and
 * the position in the data.
 */
export interface RunState {
  /** What must be the same for a resume to be a resume. */
  readonly identity: RunIdentity;
  /** Optimizer steps taken. */
  step: number;
  /** Complete epochs, validation included. */
  epoch: number;
  plateau: PlateauState;
  earlyStopping: EarlyStoppingState;
  best: Best | null;
  /** Epochs whose weights are kept by `topK`, the best first. */
  top: readonly Best[];
  /** Sums over the epoch that is under way. */
  running: { loss: number; samples: number; norm: number; steps: number };
  history: MetricsRow[];
}

/** The settings that decide which samples a step sees and what its slots are. */
export interface RunIdentity {
  readonly seed: number;
  readonly batchSize: number;
  readonly trainSize: number;
  readonly stepsPerEpoch: number;
  readonly lastBatch: 'keep' | 'drop';
  readonly optimizer: string;
}

/** The state before the first step. */
export function startState(config: ResolvedOptions): RunState {
  return {
    identity: identityOf(config),
    step: 0,
    epoch: 0,
    plateau: plateauStart(config.optimizer.learningRate),
    earlyStopping: earlyStoppingStart(),
    best: null,
    top: [],
    running: emptySums(),
    history: [],
  };
}

/** Sums before the first step of an epoch. */
export function emptySums(): RunState['running'] {
  return { loss: 0, samples: 0, norm: 0, steps: 0 };
}

/** The settings a checkpoint is bound to. */
export function identityOf(config: ResolvedOptions): RunIdentity {
  const { seed, batchSize, trainSize, stepsPerEpoch, lastBatch, optimizer } = config;
  return { seed, batchSize, trainSize, stepsPerEpoch, lastBatch, optimizer: optimizer.kind };
}
