import { expect, it } from 'vitest';
import { EagerBody } from '../../src/download/eager-body.js';

it('a stream that neither goes on nor fails ends with the signal, after what arrived', async () => {
  const silent = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(Uint8Array.of(1, 2)),
  });
  const stop = new AbortController();
  const body = new EagerBody(silent, stop.signal, () => undefined);
  setTimeout(() => stop.abort(new Error('stalled')), 10);
  const parts: number[] = [];
  const read = async () => {
    for await (const part of body.parts()) parts.push(...part);
  };
  await expect(read()).rejects.toThrow('stalled');
  expect(parts).toEqual([1, 2]);
  await body.cancel();
});
