import {
  datumByCode,
  datumByName,
  datumOfEllipsoid,
  minorAxis,
  squeeze,
  type Ellipsoid,
} from './datums.js';
import { authalicSphere } from './auxiliary-latitude.js';
import { normalise, unsupportedCrs, type CrsParameters } from './parameters.js';
import { commonOf, methodOf } from './wkt-methods.js';
import {
  childOf,
  childrenOf,
  epsgOf,
  nameOf,
  numberAt,
  parseWkt,
  type WktNode,
} from './wkt-tree.js';

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
  const methodName = nameOf(
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
    squeeze(methodName) === 'popularvisualisationpseudomercator' ||
    squeeze(methodName) === 'mercatorauxiliarysphere' ||
    String(extension?.items[1] ?? '').includes('nadgrids=@null') ||
    epsgOf(node) === 3857;
  const method = isWebMercator
    ? { projection: 'webmerc', values: commonOf(raw), isSphere: false }
    : methodOf(squeeze(methodName), raw, text);
  return normalise({
    ...geodetic,
    ...(method.isSphere && geodetic.a !== geodetic.b ? authalicSphere(geodetic) : {}),
    name: nameOf(node) || null,
    code: epsgOf(node),
    projection: method.projection,
    values: method.values,
    metresPerUnit,
  });
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
  const values: CrsParameters['values'] = cf
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
