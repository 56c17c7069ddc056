import { entryOf, type SourceEntry } from './source-entry.js';

const COPERNICUS_LICENCE =
  'Free, full and open (Copernicus Sentinel data terms); state "Contains modified Copernicus Sentinel data [year]".';
const COPERNICUS_ACCESS =
  'Free account of the Copernicus Data Space; the search is open, the products need the login.';
const NASA_LICENCE =
  'Open: free to use and share without restriction; cite the data set (NASA Earth science data policy).';
const NSIDC_DAAC =
  'Boulder, Colorado USA. NASA National Snow and Ice Data Center Distributed Active Archive Center.';
const LP_DAAC = 'NASA EOSDIS Land Processes Distributed Active Archive Center.';

const hall = (platform: string, what: string, doi: string) => ({
  years: [platform === 'Terra' ? 2000 : 2002, null] as const,
  citation: `Hall, D. K. and G. A. Riggs (2021). MODIS/${platform} ${what}, Version 61. ${NSIDC_DAAC} https://doi.org/10.5067/MODIS/${doi}.061`,
  link: `https://doi.org/10.5067/MODIS/${doi}.061`,
});
const vermote = (platform: string, doi: string) => ({
  years: [platform === 'Terra' ? 2000 : 2002, null] as const,
  citation: `Vermote, E. and R. Wolfe (2021). MODIS/${platform} Surface Reflectance Daily L2G Global 1km and 500m SIN Grid V061. ${LP_DAAC} https://doi.org/10.5067/MODIS/${doi}.061`,
  link: `https://doi.org/10.5067/MODIS/${doi}.061`,
});
const worldview = (firstYear: number) => ({
  years: [firstYear, null] as const,
  citation:
    'We acknowledge the use of imagery from the Worldview Snapshots application (https://wvs.earthdata.nasa.gov), part of the Earth Science Data and Information System (ESDIS).',
  link: 'https://worldview.earthdata.nasa.gov',
});

