import { mkdir, rm } from 'node:fs/promises';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProductResult } from '../workers/jobs.js';

/** An answer, in memory where it is small. */
export interface Answer {
  readonly id: string;
  readonly contentType: string;
  readonly plain: Part;
  /** null where it is not packed. */
  readonly gzipped: Part | null;
}

export interface Part {
  readonly path: string;
  readonly bytes: number;
  readonly data: Buffer | null;
}

/** Bytes of an answer that is kept in memory. */
const SMALL = 1 << 20;
/** Bytes of answers in memory, all together. */
const MEMORY = 64 << 20;

/** Answers that were made, the least recently used dropped beyond a number of bytes; each is made once at a time. */
export class AnswerCache {
  readonly #folder: string;
  readonly #limit: number;
  readonly #known = new Map<string, Answer>();
  readonly #making = new Map<string, Promise<Answer>>();
  #bytes = 0;
  #memory = 0;

  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  get size(): { readonly answers: number; readonly bytes: number } {
    return { answers: this.#known.size, bytes: this.#bytes };
  }

  async clear(): Promise<void> {
    this.#known.clear();
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true });
  }

  async get(id: string, make: (path: string) => Promise<ProductResult>): Promise<Answer> {
    const making =
      this.#making.get(id) ??
      this.#find(id, make).finally(() => {
        this.#making.delete(id);
      });
    this.#making.set(id, making);
    return making;
  }

  async #find(id: string, make: (path: string) => Promise<ProductResult>): Promise<Answer> {
    const known = this.#known.get(id);
    if (known) {
      this.#known.delete(id);
      this.#known.set(id, known); // the newest last
      if (await isThere(known)) return known;
      await this.#forget(known);
    }
    return this.#make(id, make);
  }

  async #forget(answer: Answer): Promise<void> {
    if (this.#known.get(answer.id) !== answer) return;
    this.#known.delete(answer.id);
    for (const part of partsOf(answer)) {
      this.#bytes -= part.bytes;
      this.#memory -= part.data?.length ?? 0;
    }
    for (const part of partsOf(answer)) await rm(part.path, { force: true });
  }

  async #make(id: string, make: (path: string) => Promise<ProductResult>): Promise<Answer> {
    const target = join(this.#folder, id);
    let made: ProductResult;
    try {
      made = await make(target);
    } catch (error) {
      for (const path of [target, `${target}.gz`]) await rm(path, { force: true });
      throw error;
    }
    const { path, gzipped, contentType } = made;
    const answer: Answer = {
      id,
      contentType,
      plain: await partOf(path),
      gzipped: gzipped === null ? null : await partOf(gzipped),
    };
    this.#known.set(id, answer);
    for (const part of partsOf(answer)) {
      this.#bytes += part.bytes;
      this.#memory += part.data?.length ?? 0;
    }
    for (const old of this.#known.values()) {
      if (this.#bytes <= this.#limit && this.#memory <= MEMORY) break;
      if (old !== answer) await this.#forget(old);
    }
    return answer;
  }
}

function partsOf({ plain, gzipped }: Answer): readonly Part[] {
  return gzipped ? [plain, gzipped] : [plain];
}

/** Somebody may have emptied the folder meanwhile. */
async function isThere(answer: Answer): Promise<boolean> {
  const ofFiles = partsOf(answer).filter(({ data }) => data === null);
  const found = await Promise.all(ofFiles.map(async ({ path }) => stat(path).catch(() => null)));
  return !found.includes(null);
}

async function partOf(path: string): Promise<Part> {
  const { size } = await stat(path);
  return { path, bytes: size, data: size <= SMALL ? await readFile(path) : null };
}
