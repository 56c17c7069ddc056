import { entryOf, type SourceEntry } from './source-entry.js';

const VARIABLE =
  'polygons with the egg code: total and partial concentration, stage of development, form of ice';
const LON_LAT = ['polygons, longitude and latitude'];

/** Ice charts drawn by analysts, in SIGRID-3. */
export const CHARTS: readonly SourceEntry[] = [
  entryOf({
    name: 'nic-charts',
    title:
      'U.S. National Ice Center Arctic and Antarctic Sea Ice Charts in SIGRID-3 Format (G10013)',
    what: 'Charts of a whole hemisphere every week or two. Antarctic charts ended in June 2023.',
    variable: VARIABLE,
    units: null,
    pixelSizeM: null,
    kinds: ['chart'],
    grids: ['polygons of a hemisphere, polar stereographic or longitude and latitude'],
    products: [
      {
        name: 'hemispheric',
        title: 'Hemispheric charts',
        years: [2003, null],
        citation:
          'U.S. National Ice Center. U.S. National Ice Center Arctic and Antarctic Sea Ice Charts in SIGRID-3 Format, Version 1. Boulder, Colorado USA. National Snow and Ice Data Center. https://nsidc.org/data/g10013/versions/1',
        link: 'https://nsidc.org/data/g10013/versions/1',
      },
    ],
    licence: 'Open: work of the U.S. Government; cite the data set.',
    access: 'Open to all, https://noaadata.apps.nsidc.org/NOAA/G10013/.',
    login: null,
    formats: ['zip of a SIGRID-3 shapefile'],
  }),
  entryOf({
    name: 'cis-charts',
    title: 'Canadian Ice Service Arctic Regional Sea Ice Charts in SIGRID-3 Format (G02171)',
    what: 'Weekly regional charts, valid on Mondays as a rule; monthly in the first winters.',
    variable: VARIABLE,
    units: null,
    pixelSizeM: null,
    kinds: ['chart'],
    grids: ['polygons, Lambert conformal conic'],
    products: [
      {
        name: 'regional',
        title: 'Regional charts',
        years: [2006, null],
        citation:
          'Canadian Ice Service (2009). Canadian Ice Service Arctic Regional Sea Ice Charts in SIGRID-3 Format, Version 1. Boulder, Colorado USA. National Snow and Ice Data Center. https://doi.org/10.7265/N51V5BW9',
        link: 'https://doi.org/10.7265/N51V5BW9',
      },
    ],
    areas: ['Eastern_Arctic', 'Western_Arctic', 'Hudson_Bay', 'East_Coast', 'Great_Lakes'],
    licence: 'Open; cite the data set and name the Canadian Ice Service as the author.',
    access: 'Open to all, https://noaadata.apps.nsidc.org/NOAA/G02171/.',
    login: null,
    formats: ['tar of a SIGRID-3 shapefile, cis_SGRDR*_YYYYMMDDTHHMMZ_pl_*.tar'],
  }),
  entryOf({
    name: 'dmi-charts',
    title: 'Danish Meteorological Institute ice charts of Greenland waters',
    what: 'Charts of the parts of the coast several times a week where ships sail, and a weekly overview; drawn from radar scenes of the day, so that they go with Sentinel-1.',
    variable: VARIABLE,
    units: null,
    pixelSizeM: null,
    kinds: ['chart'],
    grids: LON_LAT,
    products: [
      {
        name: 'sigrid3',
        title: 'SIGRID-3 archive',
        years: [2012, null],
        citation:
          'Danish Meteorological Institute, Greenland Ice Service. Ice charts in SIGRID-3 format. https://download.dmi.dk/public/ICESERVICE/SIGRID3/',
        link: 'https://download.dmi.dk/public/ICESERVICE/SIGRID3/',
      },
    ],
    areas: [
      'CapeFarewell',
      'SouthEast',
      'SouthWest',
      'CentralEast',
      'CentralWest',
      'NorthEast',
      'NorthWest',
      'NorthAndCentralEast',
      'North',
      'Qaanaaq',
      'Greenland',
    ],
    licence: 'Free to use with DMI named as the source (free data of DMI).',
    access: 'Open to all, https://download.dmi.dk/public/ICESERVICE/SIGRID3/.',
    login: null,
    formats: ['SIGRID-3 shapefile, YYYYMMDDhhmm_AREA_RIC.{shp,shx,dbf,prj}'],
  }),
  entryOf({
    name: 'aari-charts',
    title: 'Arctic and Antarctic Research Institute ice charts (World Data Center for Sea Ice)',
    what: 'Weekly charts of the Arctic, made from those of several services; many carry the total concentration alone.',
    variable: VARIABLE,
    units: null,
    pixelSizeM: null,
    kinds: ['chart'],
    grids: LON_LAT,
    products: [
      {
        name: 'arctic',
        title: 'The whole Arctic (d0015)',
        years: [2014, null],
        citation:
          'Arctic and Antarctic Research Institute, World Data Center for Sea Ice. Ice charts of the Arctic in SIGRID-3 format. http://wdc.aari.ru/datasets/d0015/',
        link: 'http://wdc.aari.ru/datasets/d0015/',
      },
      {
        name: 'seas',
        title: 'Single Russian seas (d0004)',
        years: [1997, null],
        citation:
          'Arctic and Antarctic Research Institute, World Data Center for Sea Ice. Ice charts of Eurasian seas in SIGRID-3 format. http://wdc.aari.ru/datasets/d0004/',
        link: 'http://wdc.aari.ru/datasets/d0004/',
      },
    ],
    areas: ['kar', 'bar', 'gre'],
    licence: 'Free for research with AARI named as the source; ask AARI before other uses.',
    access: 'Open to all, http://wdc.aari.ru/datasets/.',
    login: null,
    formats: ['zip or single files of a SIGRID-3 shapefile, aari_AREA_YYYYMMDD_pl_*.zip'],
  }),
];
