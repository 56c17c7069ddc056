import type { SourceName } from '../catalogue.js';

/** How the concentration of a source lies in NetCDF or GeoTIFF files. */
export interface ConcentrationProduct {
  readonly source: SourceName;
  /** Names of its files, folders left out. */
  readonly file: RegExp;
  /** Name of the variable; of several that match, the newest satellite with a value is taken. */
  readonly variable: RegExp;
  /**
   * Meaning of stored codes where the file does not say (palette images): `flag_values` and
   * `flag_meanings` of the variable or of its `status` variable are used elsewhere.
   */
  readonly codes?: Readonly<Record<number, string>>;
  /** Name of the variable that says what cells without a value are. */
  readonly status?: string;
}

/** Where the climate data record says what cells are, from version 5 on; before, its codes do. */
const CDR_SURFACE = 'cdr_supplementary/surface_type_mask';

/** The sources whose files hold gridded concentration, beside NSIDC's binary format. */
export const CONCENTRATION_PRODUCTS: readonly ConcentrationProduct[] = [
  {
    source: 'nsidc-0081',
    file: /^NSIDC-?0081_.*\.nc$/i,
    variable: /^F\d\d_ICECON$/i,
  },
  {
    source: 'nsidc-0051',
    file: /^NSIDC-?0051_.*\.nc$/i,
    variable: /^[NF]\d\d_ICECON$/i,
  },
  {
    source: 'g10016',
    file: /^(seaice_conc_(daily|monthly)_icdr_|sic_ps[ns]25_.*_icdr_).*\.nc$/i,
    variable: /^cdr_seaice_conc(_monthly)?$/,
    status: CDR_SURFACE,
  },
  {
    source: 'g02202',
    file: /^(?!.*_icdr_)(seaice_conc_(daily|monthly)_|sic_ps[ns]25_).*\.nc$/i,
    variable: /^cdr_seaice_conc(_monthly)?$/,
    status: CDR_SURFACE,
  },
  {
    source: 'sea-ice-index',
    file: /^[NS]_(\d{6}|\d{8})_concentration_v\d.*\.tiff?$/i,
    variable: /^sea_ice_concentration$/,
    codes: { 2510: 'pole_hole', 2530: 'coast', 2540: 'land', 2550: 'missing' },
  },
  {
    source: 'osi-saf',
    file: /^(ice_conc_|cf_[ns]h).*\.nc$/i,
    variable: /^ice_conc$/,
    status: 'status_flag',
  },
  {
    source: 'esa-cci-sic',
    file: /^ESACCI-SEAICE-.*SICONC.*\.nc$/i,
    variable: /^ice_conc$/,
    status: 'status_flag',
  },
];
