import { Worker } from 'node:worker_threads';
import { WorkerError } from './worker-error.js';
import {
  workerMainUrl,
  type ErrorMessage,
  type WorkerMessage,
  type WorkerStart,
} from './worker-main.js';
import type { TransferPart, WorkerHandler, WorkerModule } from './worker-module.js';

/** Answers requests one way or another. */
export interface Answerer {
  /** Requests without an answer yet. */
  readonly open: number;
  run(request: unknown, transfer: readonly TransferPart[]): Promise<unknown>;
  /** Ends it; open requests fail with this reason. */
  close(why: WorkerError): Promise<void>;
}

/** Answers in a thread of its own. @param onCrash is told when the thread cannot start or dies. */
export function answerInThread(
  start: WorkerStart,
  execArgv: readonly string[] | undefined,
  onCrash: (why: WorkerError) => void,
): Answerer {
  const { module } = start;
  const open = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (why: WorkerError) => void }
  >();
  let asked = 0;
  let closed = false;
  const worker = new Worker(workerMainUrl(), {
    workerData: start,
    ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
  });

  const settle = (id: number) => {
    const request = open.get(id);
    open.delete(id);
    if (open.size === 0) worker.unref();
    return request;
  };
  const failAll = (why: WorkerError) => {
    closed = true;
    for (const id of [...open.keys()]) settle(id)?.reject(why);
  };
  const crash = (received: string, cause?: unknown) => {
    if (closed) return;
    const why = crashed(module, received, cause);
    failAll(why);
    onCrash(why);
  };
  worker.on('message', (answer: WorkerMessage) => {
    const request = settle(answer.id);
    if (answer.error === undefined) request?.resolve(answer.value);
    else request?.reject(failed(module, rebuilt(answer.error)));
  });
  worker.on('messageerror', (error) => {
    crash(`an answer that cannot be read: ${error.message}`, error);
  });
  worker.on('error', (error) => {
    crash(wordsOf(error), error);
  });
  worker.on('exit', (code) => {
    crash(`a worker that ended by itself, with code ${code}`);
  });
  worker.unref(); // after the listeners, which hold the process

  return {
    get open() {
      return open.size;
    },
    run: (request, transfer) =>
      new Promise((resolve, reject) => {
        const id = asked++;
        // A request that cannot be cloned throws here and rejects.
        worker.postMessage({ id, request }, transfer.map(bufferOf));
        open.set(id, { resolve, reject });
        worker.ref();
      }),
    async close(why) {
      failAll(why);
      await worker.terminate();
    },
  };
}

/** Answers in this thread. */
export function answerHere(start: WorkerStart): Answerer {
  let handler: Promise<WorkerHandler<unknown, unknown>> | undefined;
  let open = 0;
  return {
    get open() {
      return open;
    },
    async run(request) {
      open++;
      try {
        const answer = await (handler ??= loadHandler(start));
        return (await answer(request)).value;
      } catch (cause) {
        throw cause instanceof WorkerError ? cause : failed(start.module, cause);
      } finally {
        open--;
      }
    },
    close: () => Promise.resolve(),
  };
}

async function loadHandler({
  module,
  data,
}: WorkerStart): Promise<WorkerHandler<unknown, unknown>> {
  try {
    // Bundlers cannot know which module this is.
    const loaded: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ module);
    const { createWorker } = loaded as WorkerModule; // as the types of the pool say
    return (await createWorker(data as never)) as WorkerHandler<unknown, unknown>;
  } catch (cause) {
    throw crashed(module, wordsOf(cause), cause);
  }
}

function crashed(module: string, received: string, cause?: unknown): WorkerError {
  return new WorkerError(
    `Expected a worker that runs ${module}. Received: ${received}.`,
    module,
    'crashed',
    { cause },
  );
}

function bufferOf(part: TransferPart): ArrayBuffer {
  return 'buffer' in part ? (part.buffer as ArrayBuffer) : part; // shared memory is refused when sent
}

function rebuilt({ message, fields }: ErrorMessage): Error {
  return Object.assign(new Error(message), fields);
}

function failed(module: string, cause: unknown): WorkerError {
  return new WorkerError(
    `Expected an answer of the worker ${module}. Received: ${wordsOf(cause)}.`,
    module,
    'failed',
    { cause },
  );
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replace(
    /\.$/,
    '',
  );
}
