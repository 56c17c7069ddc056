import { isRasterError } from '../errors.js';
import type { Attributes, AttributeValue } from '../raster-file.js';
import { datumById, datumByName, datumOfEllipsoid, minorAxis, squeeze } from './datums.js';
import { crsOfCode, knownCrs } from './epsg.js';
import { codeOf, identifyCrs } from './identify.js';
import { normalise, type CrsParameters, type ParameterName } from './parameters.js';
import { codeOfText, parseCrs } from './parse-crs.js';
import { projStringOf } from './proj-string.js';

const CODES = ['srid', 'epsg', 'epsgcode', 'spatialepsg', 'crsid', 'crscode'];
const WKTS = ['crswkt', 'spatialref', 'esripestring', 'wkt', 'projcs'];
const PROJS = [
  'proj4text',
  'proj4string',
  'proj4',
  'proj4params',
  'projparams',
  'proj4definition',
  'projstring',
];
const NAMES = [
  'projectedcrsname',
  'longname',
  'crs',
  'comment',
  'description',
  'name',
  'gridmappingname',
];

/**
 * The CRS that the attributes of a CF grid-mapping variable describe: `EPSG:n` where the parameters
 * are those of a known code, else a PROJ string or the WKT; null where they say none that proj4 can
 * compute.
 *
 * Real files carry several descriptions, not always of the same CRS. The first of these that can be
 * read counts: a known EPSG code (`srid`, `epsg_code`); CF's own parameters, where they name the
 * ellipsoid; WKT (`crs_wkt`, `spatial_ref`, `esri_pe_string`); a PROJ string (`proj4_string`,
 * `proj4text`); CF's parameters over WGS 84; a code or a known name in running text (`long_name`,
 * `comment`).
 *
 * @example
 * crsOfCf({ grid_mapping_name: 'polar_stereographic', latitude_of_projection_origin: 90,
 *   straight_vertical_longitude_from_pole: -45, standard_parallel: 70,
 *   semi_major_axis: 6378273, semi_minor_axis: 6356889.44891 }); // 'EPSG:3411'
 */
export function crsOfCf(attributes: Attributes): string | null {
  const cf = new Map(Object.entries(attributes).map(([key, value]) => [squeeze(key), value]));
  const code = CODES.map((key) => codeOfValue(cf.get(key), key)).find((known) => known !== null);
  if (code !== undefined) return `EPSG:${code}`;
  const parameters = readParameters(cf);
  if (parameters?.hasEllipsoid) return textOf(parameters.crs);
  for (const key of [...WKTS, ...PROJS]) {
    const text = cf.get(key);
    if (typeof text !== 'string' || !canRead(text)) continue;
    return identifyCrs(text.replace(/\0+$/, '').trim());
  }
  if (parameters) return textOf(parameters.crs);
  for (const key of NAMES) {
    const named = codeInText(cf.get(key));
    if (named !== null) return `EPSG:${named}`;
  }
  return null;
}

function textOf(crs: CrsParameters): string {
  const code = codeOf(crs);
  return code === null ? projStringOf(crs) : `EPSG:${code}`;
}

function canRead(text: string): boolean {
  try {
    parseCrs(text);
    return true;
  } catch (error) {
    if (isRasterError(error)) return false;
    throw error;
  }
}

/** A code of the table that an attribute gives; bare numbers count where the name says EPSG. */
function codeOfValue(value: AttributeValue | undefined, key: string): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return null;
  const bare = /epsg|srid/.test(key) && /^\s*\d{4,6}\s*$/.test(text) ? Number(text) : null;
  const urn = Number(/:EPSG::?(\d{4,5})\s*$/i.exec(text)?.[1]);
  const code = codeOfText(text) ?? bare ?? (Number.isNaN(urn) ? null : urn);
  return code !== null && crsOfCode(code) ? code : null;
}

function codeInText(value: AttributeValue | undefined): number | null {
  if (typeof value !== 'string' || value.length > 10_000) return null;
  const code = Number(/epsg[:\s]*(?:code[:\s]*)?(\d{4,5})\b/i.exec(value)?.[1]);
  if (crsOfCode(code)) return code;
  return knownCrs().find(({ name }) => squeeze(name ?? '') === squeeze(value))?.code ?? null;
}

type Cf = ReadonlyMap<string, AttributeValue>;

