import { unsupportedCrs, type CrsParameters, type ParameterName } from './parameters.js';

type Values = Partial<Record<ParameterName, number>>;

/** Squeezed names of each parameter in GDAL's, ESRI's and EPSG's texts. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  lat_0: [
    'latitudeoforigin',
    'latitudeofcenter',
    'latitudeofnaturalorigin',
    'latitudeoffalseorigin',
    'latitudeofprojectioncentre',
    'centralparallel',
  ],
  lon_0: [
    'centralmeridian',
    'longitudeofcenter',
    'longitudeofnaturalorigin',
    'longitudeoffalseorigin',
    'longitudeoforigin',
    'longitudeofprojectioncentre',
    'straightverticallongitudefrompole',
  ],
  k: [
    'scalefactor',
    'scalefactoratnaturalorigin',
    'scalefactoronpseudostandardparallel',
    'scalefactoratprojectioncentre',
    'scalefactoroninitialline',
  ],
  x_0: ['falseeasting', 'eastingatfalseorigin', 'eastingatprojectioncentre'],
  y_0: ['falsenorthing', 'northingatfalseorigin', 'northingatprojectioncentre'],
  lat_1: ['standardparallel1', 'latitudeof1ststandardparallel', 'standardparallel'],
  lat_2: ['standardparallel2', 'latitudeof2ndstandardparallel'],
  lat_ts: [
    'standardparallel1',
    'latitudeofstandardparallel',
    'latitudeof1ststandardparallel',
    'standardparallel',
    'pseudostandardparallel1',
  ],
  alpha: ['azimuth', 'azimuthofinitialline', 'azimuthatprojectioncentre'],
  gamma: ['rectifiedgridangle', 'anglefromrectifiedtoskewgrid', 'xyplanerotation'],
  h: ['satelliteheight', 'height'],
};

function pick(raw: Readonly<Record<string, number>>, names: readonly ParameterName[]): Values {
  const values: Values = {};
  for (const name of names) {
    const key = NAMES[name]?.find((candidate) => raw[candidate] !== undefined);
    const value = key === undefined ? undefined : raw[key];
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** Parameters that every projection has. */
const COMMON: readonly ParameterName[] = ['lon_0', 'x_0', 'y_0'];

/** Projection and parameters without the pole, by the beginning of the squeezed method name. */
const METHODS: readonly (readonly [RegExp, string, readonly ParameterName[]])[] = [
  [/^(double|oblique)stereographic/, 'sterea', ['lat_0', 'k']],
  [/^stereographic/, 'stere', ['lat_0', 'k']],
  [/^lambertazimuthalequalarea/, 'laea', ['lat_0']],
  [/^lambertcon(formalconic|icconformal)/, 'lcc', ['lat_0', 'lat_1', 'lat_2', 'k']],
  [/^(transversemercator(?!south)|gausskruger)/, 'tmerc', ['lat_0', 'k']],
  [/^albers/, 'aea', ['lat_0', 'lat_1', 'lat_2']],
  [/^((lambert)?cylindricalequalarea|behrmann)/, 'cea', ['lat_ts']],
  [/^mercator.*(2sp|variantb)/, 'merc', ['lat_ts']],
  [/^mercator/, 'merc', ['k', 'lat_ts']],
  [/^sinusoidal/, 'sinu', []],
  [/^(modified)?azimuthalequidistant/, 'aeqd', ['lat_0']],
  [/^orthographic/, 'ortho', ['lat_0']],
  [/^gnomonic/, 'gnom', ['lat_0']],
  [/^(equirectangular|equidistantcylindrical|platecarree)/, 'eqc', ['lat_ts', 'lat_0']],
  [/^equidistantconic/, 'eqdc', ['lat_0', 'lat_1', 'lat_2']],
  [/^(american)?polyconic/, 'poly', ['lat_0']],
  [/^mollweide/, 'moll', []],
  [/^robinson/, 'robin', []],
  [/^millercylindrical/, 'mill', []],
  [/^equalearth/, 'eqearth', []],
  [/^cassini/, 'cass', ['lat_0']],
  [/^vandergrinten/, 'vandg', []],
  [
    /^(hotineobliquemercator.*(center|variantb)|rectifiedskew.*center)/,
    'omerc',
    ['lat_0', 'alpha', 'gamma', 'k'],
  ],
];

/** Longitude of origin and offsets of a method's parameters. */
export function commonOf(raw: Readonly<Record<string, number>>): CrsParameters['values'] {
  return pick(raw, COMMON);
}

/**
 * PROJ projection and parameters of a method, both by squeezed names. `isSphere` says that it
 * works on the sphere of the ellipsoid's area.
 */
export function methodOf(
  method: string,
  raw: Readonly<Record<string, number>>,
  text: string,
): { readonly projection: string; readonly values: Values; readonly isSphere: boolean } {
  if (
    /^(polarstereographic|stereographic(north|south)pole|universalpolarstereographic)/.test(method)
  ) {
    return { projection: 'stere', values: polarValues(method, raw, text), isSphere: false };
  }
  const row = METHODS.find(([pattern]) => pattern.test(method));
  if (!row)
    throw unsupportedCrs(text, method === '' ? 'no projection' : `the projection ${method}`);
  const [, projection, names] = row;
  const values = pick(raw, [...names, ...COMMON]);
  if (method === 'behrmann') values.lat_ts ??= 30;
  if (projection === 'omerc') {
    values.lonc = values.lon_0 ?? 0;
    delete values.lon_0;
  }
  const isSphere = /equalarea.*spherical$/.test(method);
  return { projection, values, isSphere };
}

function polarValues(method: string, raw: Readonly<Record<string, number>>, text: string): Values {
  const values: Values = pick(raw, ['k', ...COMMON]);
  if (method.endsWith('variantc')) throw unsupportedCrs(text, 'polar stereographic, variant C');
  const origin = pick(raw, ['lat_0']).lat_0;
  const parallel = pick(raw, ['lat_ts']).lat_ts;
  // WKT 1 puts the latitude of true scale into latitude_of_origin; ESRI and variant B do not.
  const scale = parallel ?? origin;
  if (scale === undefined) throw unsupportedCrs(text, 'no standard parallel');
  const south = method.includes('southpole') || (!method.includes('northpole') && scale < 0);
  values.lat_0 = south ? -90 : 90;
  if (Math.abs(Math.abs(scale) - 90) > 1e-9) values.lat_ts = scale;
  return values;
}
