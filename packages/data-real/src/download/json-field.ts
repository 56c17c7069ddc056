import { DataRealError } from '../errors.js';

/** A field of anything, undefined where there is none. */
export function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // An object may be asked for any field.
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** A field that is an array. */
export function arrayAt(value: unknown, key: string): readonly unknown[] | undefined {
  const field = at(value, key);
  return Array.isArray(field) ? field : undefined;
}

/**
 * The list in the answer of a search, with the answer itself.
 *
 * @throws DataRealError `DownloadFailed` where it is something else, as a message in words.
 */
export function searchAnswer(
  address: string,
  body: string,
  key: string,
): { readonly items: readonly unknown[]; readonly answer: unknown } {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = undefined;
  }
  const items = arrayAt(answer, key);
  if (items) return { items, answer };
  throw new DataRealError(
    'DownloadFailed',
    `${address}: expected a list of what there is. Received: ${JSON.stringify(body.slice(0, 120))}. Try again later.`,
  );
}
