import {
  datumByCode,
  datumByName,
  datumOfEllipsoid,
  minorAxis,
  squeeze,
  type Ellipsoid,
} from './datums.js';
import { normalise, unsupportedCrs, type CrsParameters, type ParameterName } from './parameters.js';
import {
  childOf,
  childrenOf,
  epsgOf,
  nameOf,
  numberAt,
  parseWkt,
  type WktNode,
} from './wkt-tree.js';

type Values = Partial<Record<ParameterName, number>>;

/** Degrees in one radian. */
const DEGREES = 180 / Math.PI;

/** Reads WKT 1 (also ESRI's) or WKT 2. @throws RasterError `UnsupportedFormat` */
export function readWkt(text: string): CrsParameters {
  return crsOfNode(parseWkt(text), text, 0);
}

function crsOfNode(node: WktNode, text: string, depth: number): CrsParameters {
  if (depth > 5) throw unsupportedCrs(text, 'CRSs nested too deep');
  const inner = (...keywords: string[]): WktNode => {
    const child = childOf(node, ...keywords);
    if (!child) throw unsupportedCrs(text, `${node.keyword} without a CRS`);
    return child;
  };
  switch (node.keyword) {
    case 'PROJCS':
    case 'PROJCRS':
    case 'PROJECTEDCRS':
      return projected(node, text);
    case 'GEOGCS':
    case 'GEOGCRS':
    case 'GEOGRAPHICCRS':
    case 'GEODCRS':
    case 'GEODETICCRS':
    case 'BASEGEOGCRS':
    case 'BASEGEODCRS':
      return geographic(node, text);
    case 'COMPD_CS':
    case 'COMPOUNDCRS':
      return {
        ...crsOfNode(
          inner('PROJCS', 'PROJCRS', 'PROJECTEDCRS', 'GEOGCS', 'GEOGCRS', 'GEODCRS', 'BOUNDCRS'),
          text,
          depth + 1,
        ),
      };
    case 'BOUNDCRS': {
      const source = inner('SOURCECRS');
      const [crs] = source.items;
      if (typeof crs !== 'object') throw unsupportedCrs(text, 'BOUNDCRS without a CRS');
      return crsOfNode(crs, text, depth + 1);
    }
    default:
      throw unsupportedCrs(text, `${node.keyword} is no horizontal CRS`);
  }
}

function geographic(node: WktNode, text: string): CrsParameters {
  // A rotated pole comes as a geographic CRS derived from another one.
  const base = childOf(node, 'BASEGEOGCRS', 'BASEGEODCRS');
  if (base) return rotatedPole(node, base, text);
  const datum = childOf(node, 'DATUM', 'GEODETICDATUM', 'TRF', 'ENSEMBLE');
  const spheroid =
    (datum && childOf(datum, 'SPHEROID', 'ELLIPSOID')) ?? childOf(node, 'SPHEROID', 'ELLIPSOID');
  const a = numberAt(spheroid, 1) * (lengthUnit(spheroid) ?? 1);
  const b = minorAxis(a, numberAt(spheroid, 2));
  if (!(a > 1e5 && a < 1e9) || !(b > 0) || b > a * 1.01) {
    throw unsupportedCrs(text, 'no ellipsoid');
  }
  const shift = datum && childOf(datum, 'TOWGS84')?.items.map(Number);
  const size: Ellipsoid = { a, b };
  // The unit of a prime meridian is the angular unit of the CRS.
  const angular = angleUnit(node) ?? 1;
  const meridian = childOf(node, 'PRIMEM', 'PRIMEMERIDIAN');
  const primeMeridian = numberAt(meridian, 1) * (angleUnit(meridian) ?? angular);
  const known = knownDatum(node, datum, size);
  return normalise({
    ...(known ? { a: known.a, b: known.b } : size),
    name: nameOf(node) || null,
    projection: 'longlat',
    code: epsgOf(node),
    datum: known?.id ?? null,
    toWgs84: shift && shift.length >= 3 && shift.every(Number.isFinite) ? shift.slice(0, 7) : null,
    primeMeridian: Number.isFinite(primeMeridian) ? primeMeridian : 0,
    metresPerUnit: 1,
    authalic: false,
    values: {},
  });
}

