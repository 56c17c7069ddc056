import { entryOf, type SourceEntry } from './source-entry.js';

const NASA_LICENCE =
  'Open: free to use and share without restriction; cite the data set (NASA Earth science data policy).';
const NOAA_LICENCE = 'Open: free to use and share; cite the data set (NOAA at NSIDC).';
const EARTHDATA = 'Free Earthdata login; files are found through the Common Metadata Repository.';
const NOAA_ACCESS = 'Open to all, https://noaadata.apps.nsidc.org/NOAA/.';
const PS25 = ['north 448×304, 25 km, EPSG:3411', 'south 332×316, 25 km, EPSG:3412'];
const NSIDC_PLACE = 'Boulder, Colorado USA. National Snow and Ice Data Center.';
const DAAC_PLACE =
  'Boulder, Colorado USA. NASA National Snow and Ice Data Center Distributed Active Archive Center.';
const CDR = 'NOAA/NSIDC Climate Data Record of Passive Microwave Sea Ice Concentration';

const INDEX_V4 = {
  years: [1978, null],
  citation: `Fetterer, F., K. Knowles, W. N. Meier, M. Savoie, A. K. Windnagel and T. Stafford (2025). Sea Ice Index, Version 4. ${NSIDC_PLACE} https://doi.org/10.7265/a98x-0f50`,
  link: 'https://doi.org/10.7265/a98x-0f50',
} as const;

