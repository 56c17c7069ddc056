import { expect, it } from 'vitest';
import { crsOfCf } from '../../src/crs/crs.js';

it("NSIDC's grid mappings: the meridian of the projection, not the one that points up", () => {
  const nsidc = {
    grid_mapping_name: 'polar_stereographic',
    latitude_of_projection_origin: 90,
    longitude_of_projection_origin: -45,
    straight_vertical_longitude_from_pole: 135,
    standard_parallel: 70,
    semi_major_axis: 6378273,
    semi_minor_axis: 6356889.449,
  };
  expect(crsOfCf(nsidc)).toBe('EPSG:3411');
  const srid = 'urn:ogc:def:coordinate_reference_system:EPSG::3412';
  expect(crsOfCf({ grid_mapping_name: 'polar_stereographic', srid })).toBe('EPSG:3412');
});

it("the parallel under the name of EPSG's parameter, axes as float32", () => {
  const mapping = {
    grid_mapping_name: 'polar_stereographic',
    latitude_of_projection_origin: 90,
    straight_vertical_longitude_from_pole: -45,
    semi_major_axis: 6378273,
    semi_minor_axis: 6356889.449,
  };
  expect(crsOfCf({ ...mapping, latitude_of_standard_parallel: 70 })).toBe('EPSG:3411');
  const single = Math.fround(6356889.449);
  expect(crsOfCf({ ...mapping, standard_parallel: 70, semi_minor_axis: single })).toBe('EPSG:3411');
});