/** Scenes of single overpasses and daily pictures. */
export const IMAGERY: readonly SourceEntry[] = [
  entryOf({
    name: 'sentinel-1-grd',
    title: 'Sentinel-1 Ground Range Detected (Level 1)',
    what: 'C-band radar scenes day and night through cloud, with tables for calibration and thermal noise and a grid of control points. Extra Wide swath is the mode of the ice services.',
    variable: 'backscatter σ0 in dB, one band per polarisation',
    units: 'dB',
    pixelSizeM: 10,
    kinds: ['scene'],
    grids: ['ground range with control points; EW medium resolution 40 m, IW high resolution 10 m'],
    products: [
      {
        name: 'ew',
        title: 'Extra Wide swath, 40 m (GRDM)',
        years: [2014, null],
        citation: 'Copernicus Sentinel-1 GRD data [year], processed by ESA.',
        link: 'https://sentiwiki.copernicus.eu/web/s1-products',
      },
      {
        name: 'iw',
        title: 'Interferometric Wide swath, 10 m (GRDH)',
        years: [2014, null],
        citation: 'Copernicus Sentinel-1 GRD data [year], processed by ESA.',
        link: 'https://sentiwiki.copernicus.eu/web/s1-products',
      },
    ],
    licence: COPERNICUS_LICENCE,
    access: COPERNICUS_ACCESS,
    login: 'copernicus',
    needsRegion: true,
    formats: ['zip of a SAFE folder: GeoTIFF measurements, XML annotation'],
  }),
  entryOf({
    name: 'sentinel-2',
    title: 'Sentinel-2 MSI (Level 1C and 2A)',
    what: 'Optical scenes in tiles of 110 km by UTM zone, up to 84° N in sunlight. Since processing baseline 04.00 (January 2022) the numbers carry an offset of −1000, which the reader applies.',
    variable:
      'reflectance, top of atmosphere (L1C) or surface (L2A), 0..1 and above over bright ice',
    units: '1',
    pixelSizeM: 10,
    kinds: ['scene'],
    grids: ['UTM tiles 10980×10980 at 10 m, 5490×5490 at 20 m, 1830×1830 at 60 m, EPSG:326NN'],
    products: [
      {
        name: 'l1c',
        title: 'Level 1C, top of atmosphere',
        years: [2015, null],
        citation:
          'European Space Agency (2021). Copernicus Sentinel-2 (processed by ESA), MSI Level-1C TOA Reflectance Product, Collection 1. https://doi.org/10.5270/S2_-742ikth',
        link: 'https://doi.org/10.5270/S2_-742ikth',
      },
      {
        name: 'l2a',
        title: 'Level 2A, surface reflectance and scene classification',
        years: [2015, null],
        citation:
          'European Space Agency (2021). Copernicus Sentinel-2 (processed by ESA), MSI Level-2A BOA Reflectance Product, Collection 1. https://doi.org/10.5270/S2_-znk9xsj',
        link: 'https://doi.org/10.5270/S2_-znk9xsj',
      },
    ],
    licence: COPERNICUS_LICENCE,
    access: COPERNICUS_ACCESS,
    login: 'copernicus',
    needsRegion: true,
    formats: [
      'zip of a SAFE folder: JPEG 2000 bands, XML; single bands as COG from other archives',
    ],
  }),
  entryOf({
    name: 'modis',
    title: 'MODIS on Terra and Aqua',
    what: 'Surface reflectance, sea-ice and snow products in HDF4-EOS, and the corrected-reflectance pictures of NASA Worldview as GeoTIFF. Optical: clouds hide the ice, and there is no picture in polar night.',
    variable: 'reflectance 0..1, ice surface temperature in K, snow index, or colours 0..255',
    units: '1',
    pixelSizeM: 250,
    kinds: ['daily', 'scene'],
    grids: [
      'sinusoidal tiles of 10°, 2400×2400 at 500 m and 1200×1200 at 1 km (MOD09GA, MOD10A1)',
      'swaths of 5 minutes with latitude and longitude (MOD29 1 km, MOD10_L2 500 m)',
      'pictures of 250 m in EPSG:3413 or EPSG:3031 (Worldview)',
    ],
    products: [
      {
        name: 'terra-truecolor',
        title: 'Worldview, true colour (bands 1-4-3), Terra',
        ...worldview(2000),
      },
      {
        name: 'terra-bands367',
        title: 'Worldview, false colour (bands 3-6-7), Terra',
        ...worldview(2000),
      },
      {
        name: 'terra-bands721',
        title: 'Worldview, false colour (bands 7-2-1), Terra',
        ...worldview(2000),
      },
      {
        name: 'aqua-truecolor',
        title: 'Worldview, true colour (bands 1-4-3), Aqua',
        ...worldview(2002),
      },
      {
        name: 'aqua-bands721',
        title: 'Worldview, false colour (bands 7-2-1), Aqua',
        ...worldview(2002),
      },
      {
        name: 'terra-cloud-fraction',
        title: 'Worldview, cloud fraction by day, Terra',
        ...worldview(2000),
      },
      {
        name: 'aqua-cloud-fraction',
        title: 'Worldview, cloud fraction by day, Aqua',
        ...worldview(2002),
      },
      { name: 'land-mask', title: 'Worldview, land mask of OpenStreetMap', ...worldview(2000) },
      {
        name: 'MOD09GA',
        title: 'Surface reflectance, daily tiles, Terra',
        ...vermote('Terra', 'MOD09GA'),
      },
      {
        name: 'MYD09GA',
        title: 'Surface reflectance, daily tiles, Aqua',
        ...vermote('Aqua', 'MYD09GA'),
      },
      {
        name: 'MOD29',
        title: 'Sea ice and ice surface temperature, swaths, Terra',
        ...hall('Terra', 'Sea Ice Extent 5-Min L2 Swath 1km', 'MOD29'),
      },
      {
        name: 'MYD29',
        title: 'Sea ice and ice surface temperature, swaths, Aqua',
        ...hall('Aqua', 'Sea Ice Extent 5-Min L2 Swath 1km', 'MYD29'),
      },
      {
        name: 'MOD10_L2',
        title: 'Snow index, swaths, Terra',
        ...hall('Terra', 'Snow Cover 5-Min L2 Swath 500m', 'MOD10_L2'),
      },
      {
        name: 'MOD10A1',
        title: 'Snow index, daily tiles, Terra',
        ...hall('Terra', 'Snow Cover Daily L3 Global 500m SIN Grid', 'MOD10A1'),
      },
    ],
    licence: NASA_LICENCE,
    access: 'Pictures of Worldview are open to all; the HDF products need a free Earthdata login.',
    login: 'earthdata',
    needsRegion: true,
    formats: ['GeoTIFF (Worldview)', 'HDF4-EOS, NAME.AYYYYDDD.[hHHvVV|HHMM].061.*.hdf'],
  }),
];
