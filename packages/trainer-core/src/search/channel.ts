/** Values from several sources, to be taken by one. */
export interface Channel<T> {
  push(value: T): void;
  /** No more values come; with a failure, whoever takes them gets its error after the last one. */
  close(failure?: { readonly error: unknown }): void;
  /** The values in the order they were pushed; ends when the channel is closed. */
  values(): AsyncGenerator<T, void>;
}

/** An empty channel. */
export function createChannel<T>(): Channel<T> {
  const queue: T[] = [];
  let closed: { readonly error?: unknown } | null = null;
  let wake: () => void = () => undefined;
  return {
    push(value) {
      queue.push(value);
      wake();
    },
    close(failure) {
      closed = failure ?? {};
      wake();
    },
    async *values() {
      for (;;) {
        while (queue.length > 0) yield queue.shift() as T; // there is one
        if (closed !== null) {
          if ('error' in closed) throw closed.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
