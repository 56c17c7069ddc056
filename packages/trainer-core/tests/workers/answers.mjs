import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';

/** Answers of all kinds, for the tests of the pool. */
export function createWorker({ factor, shared }) {
  return async ({ kind, values = [], milliseconds = 0 }) => {
    switch (kind) {
      case 'scale':
        await wait(milliseconds);
        return { value: values.map((v) => v * factor) };
      case 'shared':
        return { value: [...shared] };
      case 'where':
        return { value: [threadId] };
      case 'argv':
        return { value: process.execArgv };
      case 'buffer': {
        const value = Float32Array.from(values);
        return { value, transfer: [value] };
      }
      case 'throw':
        throw Object.assign(new RangeError('No such sample.'), {
          _tag: 'Sample',
          at: { not: 'sent' },
        });
      case 'function':
        return { value: () => 1 };
      case 'exit':
        return process.exit(3);
      default:
        throw 'an unknown kind';
    }
  };
}
