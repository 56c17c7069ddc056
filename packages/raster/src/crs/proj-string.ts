import { authalicSphere } from './auxiliary-latitude.js';
import {
  datumById,
  datumByName,
  datumOfEllipsoid,
  ellipsoidByName,
  minorAxis,
  shiftedDatum,
  type Ellipsoid,
} from './datums.js';
import { normalise, unsupportedCrs, type CrsParameters, type ParameterName } from './parameters.js';

const NUMBERS: Readonly<Record<string, ParameterName>> = {
  lat_0: 'lat_0',
  lon_0: 'lon_0',
  lat_ts: 'lat_ts',
  lat_1: 'lat_1',
  lat_2: 'lat_2',
  lonc: 'lonc',
  alpha: 'alpha',
  gamma: 'gamma',
  k: 'k',
  k_0: 'k',
  x_0: 'x_0',
  y_0: 'y_0',
  h: 'h',
  o_lat_p: 'o_lat_p',
  o_lon_p: 'o_lon_p',
};

/** Parameters that count from a default, so that leaving them out changes nothing. */
export const DEFAULTS: Readonly<Partial<Record<ParameterName, number>>> = {
  lat_0: 0,
  lon_0: 0,
  lat_ts: 0,
  k: 1,
  x_0: 0,
  y_0: 0,
  gamma: 0,
};

const METRES: ReadonlyMap<string, number> = new Map([
  ['m', 1],
  ['km', 1000],
  ['ft', 0.3048],
  ['us-ft', 1200 / 3937],
]);

/** PROJ has several names for some projections. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['latlong', 'longlat'],
  ['lonlat', 'longlat'],
  ['latlon', 'longlat'],
  ['etmerc', 'tmerc'],
  ['utm', 'tmerc'],
  ['ups', 'stere'],
]);

/** Reads a PROJ string. @throws RasterError `UnsupportedFormat` */
export function parseProjString(text: string): CrsParameters {
  const words = new Map<string, string>();
  for (const match of text.matchAll(/\+?([A-Za-z_][\w]*)(?:\s*=\s*([^\s+][^\s]*))?/g)) {
    const [, key = '', value = ''] = match;
    // The first one counts, as in PROJ.
    if (!words.has(key.toLowerCase())) words.set(key.toLowerCase(), value);
  }
  const number = (key: string): number | undefined => {
    const value = words.get(key);
    if (value === undefined) return undefined;
    const parsed = angleOrNumber(value);
    if (!Number.isFinite(parsed)) throw unsupportedCrs(text, `+${key} is no number`);
    return parsed;
  };
  const named = words.get('proj')?.toLowerCase();
  if (!named) throw unsupportedCrs(text, 'no +proj');
  const projection = SAME.get(named) ?? named;
  const unit = number('to_meter') ?? METRES.get(words.get('units')?.toLowerCase() ?? 'm');
  if (unit === undefined || unit <= 0) throw unsupportedCrs(text, 'unknown +units');
  const values: Partial<Record<ParameterName, number>> = {};
  for (const [key, name] of Object.entries(NUMBERS)) {
    const value = number(key);
    if (value !== undefined) values[name] ??= value;
  }
  const webMercator =
    projection === 'webmerc' ||
    (projection === 'merc' &&
      words.get('nadgrids') === '@null' &&
      number('a') === number('b') &&
      number('a') === 6378137);
  const base = {
    name: words.get('title') ?? null,
    code: null,
    primeMeridian: meridian(words.get('pm'), text),
    metresPerUnit: projection === 'longlat' ? 1 : unit,
  };
  if (webMercator) {
    const { lon_0 = 0, x_0 = 0, y_0 = 0 } = values;
    const wgs84 = datumById('WGS84');
    return normalise({
      ...base,
      projection: 'webmerc',
      datum: 'WGS84',
      toWgs84: null,
      a: 6378137,
      b: wgs84?.b ?? 6378137,
      values: { lon_0, x_0, y_0 },
    });
  }
  const given = sizeOf(words, number, text);
  const size = words.has('r_a') ? { ...given, ...authalicSphere(given) } : given;
  if (named === 'utm') Object.assign(values, utm(number('zone'), words.has('south'), text));
  if (named === 'ups') {
    Object.assign(values, {
      lat_0: words.has('south') ? -90 : 90,
      k: 0.994,
      x_0: 2e6,
      y_0: 2e6,
    });
  }
  // An oblique lon-lat grid is the only oblique frame that model output uses.
  const oblique = words.get('o_proj')?.toLowerCase();
  if (projection === 'ob_tran' && (SAME.get(oblique ?? '') ?? oblique) !== 'longlat') {
    throw unsupportedCrs(text, '+proj=ob_tran of anything but longlat');
  }
  return normalise({
    ...base,
    ...size,
    projection,
    values,
  });
}

