import { datumById } from './datums.js';
import { unsupportedCrs, type CrsParameters, type ParameterName } from './parameters.js';

/** WKT 1 name of each projection and of its parameters, in GDAL's order. */
const METHODS: ReadonlyMap<
  string,
  readonly [string, readonly (readonly [string, ParameterName])[]]
> = new Map([
  ['stere', ['Stereographic', [origin(), meridian(), scale()]]],
  ['sterea', ['Oblique_Stereographic', [origin(), meridian(), scale()]]],
  ['laea', ['Lambert_Azimuthal_Equal_Area', [centre(), centreMeridian()]]],
  ['lcc', ['Lambert_Conformal_Conic_2SP', [origin(), meridian(), first(), second()]]],
  ['lcc1', ['Lambert_Conformal_Conic_1SP', [origin(), meridian(), scale()]]],
  ['tmerc', ['Transverse_Mercator', [origin(), meridian(), scale()]]],
  ['aea', ['Albers_Conic_Equal_Area', [centre(), centreMeridian(), first(), second()]]],
  ['cea', ['Cylindrical_Equal_Area', [trueScale(), meridian()]]],
  ['merc', ['Mercator_1SP', [meridian(), scale()]]],
  ['merc2', ['Mercator_2SP', [trueScale(), meridian()]]],
  ['webmerc', ['Mercator_1SP', [meridian(), scale()]]],
  ['sinu', ['Sinusoidal', [centreMeridian()]]],
  ['aeqd', ['Azimuthal_Equidistant', [centre(), centreMeridian()]]],
  ['ortho', ['Orthographic', [origin(), meridian()]]],
  ['gnom', ['Gnomonic', [origin(), meridian()]]],
  ['eqc', ['Equirectangular', [trueScale(), origin(), meridian()]]],
  ['eqdc', ['Equidistant_Conic', [centre(), centreMeridian(), first(), second()]]],
  ['poly', ['Polyconic', [origin(), meridian()]]],
  ['moll', ['Mollweide', [meridian()]]],
  ['robin', ['Robinson', [centreMeridian()]]],
  ['mill', ['Miller_Cylindrical', [centreMeridian()]]],
  ['cass', ['Cassini_Soldner', [origin(), meridian()]]],
  ['vandg', ['VanDerGrinten', [meridian()]]],
  [
    'omerc',
    [
      'Hotine_Oblique_Mercator_Azimuth_Center',
      [
        centre(),
        ['longitude_of_center', 'lonc'],
        ['azimuth', 'alpha'],
        ['rectified_grid_angle', 'gamma'],
        scale(),
      ],
    ],
  ],
]);

function origin() {
  return ['latitude_of_origin', 'lat_0'] as const;
}
function centre() {
  return ['latitude_of_center', 'lat_0'] as const;
}
function meridian() {
  return ['central_meridian', 'lon_0'] as const;
}
function centreMeridian() {
  return ['longitude_of_center', 'lon_0'] as const;
}
function scale() {
  return ['scale_factor', 'k'] as const;
}
function first() {
  return ['standard_parallel_1', 'lat_1'] as const;
}
function second() {
  return ['standard_parallel_2', 'lat_2'] as const;
}
function trueScale() {
  return ['standard_parallel_1', 'lat_ts'] as const;
}

/** WKT of parameters, GDAL's version 1 (2 for rotated poles, which 1 lacks), with EPSG codes. */
export function writeWkt(crs: CrsParameters): string {
  if (crs.projection === 'longlat') return geographic(crs);
  if (crs.projection === 'ob_tran') return rotatedPole(crs);
  const { lat_0 = 0, lon_0 = 0, lat_ts, lat_1 = 0, lat_2, k } = crs.values;
  const polar = crs.projection === 'stere' && Math.abs(Math.abs(lat_0) - 90) < 1e-9;
  const key =
    crs.projection === 'lcc' && lat_2 === undefined && lat_1 === lat_0
      ? 'lcc1'
      : crs.projection === 'merc' && lat_ts
        ? 'merc2'
        : crs.projection;
  const method = METHODS.get(key);
  if (!method) {
    throw unsupportedCrs(`+proj=${crs.projection}`, 'a projection that WKT 1 has no name for');
  }
  const defaults: Readonly<Partial<Record<ParameterName, number>>> = {
    lat_0: 0,
    lon_0: 0,
    lat_1: 0,
    lat_2: lat_1,
    lat_ts: 0,
    gamma: crs.values.alpha ?? 0,
    alpha: 0,
    lonc: 0,
    k: 1,
  };
  const parameters = polar
    ? [
        parameter('latitude_of_origin', lat_ts ?? lat_0),
        parameter('central_meridian', lon_0),
        // True scale at a parallel has no scale factor beside it.
        ...(lat_ts === undefined ? [parameter('scale_factor', k ?? 1)] : []),
      ]
    : method[1].map(([name, key]) => parameter(name, crs.values[key] ?? defaults[key] ?? 0));
  const { x_0 = 0, y_0 = 0 } = crs.values;
  return `PROJCS[${[
    quote(crs.name),
    geographic({ ...crs, name: null, code: null }),
    `PROJECTION["${polar ? 'Polar_Stereographic' : method[0]}"]`,
    ...parameters,
    parameter('false_easting', x_0),
    parameter('false_northing', y_0),
    'UNIT["metre",1,AUTHORITY["EPSG","9001"]]',
    ...axes(polar, lat_0, crs.code),
    ...(crs.projection === 'webmerc' ? [webMercator(crs)] : []),
    ...authority(crs.code),
  ].join()}]`;
}