function knownDatum(node: WktNode, datum: WktNode | undefined, size: Ellipsoid) {
  const codes = [epsgOf(datum), epsgOf(node)];
  const found =
    codes.map((code) => (code === null ? undefined : datumByCode(code))).find(Boolean) ??
    datumByName(nameOf(datum)) ??
    (/unknown|unspecified|unnamed|not.?specified|based|^$/i.test(nameOf(datum))
      ? (datumByName(nameOf(node)) ?? datumOfEllipsoid(size))
      : /hughes|authalic/i.test(nameOf(datum))
        ? datumOfEllipsoid(size)
        : undefined);
  // A name that contradicts the axes is not believed.
  const agrees = found && Math.abs(found.a - size.a) < 0.5 && Math.abs(found.b - size.b) < 0.5;
  return agrees ? found : undefined;
}

function projected(node: WktNode, text: string): CrsParameters {
  const base = childOf(node, 'GEOGCS', 'BASEGEOGCRS', 'BASEGEODCRS', 'GEOGCRS', 'GEODCRS');
  if (!base) throw unsupportedCrs(text, 'a projected CRS without a geographic one');
  const geodetic = geographic(base, text);
  const conversion = childOf(node, 'CONVERSION');
  const method = nameOf(
    childOf(node, 'PROJECTION') ?? (conversion && childOf(conversion, 'METHOD', 'PROJECTION')),
  );
  const metresPerUnit =
    lengthUnit(node) ??
    childrenOf(node, 'AXIS')
      .map(lengthUnit)
      .find((unit) => unit !== undefined) ??
    1;
  const angular = angleUnit(base) ?? 1;
  const raw: Record<string, number> = {};
  for (const parameter of childrenOf(conversion ?? node, 'PARAMETER')) {
    const value = numberAt(parameter, 1);
    const key = squeeze(nameOf(parameter));
    if (!Number.isFinite(value)) throw unsupportedCrs(text, `PARAMETER ${nameOf(parameter)}`);
    const isLength = /^false|easting|northing|^satelliteheight|^height/.test(key);
    const isScale = /scale/.test(key);
    raw[key] = isLength
      ? value * (lengthUnit(parameter) ?? metresPerUnit)
      : isScale
        ? value
        : value * (angleUnit(parameter) ?? (conversion ? 1 : angular));
  }
  const extension = childrenOf(node, 'EXTENSION').find((child) => nameOf(child) === 'PROJ4');
  const isWebMercator =
    squeeze(method) === 'popularvisualisationpseudomercator' ||
    squeeze(method) === 'mercatorauxiliarysphere' ||
    String(extension?.items[1] ?? '').includes('nadgrids=@null') ||
    epsgOf(node) === 3857;
  const { projection, values, authalic } = isWebMercator
    ? { projection: 'webmerc', values: pick(raw, COMMON), authalic: false }
    : methodOf(squeeze(method), raw, text);
  return normalise({
    ...geodetic,
    name: nameOf(node) || null,
    code: epsgOf(node),
    projection,
    values,
    // WKT 1 cannot say that these deprecated codes use the sphere of the ellipsoid's area.
    authalic: authalic || [3973, 3974, 3975].includes(epsgOf(node) ?? 0),
    metresPerUnit,
  });
}

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

const COMMON: readonly ParameterName[] = ['lon_0', 'x_0', 'y_0'];

