import { RasterError } from '../errors.js';
import type { Ellipsoid } from './datums.js';

/** Parameters by the names that PROJ strings use; angles in degrees, lengths in metres. */
export type ParameterName =
  | 'lat_0'
  | 'lon_0'
  | 'lat_ts'
  | 'lat_1'
  | 'lat_2'
  | 'lonc'
  | 'alpha'
  | 'gamma'
  | 'k'
  | 'x_0'
  | 'y_0'
  | 'h'
  | 'o_lat_p'
  | 'o_lon_p';

/** A coordinate reference system by its numbers, whatever text it came from. */
export interface CrsParameters extends Ellipsoid {
  /** PROJ's name of the projection: `stere`, `laea`, `longlat`, `webmerc` … */
  readonly projection: string;
  readonly name: string | null;
  /** EPSG code that the text itself gives; not checked. */
  readonly code: number | null;
  /** Short name in `DATUMS`; null for a datum without a code. */
  readonly datum: string | null;
  /** Shift to WGS 84 that the text gives; null where it gives none. */
  readonly toWgs84: readonly number[] | null;
  /** Degrees east of Greenwich. */
  readonly primeMeridian: number;
  /** Metres per unit of the text's own coordinates (1000 for km); 1 for geographic systems. */
  readonly metresPerUnit: number;
  readonly values: Readonly<Partial<Record<ParameterName, number>>>;
}

/** The error of a text that is no CRS this package knows. */
export function unsupportedCrs(text: string, why: string, cause?: unknown): RasterError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new RasterError(
    'UnsupportedFormat',
    `Expected a coordinate reference system: EPSG:n of a known code, WKT or a PROJ string. Received: ${JSON.stringify(shown)} (${why}). Give it as WKT or a PROJ string, e.g. "+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84".`,
    cause === undefined ? undefined : { cause },
  );
}

/** Degrees in -180 (excluded) … 180. */
export function wrapDegrees(longitude: number): number {
  if (longitude > -180 && longitude <= 180) return longitude;
  const turned = longitude - 360 * Math.floor((longitude + 180) / 360);
  return turned === -180 ? 180 : turned;
}

/**
 * The one way of writing each projection: UTM as transverse Mercator, polar stereographic with its
 * pole in `lat_0`, longitudes within -180 … 180, no parameter that has no effect.
 */
export function normalise(parameters: CrsParameters): CrsParameters {
  const { projection } = parameters;
  const values = { ...parameters.values };
  for (const name of ['lon_0', 'lonc'] as const) {
    const longitude = values[name];
    if (longitude !== undefined) values[name] = wrapDegrees(longitude);
  }
  if (projection === 'longlat') return { ...parameters, values: {} };
  if (projection === 'stere') polarStereographic(values);
  // Two names of one parameter: Mercator, cylindrical and transverse ones default to 0 and 1.
  if (projection === 'merc' && values.lat_ts !== undefined) delete values.k;
  if (projection === 'lcc' && values.lat_1 === undefined && values.lat_0 !== undefined) {
    values.lat_1 = values.lat_0;
  }
  if (projection === 'lcc' && values.lat_2 !== undefined && values.lat_2 === values.lat_1) {
    delete values.lat_2;
  }
  return { ...parameters, values };
}

function polarStereographic(values: Partial<Record<ParameterName, number>>): void {
  const lat0 = values.lat_0 ?? 0;
  if (Math.abs(Math.abs(lat0) - 90) > 1e-9) return;
  const trueScale = values.lat_ts;
  if (trueScale === undefined) return;
  if (Math.abs(Math.abs(trueScale) - 90) < 1e-9) {
    delete values.lat_ts;
    return;
  }
  // PROJ takes the sign from the pole and forgets the scale factor.
  values.lat_ts = Math.sign(lat0) * Math.abs(trueScale);
  delete values.k;
}
