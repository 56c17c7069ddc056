import { describe, expect, it } from 'vitest';
import { openNetCdf3 } from '../../src/netcdf/netcdf3.js';
import { openNetCdf4 } from '../../src/netcdf/netcdf4.js';
import type { RasterFile } from '../../src/raster-file.js';
import { realFile, SKIP_NOTE, variableOf } from './helpers.js';

/** Stored sum, sum weighted by place, and what decodes to a value: as netCDF4-python has them. */
async function figures(file: RasterFile, name: string) {
  const variable = variableOf(file, name);
  const stored = await variable.readStored();
  let [sum, weighted] = [0, 0];
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i] ?? NaN;
    sum += value;
    weighted += value * (1 + (i % 97));
  }
  const { data } = await variable.read();
  let [valid, total] = [0, 0];
  for (const value of data) {
    if (Number.isNaN(value)) continue;
    valid += 1;
    total += value;
  }
  return { sum, weighted, valid, total };
}

function rounded(value: number): number {
  return Number(value.toPrecision(13));
}

async function expectFigures(
  file: RasterFile,
  expected: readonly (readonly [string, number, number, number, number])[],
): Promise<void> {
  for (const [name, sum, weighted, valid, total] of expected) {
    const found = await figures(file, name);
    // Sums of fractions depend on the order in which they are added up.
    const digits = [found.sum, found.weighted, found.valid, found.total].map(rounded);
    expect([name, ...digits]).toEqual([name, ...[sum, weighted, valid, total].map(rounded)]);
  }
}

describe('real files', () => {
  it('the NOAA climate data record of a day', async ({ skip }) => {
    const path =
      realFile('noaa-cdr/seaice_conc_daily_nh_20211231_f17_v04r00.nc') ?? skip(SKIP_NOTE);
    const file = await openNetCdf4(path);
    expect(file.variables.map(({ name }) => name)).toEqual([
      'cdr_seaice_conc',
      'melt_onset_day_cdr_seaice_conc',
      'nsidc_bt_seaice_conc',
      'nsidc_nt_seaice_conc',
      'qa_of_cdr_seaice_conc',
      'spatial_interpolation_flag',
      'stdev_of_cdr_seaice_conc',
      'temporal_interpolation_flag',
      'time',
      'xgrid',
      'ygrid',
    ]);
    expect([file.crs, file.transform, file.times]).toEqual([
      'EPSG:3411',
      [-3_850_000, 25_000, 0, 5_850_000, 0, -25_000],
      ['2021-12-31T00:00:00Z'],
    ]);
    await expectFigures(file, [
      ['cdr_seaice_conc', 19475128, 954006729, 67259, 19720.369829565287],
      ['melt_onset_day_cdr_seaice_conc', 34728960, 1701671610, 0, 0],
      ['nsidc_bt_seaice_conc', 19495793, 954974987, 67259, 19927.019781664014],
      ['nsidc_nt_seaice_conc', 19378087, 949281549, 67259, 18749.959767706692],
      ['qa_of_cdr_seaice_conc', 645575, 31679724, 43414, 645575],
      ['spatial_interpolation_flag', 1630, 89895, 56, 1630],
      [
        'stdev_of_cdr_seaice_conc',
        -65185.989456781186,
        -3193510.9331594706,
        69575,
        1431.0105432188138,
      ],
      ['temporal_interpolation_flag', 44, 1991, 4, 44],
    ]);
    await file.close();
  });

  it('the NOAA climate data record of a month', async ({ skip }) => {
    const path =
      realFile('noaa-cdr/seaice_conc_monthly_nh_202112_f17_v04r00.nc') ?? skip(SKIP_NOTE);
    const file = await openNetCdf4(path);
    expect(file.times).toEqual(['2021-12-01T00:00:00Z']);
    await expectFigures(file, [
      ['cdr_seaice_conc_monthly', 19294020, 945202582, 67259, 17909.289483804256],
      ['qa_of_cdr_seaice_conc_monthly', 1339466, 65661287, 62507, 1339466],
      [
        'stdev_of_cdr_seaice_conc_monthly',
        -66996.312604054576,
        -3282427.5678431075,
        67259,
        1936.6873959454242,
      ],
    ]);
    await file.close();
  });

  it('OSI SAF concentration', async ({ skip }) => {
    const file = await openNetCdf3(realFile('osi-saf/cf_nh10km.nc') ?? skip(SKIP_NOTE));
    expect([file.crs, file.transform, file.times]).toEqual([
      'EPSG:3411',
      [-3_850_000, 10_000, 0, 5_850_000, 0, -10_000],
      ['2019-09-09T12:00:00Z'],
    ]);
    await expectFigures(file, [['ice_conc', -171498295, -8416770434, 395194, 2840516.926454544]]);
    await file.close();
  });

  it('the valid-ice mask of the NIC', async ({ skip }) => {
    const path = realFile('grids/NIC_valid_ice_mask.N25km.01.1972-2007.nc') ?? skip(SKIP_NOTE);
    const file = await openNetCdf3(path);
    const mask = variableOf(file, 'valid_ice_flag');
    expect([mask.placement?.transform, mask.placement?.curvilinear, mask.times]).toEqual([
      [-3_850_000, 25_000, 0, 5_850_000, 0, -25_000],
      { latitude: 'latitude', longitude: 'longitude' },
      [],
    ]);
    await expectFigures(file, [
      ['valid_ice_flag', 234259, 11474410, 136192, 234259],
      ['latitude', 7847998.67246, 384547974.35940993, 136192, 7847998.67246],
      ['longitude', 2381973.7057900005, 116701502.41821003, 136192, 2381973.7057900005],
    ]);
    await file.close();
  });
});
