/** A number that a `Key` text explains, and that is no value. */
export interface FlagCode {
  readonly code: number;
  /** Whether it was written with a decimal point, as the keys of scaled values are. */
  readonly decimal: boolean;
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const ENTRY = new RegExp(
  String.raw`(?<![\w.])(${NUMBER})(?:\s*-\s*(${NUMBER}))?\s*=\s*([^,;\n]*)`,
  'g',
);
const NO_VALUE = /missing|fill|no data|no input|non-production/i;

/**
 * The codes of missing values in a `Key` of a MODIS snow or ice product, such as
 * `0-100=NDSI snow, 200=missing data, 250=cloud, 255=fill`.
 *
 * A key with a range (`0-100=…`, or `243.0-273.0 expected IST range`) belongs to a measured
 * quantity: all its other codes are flags. A key without one names classes, which are values;
 * missing are only those that say so.
 */
export function parseKey(key: string): readonly FlagCode[] {
  const entries = [...key.matchAll(ENTRY)].map(([, code = '', to, label = '']) => ({
    code: Number(code),
    decimal: code.includes('.'),
    range: to !== undefined,
    label,
  }));
  const measured = entries.some(({ range }) => range) || /\d\s*-\s*\d[\d.]*\s+expected/.test(key);
  return entries
    .filter(({ range, label }) => !range && (measured || NO_VALUE.test(label)))
    .map(({ code, decimal }) => ({ code, decimal }));
}