/** Concentration on NSIDC's polar stereographic grids. */
export const NSIDC: readonly SourceEntry[] = [
  entryOf({
    name: 'nsidc-0081',
    title: 'Near-Real-Time DMSP SSMIS Daily Polar Gridded Sea Ice Concentrations (NSIDC-0081)',
    what: 'Daily concentration by the NASA Team algorithm within a day of the overpass, not meant for trends. Version 2 holds one variable per satellite.',
    variable: 'sea-ice concentration, NASA Team algorithm, fraction 0..1',
    units: '1',
    pixelSizeM: 25_000,
    kinds: ['daily'],
    grids: PS25,
    products: [
      {
        name: 'v2',
        title: 'Version 2, NetCDF-4',
        years: [2015, 2026],
        citation: `Meier, W. N., J. S. Stewart, H. Wilcox, M. A. Hardman and D. J. Scott (2023). Near-Real-Time DMSP SSMIS Daily Polar Gridded Sea Ice Concentrations, Version 2. ${DAAC_PLACE} https://doi.org/10.5067/YTTHO2FJQ97K`,
        link: 'https://doi.org/10.5067/YTTHO2FJQ97K',
      },
    ],
    licence: NASA_LICENCE,
    access: EARTHDATA,
    login: 'earthdata',
    formats: [
      'NetCDF-4 of version 2, NSIDC0081_SEAICE_PS_{N,S}25km_YYYYMMDD_v2.0.nc',
      'Binary of version 1 (Maslanik and Stroeve 1999, https://doi.org/10.5067/U8C09DWVX9LM), nt_YYYYMMDD_fNN_nrt_{n,s}.bin: loose, .bin.gz, in a folder, .tar or .tar.gz',
    ],
    retired:
      'NSIDC ended it in January 2026, retired it on 18 June 2026 and no longer gives it out; it refers to NSIDC-0051 and to AMSR2 data sets.',
  }),
  entryOf({
    name: 'nsidc-0051',
    title:
      'Sea Ice Concentrations from Nimbus-7 SMMR and DMSP SSM/I-SSMIS Passive Microwave Data (NSIDC-0051)',
    what: 'Daily (every other day until July 1987) and monthly concentration by the NASA Team algorithm, made consistent over all satellites: the record for trends.',
    variable: 'sea-ice concentration, NASA Team algorithm, fraction 0..1',
    units: '1',
    pixelSizeM: 25_000,
    kinds: ['daily', 'monthly'],
    grids: PS25,
    products: [
      {
        name: 'v2',
        title: 'Version 2, NetCDF-4',
        years: [1978, null],
        citation: `DiGirolamo, N., C. L. Parkinson, D. J. Cavalieri, P. Gloersen and H. J. Zwally (2022). Sea Ice Concentrations from Nimbus-7 SMMR and DMSP SSM/I-SSMIS Passive Microwave Data, Version 2. ${DAAC_PLACE} https://doi.org/10.5067/MPYG15WAA4WX`,
        link: 'https://doi.org/10.5067/MPYG15WAA4WX',
      },
    ],
    licence: NASA_LICENCE,
    access: EARTHDATA,
    login: 'earthdata',
    formats: [
      'NetCDF-4 of version 2, NSIDC0051_SEAICE_PS_{N,S}25km_YYYYMM[DD]_v2.0.nc',
      'Binary of version 1 (Cavalieri et al. 1996, https://doi.org/10.5067/8GQ8LZQVL0VL), nt_YYYYMM[DD]_SNN_vVV_{n,s}.bin: loose, .bin.gz, in a folder, .tar or .tar.gz',
    ],
  }),
  entryOf({
    name: 'g02202',
    title: `${CDR} (G02202)`,
    what: 'NASA Team and Bootstrap concentrations combined, with quality flags, interpolation marks and a standard deviation. Coasts and land have codes of their own up to version 4, a variable of their own from version 5.',
    variable: 'sea-ice concentration, climate data record, fraction 0..1',
    units: '1',
    pixelSizeM: 25_000,
    kinds: ['daily', 'monthly'],
    grids: PS25,
    products: [
      {
        name: 'v6',
        title: 'Version 6: AMSR2 from 2025',
        years: [1978, null],
        citation: `Meier, W. N., F. Fetterer, A. K. Windnagel, J. S. Stewart and T. Stafford (2026). ${CDR}, Version 6. ${NSIDC_PLACE} https://doi.org/10.7265/b18j-z797`,
        link: 'https://doi.org/10.7265/b18j-z797',
      },
      {
        name: 'v5',
        title: 'Version 5',
        years: [1978, 2025],
        citation: `Meier, W. N., F. Fetterer, A. K. Windnagel, J. S. Stewart and T. Stafford (2024). ${CDR}, Version 5. ${NSIDC_PLACE} https://doi.org/10.7265/rjzb-pf78`,
        link: 'https://doi.org/10.7265/rjzb-pf78',
      },
      {
        name: 'v4',
        title: 'Version 4',
        years: [1978, 2024],
        citation: `Meier, W. N., F. Fetterer, A. K. Windnagel and J. S. Stewart (2021). ${CDR}, Version 4. ${NSIDC_PLACE} https://doi.org/10.7265/efmz-2t65`,
        link: 'https://doi.org/10.7265/efmz-2t65',
      },
    ],
    licence: NOAA_LICENCE,
    access: `${NOAA_ACCESS} Older versions disappear some time after a new one.`,
    login: null,
    formats: [
      'NetCDF-4, sic_{psn,pss}25_YYYYMM[DD]_SENSOR_v0Nr00.nc (versions 5 and 6)',
      'NetCDF-4, seaice_conc_{daily,monthly}_{nh,sh}_YYYYMM[DD]_SENSOR_v04r00.nc (version 4)',
    ],
  }),
  entryOf({
    name: 'g10016',
    title: `Near-Real-Time ${CDR} (G10016)`,
    what: 'The same algorithm as G02202 within a day, preliminary, for the months that G02202 does not have yet; only the last months are kept.',
    variable: 'sea-ice concentration, near-real-time climate data record, fraction 0..1',
    units: '1',
    pixelSizeM: 25_000,
    kinds: ['daily', 'monthly'],
    grids: PS25,
    products: [
      {
        name: 'v4',
        title: 'Version 4, beside G02202 version 6',
        years: [2026, null],
        citation: `Meier, W. N., F. Fetterer, A. K. Windnagel, J. S. Stewart and T. Stafford. Near-Real-Time ${CDR}, Version 4. ${NSIDC_PLACE} https://nsidc.org/data/g10016/versions/4`,
        link: 'https://nsidc.org/data/g10016/versions/4',
      },
      {
        name: 'v3',
        title: 'Version 3, beside G02202 version 5',
        years: [2024, 2025],
        citation: `Meier, W. N., F. Fetterer, A. K. Windnagel, J. S. Stewart and T. Stafford (2024). Near-Real-Time ${CDR}, Version 3. ${NSIDC_PLACE} https://doi.org/10.7265/j0z0-4h87`,
        link: 'https://doi.org/10.7265/j0z0-4h87',
      },
      {
        name: 'v2',
        title: 'Version 2, beside G02202 version 4',
        years: [2021, 2024],
        citation: `Meier, W. N., F. Fetterer, A. K. Windnagel and J. S. Stewart (2021). Near-Real-Time ${CDR}, Version 2. ${NSIDC_PLACE} https://doi.org/10.7265/tgam-yv28`,
        link: 'https://doi.org/10.7265/tgam-yv28',
      },
    ],
    licence: NOAA_LICENCE,
    access: NOAA_ACCESS,
    login: null,
    formats: [
      'NetCDF-4, sic_{psn,pss}25_YYYYMM[DD]_SENSOR_icdr_v0Nr00.nc (versions 3 and 4)',
      'NetCDF-4, seaice_conc_{daily,monthly}_icdr_{nh,sh}_YYYYMM[DD]_SENSOR_v02r00.nc (version 2)',
    ],
  }),
  entryOf({
    name: 'sea-ice-index',
    title: 'Sea Ice Index (G02135)',
    what: 'Concentration and extent (at least 15 %) as GeoTIFF pictures, and extent and area of a hemisphere as tables. From 2025 on, version 4 is made from AMSR2; before, it repeats version 3.',
    variable: 'sea-ice concentration, fraction 0..1; extent as a mask; extent and area in 10⁶ km²',
    units: '1',
    pixelSizeM: 25_000,
    kinds: ['daily', 'monthly'],
    grids: PS25,
    products: [
      { name: 'concentration', title: 'Version 4, concentration as GeoTIFF', ...INDEX_V4 },
      { name: 'extent', title: 'Version 4, extent as GeoTIFF', ...INDEX_V4 },
      { name: 'csv', title: 'Version 4, tables of extent and area', ...INDEX_V4 },
    ],
    licence: NOAA_LICENCE,
    access: NOAA_ACCESS,
    login: null,
    formats: [
      'GeoTIFF, {N,S}_YYYYMM[DD]_{concentration,extent}_v*.tif',
      'CSV, {N,S}_seaice_extent_daily_v*.csv and {N,S}_MM_extent_v*.csv',
    ],
  }),
];