/** The metre-unit PROJ string of parameters. */
export function projStringOf(crs: CrsParameters): string {
  if (crs.projection === 'webmerc') {
    const { lon_0 = 0, x_0 = 0, y_0 = 0 } = crs.values;
    return `+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=${lon_0} +x_0=${x_0} +y_0=${y_0} +k=1 +units=m +nadgrids=@null +no_defs`;
  }
  const words = [`+proj=${crs.projection}`];
  if (crs.projection === 'ob_tran') words.push('+o_proj=longlat');
  for (const [name, value] of Object.entries(filled(crs))) words.push(`+${name}=${value}`);
  const datum = datumById(crs.datum);
  if (datum) words.push(datum.proj);
  else if (crs.a === crs.b) words.push(`+R=${crs.a}`);
  else words.push(`+a=${crs.a} +b=${crs.b}`);
  if (crs.toWgs84 && !datum) words.push(`+towgs84=${crs.toWgs84.join(',')}`);
  if (crs.primeMeridian !== 0) words.push(`+pm=${crs.primeMeridian}`);
  if (crs.projection !== 'longlat' && crs.projection !== 'ob_tran') words.push('+units=m');
  return [...words, '+no_defs'].join(' ');
}

/** Parameters with the defaults that proj4's projections do not fill in themselves. */
function filled({ projection, values }: CrsParameters): CrsParameters['values'] {
  if (projection === 'longlat' || projection === 'ob_tran') return values;
  return {
    lat_0: 0,
    ...(projection !== 'omerc' && { lon_0: 0 }),
    ...((projection === 'cea' || projection === 'eqc') && { lat_ts: 0 }),
    x_0: 0,
    y_0: 0,
    ...values,
  };
}

/** Central meridian and offsets of a UTM zone. */
export function utm(
  zone: number | undefined,
  south: boolean,
  text: string,
): Record<'lat_0' | 'lon_0' | 'k' | 'x_0' | 'y_0', number> {
  if (zone === undefined || !Number.isInteger(zone) || zone < 1 || zone > 60) {
    throw unsupportedCrs(text, 'a UTM zone is 1 to 60');
  }
  return { lat_0: 0, lon_0: zone * 6 - 183, k: 0.9996, x_0: 500_000, y_0: south ? 1e7 : 0 };
}

function sizeOf(
  words: ReadonlyMap<string, string>,
  number: (key: string) => number | undefined,
  text: string,
): Ellipsoid & { readonly datum: string | null; readonly toWgs84: readonly number[] | null } {
  const toWgs84 = shift(words.get('towgs84'), text);
  const named = words.get('datum');
  if (named !== undefined && named !== '') {
    const known = datumByName(named);
    if (known) return { a: known.a, b: known.b, datum: known.id, toWgs84 };
    const shifted = shiftedDatum(named);
    if (!shifted) throw unsupportedCrs(text, `unknown +datum=${named}`);
    return { ...shifted, toWgs84: toWgs84 ?? shifted.toWgs84, datum: null };
  }
  const ellps = words.get('ellps');
  const table = ellps === undefined ? undefined : ellipsoidByName(ellps);
  if (ellps !== undefined && !table) throw unsupportedCrs(text, `unknown +ellps=${ellps}`);
  const radius = number('r');
  const a = radius ?? number('a') ?? table?.a ?? 6378137;
  const b = radius ?? minorOf(a, number) ?? table?.b ?? minorAxis(6378137, 298.257223563);
  if (!(a > 0 && a < 1e12) || !(b > 0) || b > a * 1.01) throw unsupportedCrs(text, 'no ellipsoid');
  const shifted = toWgs84?.some((part) => part !== 0);
  return { a, b, toWgs84, datum: shifted ? null : (datumOfEllipsoid({ a, b })?.id ?? null) };
}

function minorOf(a: number, number: (key: string) => number | undefined): number | undefined {
  const b = number('b');
  if (b !== undefined) return b;
  const rf = number('rf');
  if (rf !== undefined) return minorAxis(a, rf);
  const f = number('f');
  if (f !== undefined) return a * (1 - f);
  const es = number('es');
  if (es !== undefined) return a * Math.sqrt(1 - es);
  // A radius alone means a sphere.
  return number('a');
}

function shift(text: string | undefined, whole: string): readonly number[] | null {
  if (text === undefined || text === '') return null;
  const numbers = text.split(',').map(Number);
  if ((numbers.length === 3 || numbers.length === 7) && numbers.every(Number.isFinite)) {
    return numbers;
  }
  throw unsupportedCrs(whole, '+towgs84 has 3 or 7 numbers');
}

const MERIDIANS: ReadonlyMap<string, number> = new Map([
  ['greenwich', 0],
  ['paris', 2.337229166667],
  ['oslo', 10.722916666667],
  ['ferro', -17.666666666667],
  ['stockholm', 18.058277777778],
]);

function meridian(text: string | undefined, whole: string): number {
  if (text === undefined) return 0;
  const degrees = MERIDIANS.get(text.toLowerCase()) ?? angleOrNumber(text);
  if (!Number.isFinite(degrees)) throw unsupportedCrs(whole, `unknown +pm=${text}`);
  return degrees;
}

/** A number, or degrees, minutes and seconds with a letter: `45W`, `70d30'N`. */
function angleOrNumber(text: string): number {
  const plain = Number(text);
  if (text !== '' && !Number.isNaN(plain)) return plain;
  const match =
    /^([+-]?\d+(?:\.\d+)?)(?:d(?:(\d+(?:\.\d+)?)')?(?:(\d+(?:\.\d+)?)")?)?([NSEW])?$/i.exec(text);
  if (!match) return NaN;
  const [, degrees = '0', minutes = '0', seconds = '0', side = ''] = match;
  const whole = Math.abs(Number(degrees)) + Number(minutes) / 60 + Number(seconds) / 3600;
  return whole * (degrees.startsWith('-') || /[SW]/i.test(side) ? -1 : 1);
}
