import { createInflate, type Inflate } from 'node:zlib';
import { damagedFile } from '../byte-file.js';
import { reasonOf } from '../errors.js';
import type { Element } from './element.js';

const FEED_BYTES = 1 << 20;

/**
 * Reads ranges of a deflate stream that is too large to hold: what lies before a range is unpacked
 * and dropped, and the next range goes on from there. Ranges are best read in ascending order.
 */
export class InflateCursor {
  readonly #path: string;
  readonly #packed: Element;
  #stream: AsyncIterator<Uint8Array> | null = null;
  #inflate: Inflate | null = null;
  /** Unpacked bytes not yet asked for, and where they begin. */
  #rest: Uint8Array = new Uint8Array(0);
  #at = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, packed: Element) {
    this.#path = path;
    this.#packed = packed;
  }

  /** One range after the other, also where several are asked for at once. */
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const reading = this.#queue.then(() => this.#read(at, length));
    this.#queue = reading.catch(() => undefined);
    return reading;
  }

  async #read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.#stream || at < this.#at) this.#restart();
    const out = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const skipped = Math.min(this.#rest.length, at + done - this.#at);
      this.#advance(skipped);
      const part = this.#rest.subarray(0, length - done);
      if (this.#at === at + done) {
        out.set(part, done);
        done += part.length;
        this.#advance(part.length);
      }
      if (done < length && this.#rest.length === 0) await this.#fill();
    }
    return out;
  }

  #advance(bytes: number): void {
    this.#rest = this.#rest.subarray(bytes);
    this.#at += bytes;
  }

  #restart(): void {
    this.#inflate?.destroy();
    const inflate = createInflate();
    this.#inflate = inflate;
    this.#stream = inflate[Symbol.asyncIterator]();
    this.#rest = new Uint8Array(0);
    this.#at = 0;
    void this.#feed(inflate);
  }

  async #feed(inflate: Inflate): Promise<void> {
    try {
      for (let at = 0; at < this.#packed.size && !inflate.destroyed; at += FEED_BYTES) {
        const bytes = await this.#packed.read(at, Math.min(FEED_BYTES, this.#packed.size - at));
        if (!inflate.write(bytes) && !inflate.destroyed) {
          await new Promise<void>((next) => {
            inflate.once('drain', next);
            inflate.once('close', next);
          });
        }
      }
      inflate.end();
    } catch (cause) {
      inflate.destroy(cause instanceof Error ? cause : new Error(reasonOf(cause)));
    }
  }

  async #fill(): Promise<void> {
    try {
      const next = await this.#stream?.next();
      if (next && !next.done) {
        this.#rest = next.value;
        return;
      }
    } catch (cause) {
      this.#stream = null;
      throw damagedFile(this.#path, 'a whole deflate stream', reasonOf(cause), cause);
    }
    this.#stream = null;
    throw damagedFile(this.#path, 'more unpacked bytes', `${this.#at}`);
  }
}
