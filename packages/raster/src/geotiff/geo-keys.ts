import type { TiffDirectory } from './directory.js';
import { TAG } from './tags.js';

/** Numbers of the GeoKeys that are read or written. */
export const GEO_KEY = {
  modelType: 1024,
  rasterType: 1025,
  citation: 1026,
  geographicType: 2048,
  geographicCitation: 2049,
  datum: 2050,
  angularUnits: 2054,
  ellipsoid: 2056,
  semiMajor: 2057,
  semiMinor: 2058,
  inverseFlattening: 2059,
  primeMeridian: 2061,
  projectedType: 3072,
  projectedCitation: 3073,
  projection: 3074,
  method: 3075,
  linearUnits: 3076,
  linearUnitSize: 3077,
  parallel1: 3078,
  parallel2: 3079,
  originLongitude: 3080,
  originLatitude: 3081,
  falseEasting: 3082,
  falseNorthing: 3083,
  falseOriginLongitude: 3084,
  falseOriginLatitude: 3085,
  falseOriginEasting: 3086,
  falseOriginNorthing: 3087,
  centreLongitude: 3088,
  centreLatitude: 3089,
  centreEasting: 3090,
  centreNorthing: 3091,
  originScale: 3092,
  centreScale: 3093,
  azimuth: 3094,
  poleLongitude: 3095,
} as const;

/** Value for "described by the other keys, has no code". */
export const USER_DEFINED = 32_767;

/** Values of the model type. */
export const MODEL = { projected: 1, geographic: 2 } as const;

/** Value of the raster type where coordinates name the centres of pixels. */
export const PIXEL_IS_POINT = 2;

export type GeoKeys = ReadonlyMap<number, number | string>;

/** Keys and their values (the first one of several); empty where the file has none. */
export async function readGeoKeys(directory: TiffDirectory): Promise<GeoKeys> {
  const table = (await directory.numbers(TAG.geoKeys)) ?? new Float64Array(0);
  const doubles = (await directory.numbers(TAG.geoDoubles)) ?? new Float64Array(0);
  const text = (await directory.text(TAG.geoText)) ?? '';
  const keys = new Map<number, number | string>();
  const count = Math.min(table[3] ?? 0, Math.floor(table.length / 4) - 1);
  for (let i = 1; i <= count; i++) {
    const [key = 0, place = 0, length = 0, value = 0] = table.subarray(4 * i, 4 * i + 4);
    if (place === 0) keys.set(key, value);
    else if (place === TAG.geoDoubles) {
      const number = doubles[value];
      if (number !== undefined) keys.set(key, number);
    } else if (place === TAG.geoText) {
      keys.set(key, text.slice(value, value + length).replace(/[|\s]+$/, ''));
    }
  }
  return keys;
}

/** A key's number; undefined where it is absent, text or no finite number. */
export function keyNumber(keys: GeoKeys, key: number): number | undefined {
  const value = keys.get(key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
