import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { ServeError } from '../errors.js';

/** What a pool of child processes is made of. */
export interface PoolOptions {
  /** For messages and metrics. */
  readonly name: string;
  /** Module that the children run. */
  readonly module: URL;
  readonly size: number;
  /** Jobs that wait at most. */
  readonly queue: number;
  /** Seconds that a job may take once it has begun. */
  readonly timeLimit: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: PoolEvent) => void;
}

export type PoolEvent =
  | { readonly kind: 'died'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'late'; readonly seconds: number }
  | { readonly kind: 'stderr'; readonly text: string };

/** What a child sends back. */
export type JobAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: JobFault };

/** An error that crossed from a child. */
export interface JobFault {
  /** Tag of the packages' own errors; null of a fault of this program. */
  readonly tag: string | null;
  readonly message: string;
  readonly status?: number;
  readonly kind?: string;
  readonly stack?: string;
}

interface Task {
  readonly id: number;
  readonly job: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Times that it was begun. */
  tries: number;
}

interface Worker {
  readonly child: ChildProcess;
  task: Task | null;
  timer: NodeJS.Timeout | null;
}

/** Seconds to wait that an overloaded server tells its clients. */
const RETRY_AFTER = 2;
/** A job that two processes died of is not tried a third time. */
const MOST_TRIES = 2;
/** Milliseconds between the death of a process and the next one that takes its place, doubled each time. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Lower than the server's own priority, so that it answers while they compute. */
const PRIORITY = 5;

/**
 * Jobs run in child processes, one at a time each: TensorFlow blocks the event loop, and what ends a process
 * does not end the server. A process that dies is replaced, and its job begun anew once.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #waiting: Task[] = [];
  #next = 1;
  #closed = false;
  #deaths = 0;
  #drained: (() => void) | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.size; i++) this.#start();
  }

  get name(): string {
    return this.#options.name;
  }

  /** Jobs that wait and jobs that run. */
  get load(): { readonly waiting: number; readonly running: number; readonly workers: number } {
    const running = [...this.#workers].filter(({ task }) => task !== null).length;
    return { waiting: this.#waiting.length, running, workers: this.#workers.size };
  }

  /** Ids of the child processes, for tests and operators. */
  get pids(): readonly number[] {
    return [...this.#workers].map(({ child }) => child.pid ?? 0);
  }

  /**
   * Runs a job and gives its value.
   *
   * @param signal drops a job that has not begun.
   * @throws ServeError 503 where the queue is full, the job took too long or its processes died.
   */
  async run(job: unknown, signal?: AbortSignal): Promise<unknown> {
    const { name, queue } = this.#options;
    if (this.#closed)
      throw new ServeError(503, 'shutting-down', 'The server is shutting down.', {
        retryAfter: RETRY_AFTER,
      });
    if (this.#waiting.length >= queue)
      throw new ServeError(
        503,
        'overloaded',
        `${name}: expected at most ${queue} waiting requests. Try again later.`,
        { retryAfter: RETRY_AFTER },
      );
    return new Promise((resolve, reject) => {
      const task: Task = { id: this.#next++, job, resolve, reject, tries: 0 };
      this.#waiting.push(task);
      signal?.addEventListener(
        'abort',
        () => {
          const at = this.#waiting.indexOf(task);
          if (at < 0) return;
          this.#waiting.splice(at, 1);
          reject(new ServeError(499, 'client-closed', 'The client went away.'));
        },
        { once: true },
      );
      this.#pump();
    });
  }

  /** Lets running jobs end, for so many milliseconds at most; then ends the processes. */
  async close(graceMs = 10_000): Promise<void> {
    this.#closed = true;
    for (const task of this.#waiting.splice(0))
      task.reject(
        new ServeError(503, 'shutting-down', 'The server is shutting down.', {
          retryAfter: RETRY_AFTER,
        }),
      );
    if (this.load.running > 0) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => (this.#drained = resolve)),
        new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs))),
      ]);
      clearTimeout(timer);
    }
    const gone = [...this.#workers].map(
      ({ child }) => new Promise<void>((resolve) => child.once('exit', () => resolve())),
    );
    for (const { child } of this.#workers) child.kill('SIGKILL');
    await Promise.all(gone);
  }

  #start(): void {
    const { module, env, onEvent } = this.#options;
    const child = fork(module, {
      serialization: 'advanced',
      execArgv: ['--import', import.meta.resolve('tsx'), '--conditions=@arctic/source'],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const worker: Worker = { child, task: null, timer: null };
    this.#workers.add(worker);
    if (child.pid !== undefined) {
      try {
        setPriority(child.pid, PRIORITY);
      } catch {
        // a courtesy; some containers do not allow it
      }
    }
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      onEvent?.({ kind: 'stderr', text: text.trim() });
    });
    child.on('message', (answer: JobAnswer) => this.#answered(worker, answer));
    child.on('error', () => undefined); // 'exit' follows, or `send` has told
    child.on('exit', (code, signal) => this.#died(worker, code, signal));
    this.#pump();
  }

  #pump(): void {
    for (const worker of this.#workers) {
      if (worker.task !== null || !worker.child.connected) continue;
      const task = this.#waiting.shift();
      if (!task) return;
      worker.task = task;
      task.tries += 1;
      const { timeLimit, onEvent } = this.#options;
      worker.timer = setTimeout(() => {
        onEvent?.({ kind: 'late', seconds: timeLimit });
        worker.task = null;
        task.reject(
          new ServeError(
            503,
            'time-limit',
            `Expected an answer within ${timeLimit} s. Ask for less, or try again later.`,
            { retryAfter: RETRY_AFTER },
          ),
        );
        worker.child.kill('SIGKILL');
      }, timeLimit * 1000);
      worker.child.send({ id: task.id, job: task.job }, () => undefined); // 'exit' tells of failures
    }
  }

  #answered(worker: Worker, answer: JobAnswer): void {
    const { task } = worker;
    if (task?.id !== answer.id) return;
    this.#release(worker);
    this.#deaths = 0;
    if ('error' in answer) task.reject(errorOf(answer.error));
    else task.resolve(answer.value);
    this.#pump();
  }

  #died(worker: Worker, code: number | null, signal: string | null): void {
    const { task } = worker;
    this.#release(worker);
    this.#workers.delete(worker);
    if (this.#closed) {
      task?.reject(new ServeError(503, 'shutting-down', 'The server is shutting down.'));
      return;
    }
    this.#options.onEvent?.({ kind: 'died', code, signal });
    if (task && task.tries < MOST_TRIES) this.#waiting.unshift(task);
    else
      task?.reject(
        new ServeError(
          503,
          'worker-died',
          'The process that worked on this request died twice. Ask for less, or try again later.',
          { retryAfter: RETRY_AFTER },
        ),
      );
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#deaths++, LONGEST_PAUSE);
    setTimeout(() => {
      if (!this.#closed) this.#start();
    }, pause).unref();
  }

  #release(worker: Worker): void {
    if (worker.timer) clearTimeout(worker.timer);
    worker.timer = null;
    worker.task = null;
    if (this.#closed && this.load.running === 0) this.#drained?.();
  }
}

function errorOf({ tag, message, status, kind, stack }: JobFault): Error {
  if (status !== undefined) return new ServeError(status, kind ?? 'error', message);
  if (tag !== null) return new ServeError(422, 'unusable', message);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
