import { readSafetensors, type SafetensorsFile } from '@arctic/nn';
import type { Problem } from './shapes.js';

/** An answer that is no success, in words for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** A server that is busy turns requests away and says when to come again: it is asked so often in all. */
const TRIES = 5;
/** Longer than this the page does not wait by itself, seconds. */
const LONGEST_S = 10;

/** The API that this page came from. */
export interface Api {
  /** Header value of `x-api-key`; null where none is sent. */
  key: string | null;
  url(path: string, query?: Query): URL;
  /** @throws ApiError where the answer is no success */
  get(path: string, query?: Query, signal?: AbortSignal): Promise<Response>;
  /** T is what the route's schema says. */
  json<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  arrays(path: string, query?: Query, signal?: AbortSignal): Promise<SafetensorsFile>;
  post(path: string, query: Query, body: FormData): Promise<Response>;
}

/** @param base address of the folder that the page lies in */
export function createApi(base: string, key: string | null = null): Api {
  const api: Api = {
    key,
    url(path, query = {}) {
      const url = new URL(`api/v1/${path}`, base);
      for (const [name, value] of Object.entries(query))
        if (value !== undefined) url.searchParams.set(name, String(value));
      return url;
    },
    get: (path, query, signal) => call(path, query, signal ? { signal } : {}),
    async json<T>(path: string, query?: Query, signal?: AbortSignal) {
      return (await (await api.get(path, query, signal)).json()) as T; // as the schema says
    },
    async arrays(path, query, signal) {
      const answer = await api.get(path, query, signal);
      return readSafetensors(new Uint8Array(await answer.arrayBuffer()));
    },
    post: (path, query, body) => call(path, query, { method: 'POST', body }),
  };

  async function call(
    path: string,
    query: Query | undefined,
    init: RequestInit,
    triesLeft = TRIES,
  ): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(api.url(path, query), {
        ...init,
        headers: api.key === null ? {} : { 'x-api-key': api.key },
      });
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new ApiError(0, 'The server cannot be reached.', { cause });
    }
    if (answer.ok) return answer;
    const wait = Number(answer.headers.get('retry-after') ?? NaN);
    if (triesLeft > 1 && (answer.status === 503 || answer.status === 429) && wait <= LONGEST_S) {
      await answer.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      init.signal?.throwIfAborted();
      return call(path, query, init, triesLeft - 1);
    }
    throw new ApiError(answer.status, await wordsOf(answer));
  }

  return api;
}

/** What a problem says, without what speaks of command lines. */
async function wordsOf(answer: Response): Promise<string> {
  const fallback = `The server answered ${answer.status} ${answer.statusText}.`;
  try {
    const { detail } = (await answer.json()) as Partial<Problem>; // looked at with care
    const wait = answer.headers.get('retry-after');
    if (!detail) return fallback;
    return wait === null
      ? detail
      : detail.replace(/( Try again later\.)?$/, ` Try again in ${wait} s.`);
  } catch {
    return fallback;
  }
}

/** An error as a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
