import { isTaggedError, ServeError } from '../errors.js';
import type { JobAnswer, JobFault } from './pool.js';

/**
 * Runs the jobs that the parent process sends, one after the other, until it goes away.
 *
 * @param blame whose fault the packages' errors are: that of what a client sent, or this program's.
 */
export function serveJobs(run: (job: never) => Promise<unknown>, blame: 'client' | 'server'): void {
  process.on('message', ({ id, job }: { id: number; job: never }) => {
    run(job).then(
      (value) => answer({ id, value }),
      (error: unknown) => answer({ id, error: faultOf(error, blame) }),
    );
  });
  process.on('disconnect', () => process.exit());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined); // the parent decides
}

function answer(message: JobAnswer): void {
  process.send?.(message);
}

function faultOf(error: unknown, blame: 'client' | 'server'): JobFault {
  if (error instanceof ServeError)
    return { tag: error._tag, message: error.message, status: error.status, kind: error.kind };
  if (isTaggedError(error)) {
    const full = isFullDisk(error.cause);
    return {
      tag: blame === 'client' ? error._tag : null,
      message: error.message,
      ...(full ? { status: 503, kind: 'disk-full' } : {}),
    };
  }
  if (isFullDisk(error))
    return {
      tag: null,
      message: 'The disk of the server is full.',
      status: 503,
      kind: 'disk-full',
    };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { tag: null, message, ...(stack === undefined ? {} : { stack }) };
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}
