import { identifyCrs } from '../crs/crs.js';
import { affinePlacement } from '../picture/affine-placement.js';
import type { Placement } from '../raster-file.js';
import type { Transform } from '../raster.js';
import { objectAt, textAt, type JsonObject } from './json.js';

/**
 * A placement with what attributes beyond CF say filled in: GDAL's `_CRS`, and GeoZarr's `proj:` and
 * `spatial:` keys, on the array or on a group above it.
 *
 * @param attributes of the array, then of the groups above it, the nearest first.
 */
export function withGeoZarr(
  placement: Placement,
  attributes: readonly JsonObject[],
  shape: readonly number[],
): Placement {
  const crs = placement.crs ?? firstOf(attributes, crsOf);
  if (placement.transform) return { ...placement, crs };
  const affine = firstOf(attributes, affineOf);
  if (!affine) return { ...placement, crs };
  const { rowAxis, columnAxis } = placement;
  const known = affinePlacement(affine, crs, shape[rowAxis] ?? 0, shape[columnAxis] ?? 0);
  return { ...placement, ...known, rowAxis, columnAxis };
}

function firstOf<T>(
  attributes: readonly JsonObject[],
  find: (own: JsonObject) => T | null,
): T | null {
  for (const own of attributes) {
    const found = find(own);
    if (found !== null) return found;
  }
  return null;
}

function crsOf(attributes: JsonObject): string | null {
  const gdal = objectAt(attributes, '_CRS');
  const code =
    /\/EPSG\/[^/]*\/(\d+)$/.exec(textAt(gdal, 'url') ?? '')?.[1] ??
    /^EPSG:(\d+)$/i.exec(textAt(attributes, 'proj:code') ?? '')?.[1] ??
    epsgOf(attributes['proj:epsg']) ??
    epsgOf(objectAt(objectAt(gdal, 'projjson'), 'id')['code']);
  if (code !== undefined) return `EPSG:${code}`;
  const wkt = textAt(gdal, 'wkt') ?? textAt(attributes, 'proj:wkt2');
  return wkt === undefined ? null : identifyCrs(wkt);
}

function epsgOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : undefined;
}

/** `spatial:transform` is in the order of Affine: dx, rx, x0, ry, dy, y0. */
function affineOf(attributes: JsonObject): Transform | null {
  const list = attributes['spatial:transform'];
  const numbers = Array.isArray(list) ? list.map(Number) : [];
  const [dx = NaN, rx = NaN, x0 = NaN, ry = NaN, dy = NaN, y0 = NaN] = numbers;
  const affine: Transform = [x0, dx, rx, y0, ry, dy];
  return numbers.length >= 6 && affine.every(Number.isFinite) ? affine : null;
}
