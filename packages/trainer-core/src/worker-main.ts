/**
 * What each thread of a pool runs: it loads the module of the pool and answers requests.
 *
 * Kept as a text, started from a `data:` URL, so that it needs no file of its own: it is the same from
 * sources, from a build and in a bundle, and the loader that the user's module may need (tsx) is not
 * needed for this.
 */
const WORKER_MAIN = `
import { parentPort, workerData } from 'node:worker_threads';

const { createWorker } = await import(workerData.module);
const answer = await createWorker(workerData.data);

parentPort.on('message', async ({ id, request }) => {
  try {
    const { value, transfer = [] } = await answer(request);
    parentPort.postMessage({ id, value }, transfer.map((part) => part.buffer ?? part));
  } catch (error) {
    parentPort.postMessage({ id, error: describe(error) });
  }
});

// Cloning keeps neither the class of an error nor its own fields.
function describe(error) {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  const { name, message, stack } = error;
  const plain = Object.entries(error).filter(([, value]) => Object(value) !== value && typeof value !== 'symbol');
  return { message, fields: { name, stack, ...Object.fromEntries(plain) } };
}
`;

/** Where a thread of a pool starts. */
export function workerMainUrl(): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(WORKER_MAIN)}`);
}

/** What a thread is started with. */
export interface WorkerStart {
  /** URL of the module that has `createWorker`. */
  readonly module: string;
  readonly data: unknown;
}

/** An error as it is sent. */
export interface ErrorMessage {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a thread sends back. */
export type WorkerMessage =
  | { readonly id: number; readonly value: unknown; readonly error?: never }
  | { readonly id: number; readonly error: ErrorMessage };
