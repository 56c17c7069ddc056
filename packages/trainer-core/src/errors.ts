/** The ways in which training can fail, told apart by `_tag`. */
export type TrainerErrorTag =
  /** An option or a task makes no sense. */
  | 'Options'
  /** Loss or gradients became NaN or infinite. */
  | 'NonFinite'
  /** A checkpoint cannot be written, read, or does not belong to this task. */
  | 'Checkpoint';

/** The base of every error this package throws; `_tag` says which kind it is. */
export class TrainerError extends Error {
  constructor(
    readonly _tag: TrainerErrorTag,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = `${_tag}Error`;
  }
}

/** An option or a task makes no sense; nothing was run or written. */
export class OptionsError extends TrainerError {
  declare readonly _tag: 'Options';

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('Options', message, options);
  }
}

/** The loss or a gradient became NaN or infinite; weights and checkpoints are those before it. */
export class NonFiniteError extends TrainerError {
  declare readonly _tag: 'NonFinite';

  constructor(
    /** Which quantity it was. */
    readonly quantity: 'loss' | 'gradient',
    /** Its value, NaN or ±Infinity. */
    readonly value: number,
    /** The optimizer step that could not be taken, from 1. */
    readonly step: number,
    /** The epoch of that step, from 1. */
    readonly epoch: number,
    /** Indices of the samples in the offending batch. */
    readonly indices: readonly number[],
    /** Where the weights and the batch were saved; null without a run folder. */
    readonly folder: string | null = null,
  ) {
    super(
      'NonFinite',
      `Expected a finite ${quantity === 'loss' ? 'loss' : 'gradient norm'} at step ${step} (epoch ${epoch}). ` +
        `Received: ${value}. No weight was changed by this step; ` +
        'lower the learning rate, clip gradients (clipNorm), or look at the samples in `indices`' +
        `${folder === null ? '' : `; weights and batch are in "${folder}"`}.`,
    );
  }
}

/** A checkpoint cannot be written or read, or it belongs to another run. */
export class CheckpointError extends TrainerError {
  declare readonly _tag: 'Checkpoint';

  constructor(
    message: string,
    /** The folder of the checkpoint; null where only its contents were given. */
    readonly folder: string | null,
    options?: { readonly cause?: unknown },
  ) {
    super('Checkpoint', message, options);
  }
}

/** Whether `error` comes from this package, and, if a tag is given, is of that kind. */
export function isTrainerError(error: unknown, tag?: TrainerErrorTag): error is TrainerError {
  return error instanceof TrainerError && (tag === undefined || error._tag === tag);
}
