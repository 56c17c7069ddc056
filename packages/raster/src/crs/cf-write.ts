import type { Attributes } from '../raster-file.js';
import { datumById } from './datums.js';
import { crsOfCode } from './epsg.js';
import { codeOf } from './identify.js';
import type { CrsParameters } from './parameters.js';
import { parseCrs } from './parse-crs.js';
import { writeWkt } from './wkt-write.js';

/**
 * The attributes of a CF-1.8 grid-mapping variable for `EPSG:n`, WKT or a PROJ string: CF's
 * parameters with the ellipsoid, `crs_wkt`, and `spatial_ref` for GDAL. Projections without a name
 * in CF (Robinson, equirectangular …) have the WKT alone.
 * @throws RasterError `UnsupportedFormat` for texts that are no CRS
 */
export function cfOfCrs(crs: string): Attributes {
  const parsed = parseCrs(crs);
  const code = codeOf(parsed);
  const known = (code === null ? undefined : crsOfCode(code)) ?? { ...parsed, code: null };
  const wkt = writeWkt(known);
  const datum = datumById(known.datum);
  const isProjected = known.projection !== 'longlat' && known.projection !== 'ob_tran';
  return {
    ...mappingOf(known),
    ...shape(known, datum?.rf),
    longitude_of_prime_meridian: known.primeMeridian,
    ...(datum && {
      geographic_crs_name: datum.geographicName,
      horizontal_datum_name: datum.wktName,
      reference_ellipsoid_name: datum.ellipsoidName,
    }),
    ...(known.primeMeridian === 0 && { prime_meridian_name: 'Greenwich' }),
    ...(isProjected && known.name !== null && { projected_crs_name: known.name }),
    crs_wkt: wkt,
    spatial_ref: wkt,
    ...(known.code !== null && { epsg_code: `EPSG:${known.code}` }),
  };
}

function shape(crs: CrsParameters, rf: number | undefined): Attributes {
  if (crs.projection === 'webmerc') return { earth_radius: crs.a };
  if (crs.a === crs.b) return { earth_radius: crs.a };
  return {
    semi_major_axis: crs.a,
    semi_minor_axis: crs.b,
    inverse_flattening: rf ?? crs.a / (crs.a - crs.b),
  };
}

function mappingOf(crs: CrsParameters): Attributes {
  const { lat_0 = 0, lon_0 = 0, lat_1, lat_2, lat_ts = 0, k = 1, x_0 = 0, y_0 = 0 } = crs.values;
  const offsets = { false_easting: x_0, false_northing: y_0 };
  const origin = { latitude_of_projection_origin: lat_0, longitude_of_projection_origin: lon_0 };
  const parallels = lat_2 === undefined ? (lat_1 ?? lat_0) : [lat_1 ?? lat_0, lat_2];
  switch (crs.projection) {
    case 'longlat':
      return { grid_mapping_name: 'latitude_longitude' };
    case 'stere':
      if (Math.abs(Math.abs(lat_0) - 90) < 1e-9) {
        return {
          grid_mapping_name: 'polar_stereographic',
          latitude_of_projection_origin: lat_0,
          straight_vertical_longitude_from_pole: lon_0,
          ...(crs.values.lat_ts === undefined
            ? { scale_factor_at_projection_origin: k }
            : { standard_parallel: lat_ts }),
          ...offsets,
        };
      }
      return {
        grid_mapping_name: 'stereographic',
        ...origin,
        scale_factor_at_projection_origin: k,
        ...offsets,
      };
    case 'laea':
      return { grid_mapping_name: 'lambert_azimuthal_equal_area', ...origin, ...offsets };
    case 'aeqd':
      return { grid_mapping_name: 'azimuthal_equidistant', ...origin, ...offsets };
    case 'ortho':
      return { grid_mapping_name: 'orthographic', ...origin, ...offsets };
    case 'cea':
      return {
        grid_mapping_name: 'lambert_cylindrical_equal_area',
        longitude_of_central_meridian: lon_0,
        standard_parallel: lat_ts,
        ...offsets,
      };
    case 'merc':
    case 'webmerc':
      return {
        grid_mapping_name: 'mercator',
        longitude_of_projection_origin: lon_0,
        ...(crs.values.lat_ts === undefined
          ? { scale_factor_at_projection_origin: k }
          : { standard_parallel: lat_ts }),
        ...offsets,
      };
    case 'tmerc':
      return {
        grid_mapping_name: 'transverse_mercator',
        latitude_of_projection_origin: lat_0,
        longitude_of_central_meridian: lon_0,
        scale_factor_at_central_meridian: k,
        ...offsets,
      };
    case 'lcc':
      return {
        grid_mapping_name: 'lambert_conformal_conic',
        latitude_of_projection_origin: lat_0,
        longitude_of_central_meridian: lon_0,
        standard_parallel: parallels,
        ...offsets,
      };
    case 'aea':
      return {
        grid_mapping_name: 'albers_conical_equal_area',
        latitude_of_projection_origin: lat_0,
        longitude_of_central_meridian: lon_0,
        standard_parallel: parallels,
        ...offsets,
      };
    case 'sinu':
      return {
        grid_mapping_name: 'sinusoidal',
        longitude_of_projection_origin: lon_0,
        ...offsets,
      };
    case 'ob_tran':
      return {
        grid_mapping_name: 'rotated_latitude_longitude',
        grid_north_pole_latitude: crs.values.o_lat_p ?? 90,
        grid_north_pole_longitude: lon_0 - 180,
        north_pole_grid_longitude: crs.values.o_lon_p ?? 0,
      };
    default:
      return {};
  }
}
