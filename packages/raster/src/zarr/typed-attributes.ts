import type { TypedAttribute, TypedAttributes } from '../netcdf/file-variable.js';
import type { AttributeValue, StoredType } from '../raster-file.js';
import type { JsonObject } from './json.js';

/**
 * Attributes out of JSON, with the types that JSON lost as far as they can be told: whole numbers
 * are integers, others of the array's own type where that is a float.
 */
export function typedAttributes(json: JsonObject, dtype: StoredType | null): TypedAttributes {
  const floats = dtype?.startsWith('float') ? dtype : 'float64';
  const attributes = new Map<string, TypedAttribute>();
  for (const [name, raw] of Object.entries(json)) {
    if (raw === null || name === '_ARRAY_DIMENSIONS') continue;
    const value = valueOf(name === '_FillValue' ? unpackedFill(raw, dtype) : raw);
    const numbers = [value].flat();
    const type = numbers.some((part) => typeof part === 'string')
      ? 'text'
      : numbers.every(Number.isInteger)
        ? 'int64'
        : floats;
    attributes.set(name, { value, type });
  }
  return attributes;
}

function valueOf(raw: unknown): AttributeValue {
  if (typeof raw === 'string' || typeof raw === 'number') return raw;
  if (Array.isArray(raw)) {
    if (isListOf(raw, 'number') || isListOf(raw, 'string')) return raw;
  }
  return JSON.stringify(raw);
}

function isListOf(list: readonly unknown[], type: 'number'): list is number[];
function isListOf(list: readonly unknown[], type: 'string'): list is string[];
function isListOf(list: readonly unknown[], type: string): boolean {
  return list.every((part) => typeof part === type);
}

/** xarray writes the fill of float arrays as the base64 of a little-endian float64. */
function unpackedFill(raw: unknown, dtype: StoredType | null): unknown {
  if (typeof raw !== 'string' || !dtype?.startsWith('float') || !/^[\w+/]{11}=$/.test(raw)) {
    return raw;
  }
  return Buffer.from(raw, 'base64').readDoubleLE(0);
}
