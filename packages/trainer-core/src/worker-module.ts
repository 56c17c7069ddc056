/** Something that can be handed over to another thread; of an array, the whole buffer it lies in. */
export type TransferPart = ArrayBuffer | ArrayBufferView;

/** What a worker makes of a request. */
export interface WorkerAnswer<A> {
  readonly value: A;
  /** Arrays in `value` that are handed over rather than copied; the worker cannot use them after. */
  readonly transfer?: readonly TransferPart[];
}

/**
 * Answers requests. The answer may depend on the request and on the data that the worker began with
 * alone, not on requests before: which worker gets which request is not said.
 */
export type WorkerHandler<Q, A> = (request: Q) => WorkerAnswer<A> | Promise<WorkerAnswer<A>>;

/** What the module of a pool exports: called once in each worker, with the data of the pool. */
export interface WorkerModule {
  // `never` takes modules with any kind of data and requests.
  readonly createWorker: (
    data: never,
  ) => WorkerHandler<never, unknown> | Promise<WorkerHandler<never, unknown>>;
}

export type HandlerOf<M extends WorkerModule> = Awaited<ReturnType<M['createWorker']>>;

/** What the workers of a module begin with. */
export type WorkerData<M extends WorkerModule> = Parameters<M['createWorker']>[0];
/** What they are asked. */
export type WorkerRequest<M extends WorkerModule> = Parameters<HandlerOf<M>>[0];
/** What they answer. */
export type WorkerValue<M extends WorkerModule> = Awaited<ReturnType<HandlerOf<M>>>['value'];
