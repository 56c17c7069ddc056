/** A worker of a pool could not answer. */
export class WorkerError extends Error {
  readonly _tag = 'Worker';

  constructor(
    message: string,
    /** The module that the pool runs, as a URL. */
    readonly module: string,
    /**
     * `failed`: its code threw on this request, others may work. `crashed`: a thread could not start
     * or died, the pool is closed. `closed`: the pool was closed before.
     */
    readonly reason: 'failed' | 'crashed' | 'closed',
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = 'WorkerError';
  }
}

/** Whether `error` comes from the workers of a pool. */
export function isWorkerError(error: unknown): error is WorkerError {
  return error instanceof WorkerError;
}
