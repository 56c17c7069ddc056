import { check, wholeFrom } from './check.js';
import { WorkerError } from './worker-error.js';
import type {
  TransferPart,
  WorkerData,
  WorkerModule,
  WorkerRequest,
  WorkerValue,
} from './worker-module.js';
import { answerHere, answerInThread } from './worker-thread.js';

/** What a pool runs, and with how many threads. */
export interface WorkerPoolOptions<M extends WorkerModule> {
  /** The module, which exports `createWorker`: `new URL('./prepare.js', import.meta.url)`. */
  readonly module: URL;
  /** Threads; 0 runs the module in this one, with the same answers. */
  readonly workers: number;
  /**
   * What every worker begins with. Each thread gets a copy, but for arrays in shared memory
   * (`shareArray`), which all see.
   */
  readonly data: WorkerData<M>;
  /** Options of Node for the threads, such as a loader. @default those of this process */
  readonly execArgv?: readonly string[];
}

/** Threads that answer requests. */
export interface WorkerPool<M extends WorkerModule> {
  /**
   * The answer to a request. Nothing holds back requests: ask for no more than you can keep.
   *
   * @param transfer arrays in the request that are handed over rather than copied.
   * @throws WorkerError when the module throws, a worker dies, or the pool is closed.
   */
  run(request: WorkerRequest<M>, transfer?: readonly TransferPart[]): Promise<WorkerValue<M>>;
  /** Ends the threads; what was not answered yet fails. Call it as often as you like. */
  close(): Promise<void>;
}

/**
 * Threads that load a module and answer requests with it: to read, decode and augment samples while
 * the network trains. The module must not load `tfjs-node`, which works in one thread only; what it
 * needs of this package is in `@arctic/trainer-core/worker`.
 *
 * A request goes at once to the thread with the fewest open ones, so threads stay busy while native
 * kernels block this one. Threads that wait for requests do not keep the process alive.
 *
 * @typeParam M the module: `typeof import('./prepare.js')`.
 * @throws OptionsError when `workers` is no count.
 * @example
 * const pool = createWorkerPool<typeof import('./prepare.js')>({
 *   module: new URL('./prepare.js', import.meta.url),
 *   workers: 2,
 *   data: { size: 784 },
 * });
 * const batch = await pool.run({ indices: [3, 1], keys: ['7/a', '7/b'] });
 * await pool.close();
 */
export function createWorkerPool<M extends WorkerModule>(
  options: WorkerPoolOptions<M>,
): WorkerPool<M> {
  const { workers } = options;
  check('workers', workers, wholeFrom(0));
  const start = { module: options.module.href, data: options.data };
  let closed: WorkerError | null = null;
  let closing: Promise<void> | null = null;
  const close = (why: WorkerError): Promise<void> => {
    closed ??= why;
    closing ??= Promise.all(answerers.map((answerer) => answerer.close(why))).then(() => undefined);
    return closing;
  };
  const answerers =
    workers === 0
      ? [answerHere(start)]
      : Array.from({ length: workers }, () =>
          answerInThread(start, options.execArgv, (why) => void close(why)),
        );
  return {
    async run(request, transfer = []) {
      if (closed) throw closed;
      const answerer = answerers.reduce((a, b) => (b.open < a.open ? b : a));
      return (await answerer.run(request, transfer)) as WorkerValue<M>; // what the module answers
    },
    close: () => close(closedPool(start.module)),
  };
}

function closedPool(module: string): WorkerError {
  return new WorkerError(
    `Expected an open pool of ${module}. Received: a closed one.`,
    module,
    'closed',
  );
}
