import { datumById } from './datums.js';
import { codeOf } from './identify.js';
import { crsOfCode } from './epsg.js';
import { parseCrs } from './parse-crs.js';
import { projStringOf } from './proj-string.js';
import { writeWkt } from './wkt-write.js';

export { crsOfCf } from './cf-read.js';
export { cfOfCrs } from './cf-write.js';
export { identifyCrs } from './identify.js';
export { parseCrs } from './parse-crs.js';
export { coordinateTransform, transformInto } from './coordinate-transform.js';

/**
 * The PROJ string (as proj4 takes it) of `EPSG:n`, WKT or a PROJ string. It is always in metres,
 * also where the text counts in km or feet: rasters keep their positions in metres
 * (see `metresPerUnit`).
 * @throws RasterError `UnsupportedFormat` for anything else, codes outside the table included
 */
export function proj4Of(crs: string): string {
  return projStringOf(parseCrs(crs));
}

/**
 * The WKT of `EPSG:n`, WKT or a PROJ string, as GDAL and pyproj read it: version 1 with EPSG codes
 * where the parameters are those of a known code (version 2 for rotated poles). In metres.
 * @throws RasterError `UnsupportedFormat` for anything else
 */
export function wktOf(crs: string): string {
  const parameters = parseCrs(crs);
  const code = codeOf(parameters);
  const known = code === null ? undefined : crsOfCode(code);
  return writeWkt(known ?? { ...parameters, code: null });
}

/**
 * Whether coordinates are degrees of longitude and latitude.
 * @throws RasterError `UnsupportedFormat` for texts that are no CRS
 */
export function isGeographic(crs: string): boolean {
  return parseCrs(crs).projection === 'longlat';
}

/**
 * Metres in one unit of the coordinates that a WKT or PROJ text declares: 1000 for `+units=km`,
 * 0.3048 for feet, 1 for degrees. Readers multiply positions by it, since `proj4Of`, `identifyCrs`
 * and `coordinateTransform` know metres only.
 * @throws RasterError `UnsupportedFormat` for texts that are no CRS
 */
export function metresPerUnit(crs: string): number {
  return parseCrs(crs).metresPerUnit;
}

/** A short name for people: `WGS 84 / NSIDC Sea Ice Polar Stereographic North`. */
export function nameOfCrs(crs: string): string {
  const parameters = parseCrs(crs);
  const code = codeOf(parameters);
  const known = code === null ? undefined : crsOfCode(code);
  return known?.name ?? parameters.name ?? datumById(parameters.datum)?.geographicName ?? 'unknown';
}
