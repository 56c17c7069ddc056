import { isRasterError } from '../errors.js';
import { crsOfCode, knownCrs } from './epsg.js';
import { type CrsParameters, type ParameterName } from './parameters.js';
import { codeOfText, parseCrs } from './parse-crs.js';
import { DEFAULTS } from './proj-string.js';

/**
 * `EPSG:n` of a WKT or PROJ text whose parameters are those of a code in the table, else the text
 * unchanged (also one that cannot be read). The unit of the coordinates does not matter: positions
 * are in metres everywhere (see `metresPerUnit`).
 *
 * A code that the text itself carries counts where its parameters agree; a text that says several
 * codes' parameters (UTM over GRS 80 without a datum) stays as it is.
 *
 * @example
 * identifyCrs('+proj=stere +lat_0=90 +lat_ts=70 +lon_0=315 +datum=WGS84 +units=km'); // 'EPSG:3413'
 */
export function identifyCrs(definition: string): string {
  const code = codeOfText(definition);
  if (code !== null) return `EPSG:${code}`;
  let crs: CrsParameters;
  try {
    crs = parseCrs(definition);
  } catch (error) {
    if (isRasterError(error)) return definition;
    throw error;
  }
  const found = codeOf(crs);
  return found === null ? definition : `EPSG:${found}`;
}

/** The EPSG code of parameters; null where none or more than one agrees. */
export function codeOf(crs: CrsParameters): number | null {
  const own = crs.code === null ? undefined : crsOfCode(crs.code);
  if (own?.code && sameCrs(own, crs)) return own.code;
  const matches = knownCrs().filter((known) => sameCrs(known, crs));
  const [first] = matches;
  if (!first) return null;
  // The two UPS codes of a pole differ in axis order alone, which rasters do not have.
  const named = matches.find(({ name }) => name === crs.name);
  const ambiguous = matches.some((match) => match.datum !== first.datum);
  return ambiguous ? null : (named ?? first).code;
}

/** Whether two sets of parameters place every point alike, within a millimetre or so. */
export function sameCrs(one: CrsParameters, other: CrsParameters): boolean {
  if (one.projection !== other.projection) return false;
  if (Math.abs(one.primeMeridian - other.primeMeridian) > 1e-9) return false;
  if (!sameDatum(one, other)) return false;
  const a = comparable(one);
  const b = comparable(other);
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => close(name, a[name] ?? NaN, b[name] ?? NaN));
}

function sameDatum(one: CrsParameters, other: CrsParameters): boolean {
  if (Math.abs(one.a - other.a) > 0.01 || Math.abs(one.b - other.b) > 0.01) return false;
  if (one.datum !== null && other.datum !== null) return one.datum === other.datum;
  // A shift that is not nil is a datum of its own.
  const shifted = (crs: CrsParameters) => crs.toWgs84?.some((part) => part !== 0) ?? false;
  if (shifted(one) || shifted(other)) return false;
  // An ellipsoid alone: any datum over it may be meant, to the last tenth of a millimetre.
  return Math.abs(one.b - other.b) < 5e-5;
}

/** Parameters with defaults filled in; the scale of polar stereographic as its value at the pole. */
function comparable(crs: CrsParameters): Record<string, number> {
  const values: Record<string, number> = { ...DEFAULTS, ...crs.values };
  const { lat_0 = 0 } = crs.values;
  if (crs.projection === 'stere' && Math.abs(Math.abs(lat_0) - 90) < 1e-9) {
    values['k'] = scaleAtPole(crs);
    values['lat_ts'] = 0;
  }
  if (crs.projection === 'lcc') values['lat_2'] ??= values['lat_1'] ?? NaN;
  return values;
}

/** Scale at the pole of a polar stereographic projection. */
export function scaleAtPole({ a, b, values }: CrsParameters): number {
  if (values.lat_ts === undefined) return values.k ?? 1;
  const e = Math.sqrt(Math.max(0, 1 - (b / a) ** 2));
  const latitude = (Math.abs(values.lat_ts) * Math.PI) / 180;
  const sine = e * Math.sin(latitude);
  const m = Math.cos(latitude) / Math.sqrt(1 - sine * sine);
  const t = Math.tan(Math.PI / 4 - latitude / 2) * ((1 + sine) / (1 - sine)) ** (e / 2);
  return (m * Math.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e))) / (2 * t);
}

/** Degrees to 1e-7 of a degree, metres to a millimetre, scales to 1e-8. */
function close(name: string, a: number, b: number): boolean {
  const parameter = name as ParameterName | 'lat_0'; // names come from `comparable`
  const difference = Math.abs(a - b);
  if (parameter === 'k') return difference < 1e-8 * Math.abs(b) || difference < 2e-8;
  if (parameter === 'x_0' || parameter === 'y_0' || parameter === 'h') return difference < 1e-3;
  const turn = parameter.startsWith('lon') ? Math.abs(difference - 360) : difference;
  return Math.min(difference, turn) < 1e-7;
}