/** All numbers of the first attribute that is there; numbers in text count. */
function numbersOf(cf: Cf, ...keys: readonly string[]): readonly number[] {
  for (const key of keys) {
    const value = cf.get(key);
    if (value === undefined) continue;
    const list = Array.isArray(value)
      ? value
      : typeof value === 'string'
        ? value.split(/[\s,]+/)
        : [value];
    const numbers = list.map((item) =>
      item === '' ? NaN : Number(String(item).replace(/[fd]$/i, '')),
    );
    if (numbers.length > 0 && numbers.every(Number.isFinite)) return numbers;
  }
  return [];
}

function readParameters(
  cf: Cf,
): { readonly crs: CrsParameters; readonly hasEllipsoid: boolean } | null {
  const mapping = cf.get('gridmappingname') ?? cf.get('gridmapping');
  if (typeof mapping !== 'string') return null;
  const found = projectionOfCf(squeeze(mapping), cf);
  if (!found) return null;
  const size = ellipsoidOf(cf);
  if (size === null) return null;
  const wgs84 = datumById('WGS84');
  const [meridian = 0] = numbersOf(cf, 'longitudeofprimemeridian');
  const shift = numbersOf(cf, 'towgs84');
  const name = cf.get('projectedcrsname');
  return {
    hasEllipsoid: size !== undefined,
    crs: normalise({
      name: typeof name === 'string' ? name : null,
      code: null,
      primeMeridian: meridian,
      metresPerUnit: 1,
      toWgs84: shift.length === 3 || shift.length === 7 ? shift : null,
      a: size?.a ?? wgs84?.a ?? NaN,
      b: size?.b ?? wgs84?.b ?? NaN,
      datum: size ? size.datum : 'WGS84',
      ...found,
    }),
  };
}

/** Undefined where the attributes name no ellipsoid, null where they name an impossible one. */
function ellipsoidOf(cf: Cf) {
  const names = [
    'horizontaldatumname',
    'referenceellipsoidname',
    'geographiccrsname',
    'datum',
    'ellipsoid',
  ];
  const named = names
    .map((key) => cf.get(key))
    .map((name) => (typeof name === 'string' ? datumByName(name) : undefined))
    .find(Boolean);
  const [radius] = numbersOf(cf, 'earthradius', 'sphericalearthradius', 'radius');
  const [major] = numbersOf(cf, 'semimajoraxis', 'semimajorradius', 'semimajoraxislength');
  if (major === undefined && radius === undefined) {
    return named && { a: named.a, b: named.b, datum: named.id };
  }
  // Some files give the axes in km.
  const unit = (major ?? radius ?? 0) < 1e5 ? 1000 : 1;
  const a = (major ?? radius ?? NaN) * unit;
  const [minor] = numbersOf(cf, 'semiminoraxis', 'semiminorradius');
  const [rf] = numbersOf(cf, 'inverseflattening');
  const b =
    minor !== undefined && minor > 0
      ? minor * (minor < 1e5 ? 1000 : 1)
      : rf !== undefined
        ? minorAxis(a, rf)
        : a;
  if (!(a > 1e5 && a < 1e9) || !(b > 0) || b > a * 1.01) return null;
  const agrees = named && Math.abs(named.a - a) < 0.5 && Math.abs(named.b - b) < 0.5;
  const known = agrees ? named : datumOfEllipsoid({ a, b });
  // Axes written as float32 are off by decimetres: those of the datum are meant.
  return known ? { a: known.a, b: known.b, datum: known.id } : { a, b, datum: null };
}

