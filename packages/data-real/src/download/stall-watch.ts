/** Ends an attempt that gets no byte for a while; everything that arrives must be told by `touch`. */
export class StallWatch {
  /** Aborts on a stall and when the outer signal does. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #stallMs: number;
  #timer: NodeJS.Timeout;
  #stopped = false;

  constructor(stallMs: number, outer: AbortSignal) {
    this.#stallMs = stallMs;
    this.signal = AbortSignal.any([outer, this.#controller.signal]);
    this.#timer = this.#start();
  }

  get stalled(): boolean {
    return this.#controller.signal.aborted;
  }

  touch(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(new Error('stalled')), this.#stallMs);
  }
}