function axes(polar: boolean, lat0: number, code: number | null): readonly string[] {
  // What lies along each axis away from a pole; the order of values stays easting, northing.
  const azimuthal = polar || Math.abs(lat0) === 90;
  const towards = lat0 > 0 ? 'SOUTH' : 'NORTH';
  if (azimuthal && code === 32661) return [`AXIS["Northing",SOUTH]`, `AXIS["Easting",SOUTH]`];
  if (azimuthal && code === 32761) return [`AXIS["Northing",NORTH]`, `AXIS["Easting",NORTH]`];
  if (azimuthal) return [`AXIS["Easting",${towards}]`, `AXIS["Northing",${towards}]`];
  if (code === 3034 || code === 3035) return ['AXIS["Northing",NORTH]', 'AXIS["Easting",EAST]'];
  return ['AXIS["Easting",EAST]', 'AXIS["Northing",NORTH]'];
}

function geographic(crs: CrsParameters): string {
  const datum = datumById(crs.datum);
  // Digits beyond those of the tables are noise of b = a (1 - f).
  const rf = datum?.rf ?? (crs.a === crs.b ? 0 : Number((crs.a / (crs.a - crs.b)).toPrecision(13)));
  const spheroid = `SPHEROID[${[
    quote(datum?.ellipsoidName ?? null),
    crs.a,
    rf,
    ...authority(datum?.ellipsoidCode ?? null),
  ].join()}]`;
  const shift = crs.toWgs84 && !datum ? [`TOWGS84[${pad(crs.toWgs84).join()}]`] : [];
  const greenwich = crs.primeMeridian === 0;
  return `GEOGCS[${[
    quote(datum?.geographicName ?? crs.name),
    `DATUM[${[quote(datum?.wktName ?? null), spheroid, ...shift, ...authority(datum?.code ?? null)].join()}]`,
    greenwich
      ? 'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]]'
      : `PRIMEM["unknown",${crs.primeMeridian}]`,
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]',
    ...(crs.projection === 'longlat' && datum
      ? ['AXIS["Latitude",NORTH]', 'AXIS["Longitude",EAST]']
      : []),
    ...(greenwich ? authority(datum?.geographicCode ?? null) : []),
  ].join()}]`;
}

function rotatedPole(crs: CrsParameters): string {
  const { o_lat_p = 90, o_lon_p = 0, lon_0 = 0 } = crs.values;
  const method = 'Pole rotation (netCDF CF convention)';
  const unit = 'ANGLEUNIT["degree",0.0174532925199433]';
  const rf = crs.a === crs.b ? 0 : crs.a / (crs.a - crs.b);
  const of = (name: string, value: number) =>
    `PARAMETER["${name} (netCDF CF convention)",${value},${unit}]`;
  return `GEOGCRS[${[
    quote(crs.name),
    `BASEGEOGCRS["unknown",DATUM[${quote(datumById(crs.datum)?.wktName ?? null)},ELLIPSOID["unknown",${crs.a},${rf},LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,${unit}]]`,
    `DERIVINGCONVERSION["${method}",METHOD["${method}"],${of('Grid north pole latitude', o_lat_p)},${of('Grid north pole longitude', lon_0 - 180)},${of('North pole grid longitude', o_lon_p)}]`,
    `CS[ellipsoidal,2],AXIS["longitude",east,ORDER[1],${unit}],AXIS["latitude",north,ORDER[2],${unit}]`,
  ].join()}]`;
}

function webMercator(crs: CrsParameters): string {
  const { lon_0 = 0, x_0 = 0, y_0 = 0 } = crs.values;
  return `EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=${lon_0} +x_0=${x_0} +y_0=${y_0} +k=1 +units=m +nadgrids=@null +wktext +no_defs"]`;
}

function parameter(name: string, value: number): string {
  return `PARAMETER["${name}",${value}]`;
}

function authority(code: number | null): readonly string[] {
  return code === null ? [] : [`AUTHORITY["EPSG","${code}"]`];
}

function quote(name: string | null): string {
  return `"${(name ?? 'unknown').replaceAll('"', '""')}"`;
}

function pad(shift: readonly number[]): readonly number[] {
  return [...shift, 0, 0, 0, 0].slice(0, 7);
}
