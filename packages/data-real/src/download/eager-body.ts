/** Bytes that may wait for the disk before reading pauses. */
const MAX_WAITING = 4 << 20;

/**
 * A response's body, read ahead of the disk from the moment that it is made.
 *
 * A stream that breaks throws away what it holds; whatever arrived before is given out here first,
 * so that an attempt that breaks off early still brings something to go on from. It ends with the
 * signal, too: fetch of Node 20 may neither go on nor fail where a compressed body is damaged.
 */
export class EagerBody {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #onNews: () => void = () => undefined;
  #onRoom: () => void = () => undefined;

  /** @param onBytes told of everything that arrives, at once. */
  constructor(body: Response['body'], signal: AbortSignal, onBytes: () => void) {
    this.#reader = body?.getReader();
    signal.addEventListener('abort', () => this.#end({ error: signal.reason }), { once: true });
    void this.#fill(onBytes);
  }

  /** The parts in order; throws what broke the stream after the last that arrived. */
  async *parts(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const part = this.#waiting.shift();
      if (part) {
        this.#waitingBytes -= part.length;
        if (this.#waitingBytes <= MAX_WAITING) this.#onRoom();
        yield part;
      } else if (this.#ended) {
        if (this.#failure) throw this.#failure.error;
        return;
      } else {
        await new Promise<void>((resolve) => (this.#onNews = resolve));
      }
    }
  }

  /** Lets go of the connection; nothing to do for a body that was read to its end. */
  async cancel(): Promise<void> {
    this.#onRoom();
    await this.#reader?.cancel().catch(() => undefined);
  }

  async #fill(onBytes: () => void): Promise<void> {
    try {
      for (;;) {
        const step = await this.#reader?.read();
        if (!step || step.done) break;
        onBytes();
        this.#waiting.push(step.value);
        this.#waitingBytes += step.value.length;
        this.#onNews();
        if (this.#waitingBytes > MAX_WAITING) {
          await new Promise<void>((resolve) => (this.#onRoom = resolve));
        }
      }
      this.#end();
    } catch (error) {
      this.#end({ error });
    }
  }

  #end(failure?: { readonly error: unknown }): void {
    if (this.#ended) return;
    this.#failure = failure;
    this.#ended = true;
    this.#onNews();
  }
}
