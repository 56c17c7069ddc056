import { bytesPerElement } from '../make-variable.js';
import type { Decoding, StoredType } from '../raster-file.js';
import {
  numberAttribute,
  textAttribute,
  type FileVariable,
  type TypedAttributes,
} from './file-variable.js';

/** Smallest and largest number of integer types, as far as float64 has them. */
const LIMITS: Readonly<Partial<Record<StoredType, readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2 ** 63), 2 ** 63],
  uint64: [0, 2 ** 64],
};

const WITH_OTHER_SIGN: Readonly<Partial<Record<StoredType, StoredType>>> = {
  int8: 'uint8',
  int16: 'uint16',
  int32: 'uint32',
  uint8: 'int8',
  uint16: 'int16',
  uint32: 'int32',
};

/** Words of `units` that measure nothing: classes carry them too. */
const UNITLESS = /^(1|none|unitless|dimensionless|n\/?a|class(es)?|flags?|-*)$/i;

/** Words of names whose numbers are codes, whatever their units say. */
const CODES =
  /(^|[\s_])(status_flag|quality_flag|flag|flags|area_type|land_cover|mask|qa)([\s_]|$)/i;

/** The type that the numbers of a variable mean: `_Unsigned` turns the sign that is stored round. */
export function meantType(type: StoredType, attributes: TypedAttributes): StoredType {
  const unsigned = textAttribute(attributes, '_Unsigned')?.toLowerCase();
  const signed = type.startsWith('int');
  if ((unsigned === 'true' && signed) || (unsigned === 'false' && !signed)) {
    return WITH_OTHER_SIGN[type] ?? type;
  }
  return type;
}

/**
 * How the stored numbers of a variable become values, by CF and the conventions of netCDF:
 * `_FillValue` and `missing_value`, `valid_range` (or `valid_min`, `valid_max`), the default fill
 * of its type where it names none, and the flags of measured variables count as missing.
 *
 * @param type of the numbers as they are meant (see `meantType`).
 */
export function cfDecoding(variable: FileVariable, type: StoredType): Decoding {
  const { attributes } = variable;
  const [scale = 1] = numberAttribute(attributes, 'scale_factor');
  const [offset = 0] = numberAttribute(attributes, 'add_offset');
  const fits = fitterOf(type);
  const filled = numberAttribute(attributes, '_FillValue');
  const fallback = variable.fill === null ? [] : [variable.fill];
  const missing = new Set(
    [
      ...(attributes.has('_FillValue') ? filled : fallback),
      ...numberAttribute(attributes, 'missing_value'),
      ...(isMeasured(attributes, type) ? numberAttribute(attributes, 'flag_values') : []),
    ].flatMap((code) => fits(code) ?? []),
  );
  const usable = scale !== 0 && Number.isFinite(scale) && Number.isFinite(offset);
  const packing = usable ? { scale, offset } : { scale: 1, offset: 0 };
  return { ...packing, missing: [...missing], ...validRange(attributes, type, packing) };
}

/** Codes as numbers of the type; null where it cannot hold them. */
function fitterOf(type: StoredType): (code: number) => number | null {
  const limits = LIMITS[type];
  if (!limits) return (code) => (Number.isNaN(code) ? null : code);
  const [low, high] = limits;
  return (code) => {
    if (!Number.isInteger(code)) return null;
    // Unsigned numbers whose attributes were written as signed ones.
    const meant = low === 0 && code < 0 && code >= -(high + 1) / 2 ? code + high + 1 : code;
    return meant >= low && meant <= high ? meant : null;
  };
}

/**
 * Whether a variable measures something, so that its `flag_values` stand where a measurement
 * lacks. Classes and states have them as their values.
 */
function isMeasured(attributes: TypedAttributes, type: StoredType): boolean {
  if (attributes.has('flag_masks')) return false;
  const name = textAttribute(attributes, 'standard_name') ?? '';
  if (CODES.test(name)) return false;
  const [scale = 1] = numberAttribute(attributes, 'scale_factor');
  const units = textAttribute(attributes, 'units') ?? '';
  return scale !== 1 || type.startsWith('float') || !UNITLESS.test(units);
}

function validRange(
  attributes: TypedAttributes,
  type: StoredType,
  { scale, offset }: Pick<Decoding, 'scale' | 'offset'>,
): Pick<Decoding, 'validMin' | 'validMax'> {
  const range = numberAttribute(attributes, 'valid_range');
  const [low] = range.length === 2 ? range : numberAttribute(attributes, 'valid_min');
  const high = range.length === 2 ? range[1] : numberAttribute(attributes, 'valid_max')[0];
  const name = range.length === 2 ? 'valid_range' : low !== undefined ? 'valid_min' : 'valid_max';
  const unpacked = isUnpacked(attributes, name, type);
  const stored = (value: number | undefined): number | null => {
    if (value === undefined || Number.isNaN(value)) return null;
    if (!unpacked) {
      const [lowest = -Infinity] = LIMITS[type] ?? [];
      const many = 2 ** (8 * bytesPerElement(type));
      return lowest === 0 && value < 0 ? value + many : value;
    }
    const packed = (value - offset) / scale;
    // 0.01 is not exact: a bound that meets a stored number must let it through.
    const near = Math.round(packed);
    return Math.abs(packed - near) < 1e-4 ? near + 0 : packed;
  };
  const bounds = [stored(low), stored(high)];
  if (unpacked && scale < 0) bounds.reverse();
  const [validMin, validMax] = bounds;
  return { validMin: validMin ?? -Infinity, validMax: validMax ?? Infinity };
}

/**
 * Bounds are in the units of the stored numbers, unless they are given in the type of
 * `scale_factor` (or `add_offset`) and that is wider than what is stored.
 */
function isUnpacked(attributes: TypedAttributes, name: string, type: StoredType): boolean {
  const given = attributes.get(name)?.type;
  const packing = ['scale_factor', 'add_offset'].flatMap((key) => attributes.get(key)?.type ?? []);
  if (given === undefined || given === 'text' || packing.length === 0) return false;
  const isFloat = given.startsWith('float') && packing.some((other) => other.startsWith('float'));
  return isFloat && (!type.startsWith('float') || bytesPerElement(given) > bytesPerElement(type));
}
