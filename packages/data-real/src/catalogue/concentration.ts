import { entryOf, type SourceEntry } from './source-entry.js';

const EUMETSAT = 'EUMETSAT Ocean and Sea Ice Satellite Application Facility';
const CCI = 'ESA Sea Ice Climate Change Initiative (Sea_Ice_cci)';

/** European concentration records. */
export const CONCENTRATION: readonly SourceEntry[] = [
  entryOf({
    name: 'osi-saf',
    title: 'EUMETSAT OSI SAF global sea-ice concentration',
    what: 'The operational product of the day on a 10 km grid, and the reprocessed record (OSI-450-a until 2020, then its continuation OSI-430-a) on the 25 km EASE2 grid with uncertainties.',
    variable: 'sea-ice concentration, fraction 0..1',
    units: '1',
    pixelSizeM: 10_000,
    kinds: ['daily', 'monthly'],
    grids: [
      'north 1120×760, 10 km polar stereographic (Hughes 1980 ellipsoid, axes in km)',
      'south 830×790, 10 km polar stereographic',
      'north and south 432×432, 25 km EASE2, EPSG:6931 and EPSG:6932',
    ],
    products: [
      {
        name: 'osi-401',
        title: 'OSI-401 (now OSI-401-d), operational, SSMIS, 10 km polar stereographic',
        years: [2005, null],
        citation: `${EUMETSAT}. Global Sea Ice Concentration (SSMIS), OSI-401-d. Data extracted from the server of the Norwegian Meteorological Institute.`,
        link: 'https://osi-saf.eumetsat.int/products/osi-401-d',
      },
      {
        name: 'osi-408',
        title: 'OSI-408-a, operational, AMSR2, 10 km polar stereographic',
        years: [2016, null],
        citation: `${EUMETSAT}. Global Sea Ice Concentration (AMSR-2), OSI-408-a. Data extracted from the server of the Norwegian Meteorological Institute.`,
        link: 'https://osi-saf.eumetsat.int/products/osi-408-a',
      },
      {
        name: 'osi-450-a',
        title: 'OSI-450-a and OSI-430-a, climate record and its continuation, 25 km EASE2',
        years: [1978, null],
        citation: `${EUMETSAT}, Global Sea Ice Concentration Climate Data Record 1978–2020 (v3.0, 2023), OSI-450-a, https://doi.org/10.15770/EUM_SAF_OSI_0013; from 2021: Global Sea Ice Concentration Interim Climate Data Record (v3.0), OSI-430-a, https://doi.org/10.15770/EUM_SAF_OSI_0014`,
        link: 'https://doi.org/10.15770/EUM_SAF_OSI_0013',
      },
    ],
    licence: 'CC BY 4.0: attribute EUMETSAT OSI SAF with the product identifier.',
    access: 'Open to all, THREDDS server https://thredds.met.no (directory osisaf/met.no).',
    login: null,
    formats: [
      'NetCDF, ice_conc_{nh,sh}_polstere-100_{multi,amsr2}_YYYYMMDD1200.nc',
      'NetCDF, ice_conc_{nh,sh}_ease2-250_{cdr,icdr}-v3p0_YYYYMM[DD1200].nc',
    ],
  }),
  entryOf({
    name: 'esa-cci-sic',
    title: `${CCI}: sea-ice concentration`,
    what: 'Concentration records with uncertainties: the SSM/I and SSMIS record sharpened to 12.5 km, a finer sister of OSI-450-a, and the AMSR-E and AMSR2 records of 25 and 50 km.',
    variable: 'sea-ice concentration, fraction 0..1',
    units: '1',
    pixelSizeM: 12_500,
    kinds: ['daily'],
    grids: ['EASE2 of 12.5, 25 or 50 km, EPSG:6931 and EPSG:6932'],
    products: [
      {
        name: 'ssmi-12.5km',
        title: 'High(er) Resolution CDR, version 3.0, SSM/I and SSMIS, 12.5 km',
        years: [1991, 2020],
        citation: `Lavergne, T., A. Sørensen, R. T. Tonboe, M. Kreiner, R. Saldo, A. Birkedal, F. Baordo, T. Aspenes and S. Eastwood (2023). ${CCI}: High(er) Resolution Sea Ice Concentration Climate Data Record Version 3 (SSM/I and SSMIS). NERC EDS Centre for Environmental Data Analysis. https://doi.org/10.5285/eade27004395466aaa006135e1b2ad1a`,
        link: 'https://doi.org/10.5285/eade27004395466aaa006135e1b2ad1a',
      },
      {
        name: 'amsr-25km',
        title: 'AMSR-E and AMSR2, version 2.1, 25 km',
        years: [2002, 2017],
        citation: `Toudal Pedersen, L., G. Dybkjær, S. Eastwood, G. Heygster, N. Ivanova, S. Kern, T. Lavergne, R. Saldo, S. Sandven, A. Sørensen and R. T. Tonboe (2017). ${CCI}: Sea Ice Concentration Climate Data Record from the AMSR-E and AMSR-2 instruments at 25km grid spacing, version 2.1. Centre for Environmental Data Analysis. https://doi.org/10.5285/f17f146a31b14dfd960cde0874236ee5`,
        link: 'https://doi.org/10.5285/f17f146a31b14dfd960cde0874236ee5',
      },
      {
        name: 'amsr-50km',
        title: 'AMSR-E and AMSR2, version 2.1, 50 km',
        years: [2002, 2017],
        citation: `Toudal Pedersen, L., G. Dybkjær, S. Eastwood, G. Heygster, N. Ivanova, S. Kern, T. Lavergne, R. Saldo, S. Sandven, A. Sørensen and R. T. Tonboe (2017). ${CCI}: Sea Ice Concentration Climate Data Record from the AMSR-E and AMSR-2 instruments at 50km grid spacing, version 2.1. Centre for Environmental Data Analysis. https://doi.org/10.5285/5f75fcb0c58740d99b07953797bc041e`,
        link: 'https://doi.org/10.5285/5f75fcb0c58740d99b07953797bc041e',
      },
    ],
    licence:
      'Open under the terms of the ESA CCI sea-ice data (https://artefacts.ceda.ac.uk/licences/specific_licences/esacci_seaice_terms_and_conditions.pdf); cite the data set.',
    access:
      'Open to registered and other users, https://dap.ceda.ac.uk; CEDA_TOKEN is sent where it is set.',
    login: 'ceda',
    formats: ['NetCDF-4, ESACCI-SEAICE-L4-SICONC-*-{NH,SH}-YYYYMMDD-fv*.nc'],
  }),
];
