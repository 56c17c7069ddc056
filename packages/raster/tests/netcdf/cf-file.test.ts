import { describe, expect, it } from 'vitest';
import { cfFile } from '../../src/netcdf/cf-file.js';
import type { Dimension, FileVariable, TypedAttribute } from '../../src/netcdf/file-variable.js';
import { bareVariable, variableOf } from './helpers.js';

const text = (value: string): TypedAttribute => ({ type: 'text', value });

function made(
  name: string,
  dims: readonly Dimension[],
  attributes: Readonly<Record<string, string>>,
  values: readonly number[] = [],
): FileVariable {
  const typed = Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, text(value)]),
  );
  const load = () => Promise.resolve(Float64Array.from(values));
  return bareVariable(typed, { name, dims, type: 'float64', load });
}

const dim = (name: string, length: number): Dimension => ({ name, id: name, length });
const [y, x, t] = [dim('y', 4), dim('x', 8), dim('time', 2)];

async function opened(variables: readonly FileVariable[], global: Record<string, string> = {}) {
  const attributes = new Map(Object.entries(global).map(([key, value]) => [key, text(value)]));
  const close = () => Promise.resolve();
  return cfFile({ path: 'a.nc', format: 'netcdf-4', variables, attributes, close });
}

const POLAR = { grid_mapping_name: 'polar_stereographic', srid: 'urn:ogc:def:crs:EPSG::3413' };

describe('cfFile', () => {
  it('takes the GeoTransform where there are no coordinates', async () => {
    const field = made('band', [y, x], { grid_mapping: 'crs' });
    const north = made('crs', [], { ...POLAR, GeoTransform: '-100 10 0 200 0 -10 ' });
    expect(variableOf(await opened([field, north]), 'band').placement).toEqual({
      rowAxis: 0,
      columnAxis: 1,
      rowsFromSouth: false,
      columnsFromEast: false,
      crs: 'EPSG:3413',
      transform: [-100, 10, 0, 200, 0, -10],
    });
    const south = made('crs', [], { ...POLAR, GeoTransform: '-100 10 0 160 0 10' });
    expect(variableOf(await opened([field, south]), 'band').placement).toMatchObject({
      rowsFromSouth: true,
      transform: [-100, 10, 0, 200, 0, -10],
    });
  });

  it('knows rows and columns by the latitudes and longitudes of the cells alone', async () => {
    const [a, b] = [dim('scan', 3), dim('spot', 2)];
    const file = await opened([
      made('nav_lat', [a, b], { units: 'degrees_north' }),
      made('nav_lon', [a, b], { units: 'degrees_east' }),
      made('tb', [t, b, a], { coordinates: 'nav_lat nav_lon', units: 'K' }),
    ]);
    expect(variableOf(file, 'tb').placement).toEqual({
      rowAxis: 2,
      columnAxis: 1,
      rowsFromSouth: false,
      columnsFromEast: false,
      crs: null,
      transform: null,
      curvilinear: { latitude: 'nav_lat', longitude: 'nav_lon' },
    });
  });

  it('finds coordinates under names that are not those of their dimensions', async () => {
    const file = await opened([
      made('sic', [t, x, y], {}),
      made('xgrid', [x], { axis: 'X', units: 'km' }, [70, 60, 50, 40, 30, 20, 10, 0]),
      made('ygrid', [y], { axis: 'Y', units: 'km' }, [0, 10, 20, 30]),
      made('when', [t], { units: 'days since 2000-01-01' }, [0, 1]),
      made('mapping', [], POLAR),
      made('plain', [], { grid_mapping_name: 'latitude_longitude' }),
    ]);
    const sic = variableOf(file, 'sic');
    expect([sic.timeAxis, sic.times]).toEqual([
      0,
      ['2000-01-01T00:00:00Z', '2000-01-02T00:00:00Z'],
    ]);
    expect(sic.placement).toEqual({
      rowAxis: 2,
      columnAxis: 1,
      rowsFromSouth: true,
      columnsFromEast: true,
      crs: 'EPSG:3413',
      transform: [-5000, 10_000, 0, 35_000, 0, -10_000],
    });
  });

  it('leaves bounds, profiles and uneven grids without a place', async () => {
    const [lat, lon, edge] = [dim('lat', 4), dim('lon', 3), dim('bnds', 2)];
    const file = await opened([
      made('lat', [lat], { units: 'degrees_north' }, [88.6, 86.7, 84.9, 83]),
      made('lon', [lon], { units: 'degrees_east' }, [0, 120, 240]),
      made('lat_bnds', [lat, edge], {}),
      made('sst', [lat, lon], {}),
      made('image', [dim('a', 2), dim('b', 2)], {}),
    ]);
    expect(variableOf(file, 'lat_bnds').placement).toBeNull();
    expect(variableOf(file, 'sst').placement).toMatchObject({ crs: 'EPSG:4326', transform: null });
    expect(variableOf(file, 'image').placement).toMatchObject({
      rowAxis: 0,
      columnAxis: 1,
      crs: null,
    });
    expect([file.crs, file.transform, file.times]).toEqual(['EPSG:4326', null, []]);
  });

  it('gives fields without a time axis the one time of the file', async () => {
    const file = await opened([
      made('sic', [y, x], {}),
      made('time', [], { units: 'hours since 2020-02-28', standard_name: 'time' }, [36]),
    ]);
    const { timeAxis, times } = variableOf(file, 'sic');
    expect([timeAxis, times]).toEqual([null, ['2020-02-29T12:00:00Z']]);
  });

  it('reads the CRS from global attributes where nothing else has it', async () => {
    const file = await opened(
      [
        made('sic', [y, x], {}),
        made('x', [x], { units: 'm' }, [0, 1, 2, 3, 4, 5, 6, 7]),
        made('y', [y], { units: 'm' }, [3, 2, 1, 0]),
      ],
      { proj4_string: '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84 +units=m' },
    );
    expect(variableOf(file, 'sic').placement?.crs).toBe('EPSG:3413');
  });
});