/** PROJ projection and parameters of a method, by its squeezed name. */
function methodOf(
  method: string,
  raw: Readonly<Record<string, number>>,
  text: string,
): { readonly projection: string; readonly values: Values; readonly authalic: boolean } {
  const of = (projection: string, names: readonly ParameterName[] = [], authalic = false) => ({
    projection,
    values: pick(raw, [...names, ...COMMON]),
    authalic,
  });
  if (
    /^polarstereographic|^stereographic(north|south)pole|^universalpolarstereographic/.test(method)
  ) {
    return { projection: 'stere', values: polarValues(method, raw, text), authalic: false };
  }
  if (/^(double|oblique)stereographic/.test(method)) return of('sterea', ['lat_0', 'k']);
  if (/^stereographic/.test(method)) return of('stere', ['lat_0', 'k']);
  if (/^lambertazimuthalequalarea/.test(method))
    return of('laea', ['lat_0'], method.endsWith('spherical'));
  if (/^lambertconformalconic/.test(method)) {
    const both = of('lcc', ['lat_0', 'lat_1', 'lat_2', 'k']);
    return both;
  }
  if (/^transversemercatorsouth/.test(method)) {
    throw unsupportedCrs(text, 'south-oriented transverse Mercator');
  }
  if (/^(transversemercator|gausskruger)/.test(method)) return of('tmerc', ['lat_0', 'k']);
  if (/^albers/.test(method)) return of('aea', ['lat_0', 'lat_1', 'lat_2']);
  if (/^(lambert)?cylindricalequalarea/.test(method))
    return of('cea', ['lat_ts'], method.endsWith('spherical'));
  if (/^mercator/.test(method)) {
    const second =
      method.includes('2sp') ||
      method.includes('variantb') ||
      raw['standardparallel1'] !== undefined;
    return of('merc', second ? ['lat_ts'] : ['k']);
  }
  if (/^sinusoidal/.test(method)) return of('sinu');
  if (/^(modified)?azimuthalequidistant/.test(method)) return of('aeqd', ['lat_0']);
  if (/^orthographic/.test(method)) return of('ortho', ['lat_0']);
  if (/^gnomonic/.test(method)) return of('gnom', ['lat_0']);
  if (/^(equirectangular|equidistantcylindrical|platecarree)/.test(method)) {
    return of('eqc', ['lat_ts', 'lat_0']);
  }
  if (/^equidistantconic/.test(method)) return of('eqdc', ['lat_0', 'lat_1', 'lat_2']);
  if (/^(americanpolyconic|polyconic)/.test(method)) return of('poly', ['lat_0']);
  if (/^mollweide/.test(method)) return of('moll');
  if (/^robinson/.test(method)) return of('robin');
  if (/^millercylindrical/.test(method)) return of('mill');
  if (/^equalearth/.test(method)) return of('eqearth');
  if (/^cassini/.test(method)) return of('cass', ['lat_0']);
  if (/^vandergrinten/.test(method)) return of('vandg');
  if (/^hotineobliquemercator|^rectifiedskew/.test(method)) {
    const values = pick(raw, ['lat_0', 'alpha', 'gamma', 'k', ...COMMON]);
    const { lon_0, ...rest } = values;
    if (!/center|variantb/.test(method)) throw unsupportedCrs(text, 'oblique Mercator, variant A');
    return {
      projection: 'omerc',
      values: lon_0 === undefined ? rest : { ...rest, lonc: lon_0 },
      authalic: false,
    };
  }
  throw unsupportedCrs(text, method === '' ? 'no projection' : `the projection ${method}`);
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

function rotatedPole(node: WktNode, base: WktNode, text: string): CrsParameters {
  const conversion = childOf(node, 'DERIVINGCONVERSION');
  const method = squeeze(nameOf(conversion && childOf(conversion, 'METHOD')));
  const raw: Record<string, number> = {};
  for (const parameter of conversion ? childrenOf(conversion, 'PARAMETER') : []) {
    raw[squeeze(nameOf(parameter))] = numberAt(parameter, 1) * (angleUnit(parameter) ?? 1);
  }
  const geodetic = geographic(base, text);
  const latitude = raw['gridnorthpolelatitudenetcdfcfconvention'] ?? raw['olatp'];
  const cf = method.includes('netcdfcf');
  if (latitude === undefined || !Number.isFinite(latitude) || (!cf && !method.includes('obtran'))) {
    throw unsupportedCrs(text, `a geographic CRS derived by ${method || 'nothing'}`);
  }
  const values: Values = cf
    ? {
        o_lat_p: latitude,
        o_lon_p: raw['northpolegridlongitudenetcdfcfconvention'] ?? 0,
        lon_0: (raw['gridnorthpolelongitudenetcdfcfconvention'] ?? 0) + 180,
      }
    : { o_lat_p: latitude, o_lon_p: raw['olonp'] ?? 0, lon_0: raw['lon0'] ?? 0 };
  return normalise({
    ...geodetic,
    name: nameOf(node) || null,
    code: null,
    projection: 'ob_tran',
    values,
  });
}

/** Metres per unit of a node's own length unit; undefined where it has none. */
function lengthUnit(node: WktNode | undefined): number | undefined {
  const unit = node && childOf(node, 'UNIT', 'LENGTHUNIT');
  const factor = numberAt(unit, 1);
  return factor > 0 ? factor : undefined;
}

/** Degrees per unit of a node's own angular unit; undefined where it has none. */
function angleUnit(node: WktNode | undefined): number | undefined {
  const unit =
    node &&
    (childOf(node, 'UNIT', 'ANGLEUNIT') ??
      childrenOf(node, 'AXIS')
        .map((axis) => childOf(axis, 'UNIT', 'ANGLEUNIT'))
        .find(Boolean));
  const factor = numberAt(unit, 1);
  if (!(factor > 0)) return undefined;
  // Texts cut π/180 at different digits; degrees are meant.
  return Math.abs(factor * DEGREES - 1) < 1e-6 ? 1 : factor * DEGREES;
}
