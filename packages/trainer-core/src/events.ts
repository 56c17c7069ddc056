/** One line of `metrics.csv`: an epoch's numbers. NaN stands for a score that has no value. */
export interface MetricsRow {
  /** Epoch, from 1. */
  readonly epoch: number;
  /** Optimizer steps taken since the start of the run. */
  readonly step: number;
  /** Learning rate of the last step of the epoch. */
  readonly learning_rate: number;
  /** Mean loss over the samples of the epoch, in training mode. */
  readonly train_loss: number;
  /** Mean global gradient norm over the steps, before clipping. */
  readonly gradient_norm: number;
  /** What `validate` returned. */
  readonly [metric: string]: number;
}

/** The best epoch so far by the monitored metric. */
export interface Best {
  readonly epoch: number;
  readonly step: number;
  readonly score: number;
}

/**
 * Why training ended. `completed` and `early-stopping` are final; after `time-limit` and `aborted`
 * the run can be resumed where it stood.
 */
export type StopReason = 'completed' | 'early-stopping' | 'time-limit' | 'aborted';

/** Where wall-clock time went, in seconds. */
export interface TimeSpent {
  /** Waiting for batches. */
  readonly data: number;
  /** Forward, backward and optimizer, other processes waited for included. */
  readonly step: number;
  readonly validation: number;
  readonly checkpoint: number;
  /** Consumers of events: logs, pictures, progress. */
  readonly callbacks: number;
}

/** What a run came to. */
export interface FitResult {
  readonly reason: StopReason;
  /** Complete epochs, those before a resume included. */
  readonly epochs: number;
  /** Optimizer steps, those before a resume included. */
  readonly steps: number;
  readonly best: Best | null;
  /** Whether the parameters now hold the weights of the best epoch rather than the last. */
  readonly restoredBest: boolean;
  /** One row per complete epoch. */
  readonly history: readonly MetricsRow[];
  /** Wall-clock seconds of this call. */
  readonly seconds: number;
  /** Of which. */
  readonly time: TimeSpent;
}

/** Something that happened in a run. Epochs, batches and steps count from 1. */
export type TrainEvent =
  | {
      readonly kind: 'start';
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      /** Steps already taken before a resume; 0 in a fresh run. */
      readonly step: number;
      /** Number of values that are trained. */
      readonly trainableValues: number;
      /** Rows of epochs already complete before a resume; empty in a fresh run. */
      readonly history: readonly MetricsRow[];
    }
  | {
      readonly kind: 'resumed';
      readonly folder: string;
      /** Complete epochs in the checkpoint. */
      readonly epoch: number;
      readonly step: number;
      /** Set when a newer checkpoint was damaged or missing and an earlier one was used. */
      readonly warning: string | null;
    }
  | {
      readonly kind: 'batch';
      readonly epoch: number;
      /** Number of the batch within its epoch. */
      readonly batch: number;
      readonly step: number;
      readonly loss: number;
      /** Global norm of the gradient before clipping. */
      readonly gradientNorm: number;
      readonly learningRate: number;
      /** Number of samples. */
      readonly batchSize: number;
      /** Wall-clock seconds of this step, data included. */
      readonly seconds: number;
      /** Of which waiting for `trainBatch`. */
      readonly dataSeconds: number;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly metrics: MetricsRow;
      /** Wall-clock seconds of the epoch, as far as it ran in this call, validation included. */
      readonly seconds: number;
      /** Where time went since the `epoch` event before it. */
      readonly time: TimeSpent;
    }
  | {
      /** Validation before the first step went well. */
      readonly kind: 'sanity';
      readonly scores: Readonly<Record<string, number>>;
    }
  | {
      /** Tensors are left behind: told once. */
      readonly kind: 'leak';
      readonly step: number;
      /** Tensors now. */
      readonly tensors: number;
      /** Tensors more with each step. */
      readonly perStep: number;
    }
  | {
      /** The plateau schedule lowered the learning rate. */
      readonly kind: 'lr';
      readonly epoch: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'improved';
      readonly epoch: number;
      /** The monitored metric. */
      readonly name: string;
      readonly score: number;
      readonly previous: number | null;
    }
  | {
      readonly kind: 'checkpoint';
      readonly which: 'best' | 'last' | 'top';
      readonly folder: string;
      readonly step: number;
      readonly bytes: number;
      readonly seconds: number;
    }
  | {
      readonly kind: 'stopped';
      readonly reason: Exclude<StopReason, 'completed'>;
      readonly epoch: number;
      readonly step: number;
      /** One sentence for people. */
      readonly message: string;
    }
  | { readonly kind: 'end'; readonly result: FitResult };

/** A consumer of events; awaited before training goes on. */
export type Callback = (event: TrainEvent) => void | Promise<void>;
