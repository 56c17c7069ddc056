import type { Decoding, StoredArray, StoredType } from '../raster-file.js';
import type { DataSet, Hdf4Attribute } from './data-set.js';
import { parseKey } from './key.js';

/** What the file as a whole says about how its numbers are packed. */
export interface PackingRules {
  /** Whether it follows the CF conventions, where `value = stored * scale + offset`. */
  readonly cf: boolean;
  /** Whether it is of HDF-EOS. */
  readonly eos: boolean;
}

const BITS: Readonly<Partial<Record<StoredType, number>>> = { uint8: 8, uint16: 16, uint32: 32 };

/**
 * How the numbers of a data set become values.
 *
 * HDF4's own calibration is `value = scale_factor * (stored - add_offset)`, which MODIS products
 * follow; files that name the CF conventions, without HDF4's calibration errors beside, are taken
 * at their word. Some MODIS land products write the scale upside down (10000 for reflectances of
 * 0…1): in HDF-EOS files a scale of 10, 100, 1000 … on integers divides. `slope` and `intercept`
 * (ocean colour) are `value = stored * slope + intercept`.
 *
 * Missing are `_FillValue`, `missing_value`, numbers outside `valid_range` (or `valid_min`,
 * `valid_max`), and the flags of a `Key` text (see `parseKey`).
 */
export function decodingOf({ type, attributes }: DataSet, rules: PackingRules): Decoding {
  const integer = type.dtype !== 'float32' && type.dtype !== 'float64';
  const { scale, offset } = packingOf(attributes, rules, integer);
  const packed = scale !== 1 || offset !== 0;
  /** Numbers of an attribute as stored numbers. */
  const stored = (name: string): number[] => {
    const values = numbersOf(attributes, name);
    if (!values) return [];
    const isReal = values instanceof Float32Array || values instanceof Float64Array;
    return Array.from(values, (value) => {
      // Fractions beside packed integers are meant as values; -1 beside uint8 is 255.
      if (integer && packed && isReal) return (value - offset) / scale;
      const bits = BITS[type.dtype];
      return bits !== undefined && value < 0 && Number.isInteger(value) ? value + 2 ** bits : value;
    });
  };
  const [low, high] = rangeOf(stored);
  const missing = ['_FillValue', 'missing_value'].flatMap(stored);
  const key = attributes.find(({ name }) => name.toLowerCase() === 'key')?.value;
  if (typeof key === 'string') {
    for (const { code, decimal } of parseKey(key)) {
      missing.push(decimal && packed ? Math.round((code - offset) / scale) : code);
    }
  }
  return {
    scale,
    offset,
    missing: [...new Set(missing.filter((code) => !Number.isNaN(code)))],
    validMin: low,
    validMax: high,
  };
}

function packingOf(
  attributes: readonly Hdf4Attribute[],
  { cf, eos }: PackingRules,
  integer: boolean,
): { readonly scale: number; readonly offset: number } {
  const first = (name: string) => numbersOf(attributes, name)?.[0];
  const slope = first('slope');
  const factor = first('scale_factor');
  if (slope !== undefined && factor === undefined && slope !== 0) {
    return { scale: slope, offset: first('intercept') ?? 0 };
  }
  const scale = factor === undefined || factor === 0 || !Number.isFinite(factor) ? 1 : factor;
  const add = first('add_offset') ?? 0;
  const offset = Number.isFinite(add) ? add : 0;
  const calibrated = first('scale_factor_err') !== undefined;
  if (eos && integer && isPowerOfTen(scale))
    return { scale: 1 / scale, offset: minus(offset / scale) };
  if (cf && !calibrated) return { scale, offset };
  return { scale, offset: minus(offset * scale) };
}

/** Never −0, which compares unequal in places. */
function minus(value: number): number {
  return value === 0 ? 0 : -value;
}

function isPowerOfTen(scale: number): boolean {
  const power = Math.log10(scale);
  return power >= 1 && power <= 7 && Number.isInteger(power);
}

function rangeOf(stored: (name: string) => number[]): readonly [number, number] {
  const [low, high] = stored('valid_range');
  const range = [
    low ?? stored('valid_min')[0] ?? -Infinity,
    high ?? stored('valid_max')[0] ?? Infinity,
  ] as const;
  // Ranges upside down, or of NaN, exclude everything and mean nothing.
  return range[0] <= range[1] ? range : [-Infinity, Infinity];
}

function numbersOf(attributes: readonly Hdf4Attribute[], name: string): StoredArray | undefined {
  const value = attributes.find((attribute) => attribute.name === name)?.value;
  return typeof value === 'string' ? undefined : value;
}
