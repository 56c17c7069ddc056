import { identifyCrs, metresPerUnit } from '../crs/crs.js';
import { datumByCode } from '../crs/datums.js';
import { isRasterError } from '../errors.js';
import { GEO_KEY as KEY, keyNumber, USER_DEFINED, type GeoKeys } from './geo-keys.js';
import { POLAR_STEREOGRAPHIC, PROJECTIONS } from './projections.js';

/** The CRS that a file's GeoKeys describe. */
export interface GeoCrs {
  /** `EPSG:n`, WKT or a PROJ string in metres or degrees; null where the keys name none. */
  readonly crs: string | null;
  /** What the file's coordinates are multiplied by to be in units of `crs`. */
  readonly unit: number;
}

const UNITS: ReadonlyMap<number, number> = new Map([
  [9001, 1],
  [9002, 0.3048],
  [9003, 1200 / 3937],
  [9036, 1000],
]);
const KILOMETRE = 9036;

/** Ellipsoids by EPSG code, where no datum says which: [a, 1/f], 0 for a sphere. */
const ELLIPSOIDS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [7001, [6377563.396, 299.3249646]],
  [7004, [6377397.155, 299.1528128]],
  [7008, [6378206.4, 294.978698213898]],
  [7012, [6378249.145, 293.465]],
  [7019, [6378137, 298.257222101]],
  [7022, [6378388, 297]],
  [7024, [6378245, 298.3]],
  [7030, [6378137, 298.257223563]],
  [7035, [6371000, 0]],
  [7043, [6378135, 298.26]],
  [7048, [6371007, 0]],
  [7052, [6370997, 0]],
  [7057, [6371228, 0]],
  [7058, [6378273, 298.279411123064]],
]);

/** The CRS of GeoKeys: a code, WKT in a citation, or the parameters of a projection. */
export function crsOfGeoKeys(keys: GeoKeys): GeoCrs {
  const none = { crs: null, unit: 1 };
  const projected = keyNumber(keys, KEY.projectedType) ?? 0;
  const geographic = keyNumber(keys, KEY.geographicType) ?? 0;
  const unitCode = keyNumber(keys, KEY.linearUnits);
  if (isCode(projected)) {
    return { crs: `EPSG:${projected}`, unit: unitCode === KILOMETRE ? 1000 : 1 };
  }
  for (const key of [KEY.projectedCitation, KEY.citation, KEY.geographicCitation]) {
    const citation = keys.get(key);
    const wkt =
      typeof citation === 'string' ? /ESRI PE String = (.*)/s.exec(citation)?.[1] : undefined;
    if (wkt) return identified(wkt);
  }
  const unit =
    (unitCode === USER_DEFINED ? keyNumber(keys, KEY.linearUnitSize) : undefined) ??
    UNITS.get(unitCode ?? 9001) ??
    1;
  const zone = keyNumber(keys, KEY.projection) ?? 0;
  const onEllipsoid = ellipsoidOf(keys, geographic);
  if (zone > 16_000 && zone <= 16_160 && onEllipsoid) {
    // UTM: 160zz north, 161zz south.
    const south = zone > 16_100 ? ' +south' : '';
    const number = zone % 100;
    if (number >= 1 && number <= 60) {
      return { ...identified(`+proj=utm +zone=${number}${south} ${onEllipsoid} +units=m`), unit };
    }
  }
  const method = keyNumber(keys, KEY.method);
  if (method !== undefined && method !== USER_DEFINED) {
    const words = projectionWords(keys, method, unit);
    return words && onEllipsoid
      ? { ...identified(`${words} ${onEllipsoid} +units=m +no_defs`), unit }
      : none;
  }
  // A projection that these keys do not tell is not its datum's lon-lat.
  if (projected === USER_DEFINED || keyNumber(keys, KEY.modelType) === 1) return none;
  if (isCode(geographic)) return { crs: `EPSG:${geographic}`, unit: 1 };
  if (geographic !== USER_DEFINED || !onEllipsoid) return none;
  return identified(`+proj=longlat ${onEllipsoid} +no_defs`);
}

function isCode(value: number): boolean {
  return value > 0 && value < USER_DEFINED;
}

function projectionWords(keys: GeoKeys, method: number, unit: number): string | null {
  const projection = PROJECTIONS.find((known) => known.method === method);
  if (!projection) return null;
  const words = [`+proj=${projection.proj}`];
  for (const [name, ...choices] of projection.parameters) {
    const key = choices.find((choice) => keyNumber(keys, choice) !== undefined);
    const value = key === undefined ? undefined : keyNumber(keys, key);
    if (value === undefined) continue;
    if (method === POLAR_STEREOGRAPHIC && name === 'lat_ts') {
      words.push(`+lat_0=${value < 0 ? -90 : 90}`);
      if (Math.abs(value) < 90) words.push(`+lat_ts=${value}`);
    } else if (name === 'k' && value === 1) continue;
    else words.push(`+${name}=${name === 'x_0' || name === 'y_0' ? value * unit : value}`);
  }
  if (projection.words) words.push(projection.words);
  return words.join(' ');
}

/** `+datum=WGS84`, `+a=… +b=…`; null where the keys do not say. */
function ellipsoidOf(keys: GeoKeys, geographic: number): string | null {
  for (const code of [geographic, keyNumber(keys, KEY.datum) ?? 0]) {
    const datum = isCode(code) ? datumByCode(code) : undefined;
    if (datum) return datum.proj;
  }
  const a = keyNumber(keys, KEY.semiMajor);
  const b = keyNumber(keys, KEY.semiMinor);
  const rf = keyNumber(keys, KEY.inverseFlattening);
  const known = ELLIPSOIDS.get(keyNumber(keys, KEY.ellipsoid) ?? 0);
  const meridian = keyNumber(keys, KEY.primeMeridian);
  const pm = meridian ? ` +pm=${meridian}` : '';
  if (a !== undefined && b !== undefined && b !== a && b > 0) return `+a=${a} +b=${b}${pm}`;
  if (a !== undefined && rf) return `+a=${a} +rf=${rf}${pm}`;
  if (a !== undefined && (b !== undefined || rf === 0)) return `+R=${a}${pm}`;
  if (known) return known[1] === 0 ? `+R=${known[0]}${pm}` : `+a=${known[0]} +rf=${known[1]}${pm}`;
  return isCode(geographic) || keys.has(KEY.datum) || keys.has(KEY.method) ? '+datum=WGS84' : null;
}

/** The EPSG code of a definition where it is known; what the CRS functions do not know stays. */
function identified(definition: string): GeoCrs {
  try {
    return { crs: identifyCrs(definition), unit: metresPerUnit(definition) };
  } catch (cause) {
    if (isRasterError(cause)) return { crs: definition, unit: 1 };
    throw cause;
  }
}
