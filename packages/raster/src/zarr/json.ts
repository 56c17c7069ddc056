/** An object out of a JSON text. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** NaN and infinities, which Python writes bare; texts are matched first, so that they stay whole. */
const BARE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * The object in a JSON text, with NaN, Infinity and -Infinity as text.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): JsonObject {
  const value: unknown = JSON.parse(
    text.replace(BARE, (token) => (token.startsWith('"') ? token : `"${token}"`)),
  );
  if (isObject(value)) return value;
  throw new SyntaxError(`expected an object, received ${typeof value}`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at a key, empty where there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

/** Text of a key; undefined where it is something else. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}
