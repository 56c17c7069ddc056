type Bytes = Uint8Array<ArrayBuffer>;

/** Keeps the byte arrays used last, up to a size in all. */
export class ByteCache {
  readonly #limit: number;
  readonly #entries = new Map<string, Promise<Bytes>>();
  readonly #sizes = new Map<string, number>();
  #held = 0;

  /** @param limit bytes kept at most. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes of `key`, made by `load` where they are not kept; not to be written to. */
  async get(key: string, load: () => Promise<Bytes>): Promise<Bytes> {
    const kept = this.#entries.get(key);
    if (kept) {
      this.#entries.delete(key);
      this.#entries.set(key, kept);
      return kept;
    }
    const loading = load();
    this.#entries.set(key, loading);
    try {
      const bytes = await loading;
      this.#sizes.set(key, bytes.length);
      this.#held += bytes.length;
      this.#shrink();
      return bytes;
    } catch (cause) {
      this.#entries.delete(key);
      throw cause;
    }
  }

  #shrink(): void {
    for (const key of this.#entries.keys()) {
      if (this.#held <= this.#limit) return;
      const size = this.#sizes.get(key);
      if (size === undefined) continue;
      this.#entries.delete(key);
      this.#sizes.delete(key);
      this.#held -= size;
    }
  }
}