function projectionOfCf(
  mapping: string,
  cf: Cf,
): { readonly projection: string; readonly values: CrsParameters['values'] } | null {
  const [lon_0 = 0] = numbersOf(
    cf,
    'straightverticallongitudefrompole',
    'longitudeofcentralmeridian',
    'longitudeofprojectionorigin',
    'longitudeofprojectioncenter',
    'longitudeofprojectioncentre',
    'centralmeridian',
    'longitudeoforigin',
  );
  const [lat_0] = numbersOf(
    cf,
    'latitudeofprojectionorigin',
    'latitudeofprojectioncenter',
    'latitudeofprojectioncentre',
    'latitudeoforigin',
  );
  const parallels = numbersOf(
    cf,
    'standardparallel',
    'latitudeoftruescale',
    'standardparallel1',
    'truescalelatitude',
    'latitudeofstandardparallel',
  );
  const [k] = numbersOf(
    cf,
    'scalefactoratprojectionorigin',
    'scalefactoratcentralmeridian',
    'scalefactor',
    'scalefactoratnaturalorigin',
  );
  const [x_0 = 0] = numbersOf(cf, 'falseeasting');
  const [y_0 = 0] = numbersOf(cf, 'falsenorthing');
  const [parallel] = parallels;
  const common = { lon_0, x_0, y_0 };
  const origin = { lat_0: lat_0 ?? 0 };
  const scale = k === undefined ? {} : { k };
  const cone = (
    second: number | undefined = parallels[1] ?? numbersOf(cf, 'standardparallel2')[0],
  ) => ({
    ...(parallel === undefined ? {} : { lat_1: parallel }),
    ...(second === undefined ? {} : { lat_2: second }),
  });
  const of = (projection: string, values: Partial<Record<ParameterName, number>> = {}) => ({
    projection,
    values: { ...common, ...values },
  });
  switch (mapping) {
    case 'polarstereographic':
    case 'stereographic': {
      const isPolar = mapping.startsWith('polar') || Math.abs(Math.abs(lat_0 ?? 0) - 90) < 1e-6;
      if (!isPolar) return of('stere', { ...origin, ...scale });
      // Some writers put the latitude of true scale where the pole belongs.
      const trueScale = parallel ?? (k === undefined ? lat_0 : undefined);
      const pole = (lat_0 ?? parallel ?? 90) < 0 ? -90 : 90;
      // NSIDC's files give the meridian that points up (135) beside the one of the projection (-45).
      const [meridian] = numbersOf(cf, 'longitudeofprojectionorigin');
      const opposite = meridian !== undefined && Math.abs(Math.abs(lon_0 - meridian) - 180) < 1e-6;
      return of('stere', {
        ...(opposite ? { ...common, lon_0: meridian } : common),
        lat_0: pole,
        ...(trueScale === undefined || Math.abs(trueScale) === 90 ? scale : { lat_ts: trueScale }),
      });
    }
    case 'lambertazimuthalequalarea':
      return of('laea', origin);
    case 'latitudelongitude':
      return { projection: 'longlat', values: {} };
    case 'rotatedlatitudelongitude':
    case 'rotatedpole': {
      const [latitude] = numbersOf(cf, 'gridnorthpolelatitude');
      const [longitude = 0] = numbersOf(cf, 'gridnorthpolelongitude');
      const [rotation = 0] = numbersOf(cf, 'northpolegridlongitude');
      if (latitude === undefined) return null;
      const values = { o_lat_p: latitude, o_lon_p: rotation, lon_0: longitude + 180 };
      return { projection: 'ob_tran', values };
    }
    case 'transversemercator':
    case 'universaltransversemercator': {
      const [zone] = numbersOf(cf, 'utmzonenumber');
      if (zone === undefined) return of('tmerc', { ...origin, ...scale });
      const utm = { lat_0: 0, lon_0: Math.abs(zone) * 6 - 183, k: 0.9996, x_0: 500_000 };
      return { projection: 'tmerc', values: { ...utm, y_0: zone < 0 ? 1e7 : 0 } };
    }
    case 'lambertconformalconic':
    case 'lambertconformal':
      return parallel === undefined && lat_0 === undefined
        ? null
        : of('lcc', { lat_0: lat_0 ?? parallel ?? 0, ...cone(), ...scale });
    case 'albersconicalequalarea':
    case 'albersequalarea':
      return parallel === undefined
        ? null
        : of('aea', { ...origin, ...cone(parallels[1] ?? parallel) });
    case 'mercator':
      return of('merc', parallel === undefined ? scale : { lat_ts: parallel });
    case 'sinusoidal':
      return of('sinu');
    case 'lambertcylindricalequalarea':
      return of('cea', { lat_ts: parallel ?? 0 });
    case 'azimuthalequidistant':
      return of('aeqd', origin);
    case 'orthographic':
      return of('ortho', origin);
    case 'equirectangular':
    case 'equidistantcylindrical':
      return of('eqc', { lat_ts: parallel ?? 0 });
    default:
      return null;
  }
}
