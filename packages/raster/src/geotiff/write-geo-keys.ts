import { isGeographic, metresPerUnit, nameOfCrs, proj4Of, wktOf } from '../crs/crs.js';
import { isRasterError } from '../errors.js';
import { GEO_KEY as KEY, MODEL, USER_DEFINED } from './geo-keys.js';
import { POLAR_STEREOGRAPHIC, PROJECTIONS } from './projections.js';
import { TAG } from './tags.js';

/** Values of the three tags that hold GeoKeys. */
export interface GeoKeyTags {
  readonly directory: readonly number[];
  readonly doubles: readonly number[];
  readonly text: string;
}

const PIXEL_IS_AREA = 1;
const DEGREE = 9102;
const METRE = 9001;

/** Geographic systems that PROJ names by datum. */
const GEOGRAPHIC: Readonly<Record<string, number>> = { WGS84: 4326, NAD83: 4269, NAD27: 4267 };

/**
 * GeoKeys of a CRS: its EPSG code; else the parameters of its projection where GeoTIFF has keys for
 * them; and its WKT as GDAL and ArcGIS put it into a citation where it was given as WKT or the keys
 * do not suffice.
 *
 * @throws RasterError `UnsupportedFormat` where the text is no CRS.
 */
export function geoKeysOf(crs: string): GeoKeyTags {
  const code = /^EPSG:(\d+)$/i.exec(crs.trim())?.[1];
  const keys = new Map<number, number | string>();
  if (code !== undefined && Number(code) < USER_DEFINED) {
    // EPSG numbers most geographic systems from 4001 to 4999.
    const geographic = known(() => isGeographic(crs), /^4\d{3}$/.test(code));
    keys.set(KEY.modelType, geographic ? MODEL.geographic : MODEL.projected);
    keys.set(geographic ? KEY.geographicType : KEY.projectedType, Number(code));
    const name = known(() => nameOfCrs(crs), '').replaceAll('|', ' ');
    if (name) keys.set(KEY.citation, name);
  } else {
    const isText = /^\s*[A-Za-z_]+\s*\[/.test(crs);
    // WKT that nothing here knows is still WKT.
    const proj = isText ? known(() => proj4Of(crs), '') : proj4Of(crs);
    const parameters = parameterKeys(proj);
    if (parameters) for (const [key, value] of parameters) keys.set(key, value);
    if (!parameters || isText) {
      // GDAL looks for the text where the model is nothing that keys describe.
      if (!parameters) keys.set(KEY.modelType, USER_DEFINED);
      const wkt = isText && known(() => metresPerUnit(crs), 1) === 1 ? crs : wktOf(crs);
      keys.set(KEY.projectedCitation, `ESRI PE String = ${wkt}`);
    }
  }
  keys.set(KEY.rasterType, PIXEL_IS_AREA);
  return tagsOf(keys);
}

function tagsOf(keys: ReadonlyMap<number, number | string>): GeoKeyTags {
  const sorted = [...keys].sort(([a], [b]) => a - b);
  const directory = [1, 1, 0, sorted.length];
  const doubles: number[] = [];
  let text = '';
  for (const [key, value] of sorted) {
    if (typeof value === 'string') {
      const piece = `${value}|`;
      const { length } = new TextEncoder().encode(piece);
      directory.push(key, TAG.geoText, length, new TextEncoder().encode(text).length);
      text += piece;
    } else if (key >= KEY.semiMajor && !isShort(key)) {
      directory.push(key, TAG.geoDoubles, 1, doubles.length);
      doubles.push(value);
    } else directory.push(key, 0, 1, value);
  }
  return { directory, doubles, text };
}

/** Keys beyond the ellipsoid's that hold codes, not measures. */
function isShort(key: number): boolean {
  return key >= KEY.projectedType && key <= KEY.linearUnits;
}

/** Keys of a PROJ string in metres or degrees; null where some word of it has none. */
function parameterKeys(proj: string): Map<number, number> | null {
  const words = new Map(
    Array.from(proj.matchAll(/\+([A-Za-z]\w*)(?:=(\S+))?/g), ([, key = '', value = '']) => [
      key,
      value,
    ]),
  );
  const take = (key: string): string | undefined => {
    const value = words.get(key);
    words.delete(key);
    return value;
  };
  const number = (key: string): number => Number(take(key) ?? NaN);
  const name = take('proj');
  take('no_defs');
  take('type');
  if ((take('units') ?? 'm') !== 'm') return null;
  const keys = new Map<number, number>();
  const datum = GEOGRAPHIC[take('datum') ?? ''];
  const radius = number('R');
  const a = number('a');
  const b = number('b');
  if (datum !== undefined) keys.set(KEY.geographicType, datum);
  else if (radius > 0 || (a > 0 && b > 0)) {
    keys.set(KEY.geographicType, USER_DEFINED);
    keys.set(KEY.datum, USER_DEFINED);
    keys.set(KEY.ellipsoid, USER_DEFINED);
    keys.set(KEY.semiMajor, radius > 0 ? radius : a);
    keys.set(KEY.semiMinor, radius > 0 ? radius : b);
  } else return null;
  keys.set(KEY.angularUnits, DEGREE);
  if (name === 'longlat') {
    keys.set(KEY.modelType, MODEL.geographic);
    return words.size === 0 ? keys : null;
  }
  const pole = name === 'stere' ? number('lat_0') : NaN;
  const polar = Math.abs(pole) === 90;
  const projection = PROJECTIONS.find(
    ({ proj, method }) => proj === name && (method === POLAR_STEREOGRAPHIC) === polar,
  );
  // What GeoTIFF's readers disagree on is left to the WKT.
  if (!projection || !WRITTEN.has(projection.proj) || (name === 'stere' && !polar)) return null;
  keys.set(KEY.modelType, MODEL.projected);
  keys.set(KEY.projectedType, USER_DEFINED);
  keys.set(KEY.projection, USER_DEFINED);
  keys.set(KEY.method, projection.method);
  keys.set(KEY.linearUnits, METRE);
  if (polar && !words.has('lat_ts')) words.set('lat_ts', String(pole));
  const hasOrigin = projection.parameters.some(([parameter]) => parameter === 'lat_0');
  if (!hasOrigin && Number(words.get('lat_0')) === 0) words.delete('lat_0');
  for (const [parameter, key = 0] of projection.parameters) {
    const otherwise = parameter === 'k' ? 1 : 0;
    if (parameter === 'lat_ts' && !words.has('lat_ts')) continue;
    // Mercator has either a true-scale latitude or a scale.
    if (parameter === 'k' && name === 'merc' && keys.has(KEY.parallel1)) continue;
    const value = take(parameter === 'k' && words.has('k_0') ? 'k_0' : parameter);
    keys.set(key, value === undefined ? otherwise : Number(value));
  }
  return words.size === 0 && [...keys.values()].every(Number.isFinite) ? keys : null;
}

const WRITTEN = new Set(['stere', 'laea', 'sinu', 'tmerc', 'merc']);

/** What the CRS functions say; `otherwise` for codes that they have no definition of. */
function known<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch (cause) {
    if (isRasterError(cause)) return otherwise;
    throw cause;
  }
}
