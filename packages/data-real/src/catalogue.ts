import { DataRealError } from './errors.js';

/** The names by which sources are asked for. */
export type SourceName = 'nsidc-0081' | 'nsidc-0051';

/** What there is to know about a source before getting it. */
export interface SourceEntry {
  readonly name: SourceName;
  readonly title: string;
  /** What the values are, with unit. */
  readonly variable: string;
  /** Side of a grid cell in metres. */
  readonly pixelSizeM: number;
  /** Steps of time that the source comes in. */
  readonly kinds: readonly ('daily' | 'monthly')[];
  /** First and last year of the record; null where it still grows. */
  readonly years: readonly [number, number | null];
  readonly grids: readonly string[];
  readonly licence: string;
  readonly citation: string;
  /** How one gets the files. */
  readonly access: string;
  readonly link: string;
  /** The file formats that are read here. */
  readonly format: string;
}

const NSIDC_LICENCE =
  'Open: free to use and share; cite the data set (NASA Earth science data policy).';
const NSIDC_ACCESS = 'Download from NSIDC with a free Earthdata login.';
const NSIDC_GRIDS = ['north 448×304, EPSG:3411', 'south 332×316, EPSG:3412'];

/** The sources that `openSource` reads. */
export const catalogue: readonly SourceEntry[] = [
  {
    name: 'nsidc-0081',
    title: 'Near-Real-Time DMSP SSMIS Daily Polar Gridded Sea Ice Concentrations (NSIDC-0081)',
    variable: 'sea-ice concentration, NASA Team algorithm, fraction 0..1',
    pixelSizeM: 25_000,
    kinds: ['daily'],
    years: [2015, null],
    grids: NSIDC_GRIDS,
    licence: NSIDC_LICENCE,
    citation:
      'Maslanik, J. and J. Stroeve (1999). Near-Real-Time DMSP SSMIS Daily Polar Gridded Sea Ice Concentrations, Version 1. NASA National Snow and Ice Data Center DAAC.',
    access: NSIDC_ACCESS,
    link: 'https://doi.org/10.5067/U8C09DWVX9LM',
    format:
      'Binary files of version 1, nt_YYYYMMDD_fNN_nrt_{n,s}.bin: loose, .bin.gz, in a folder, or in a .tar or .tar.gz. Version 2 is NetCDF, which is not read yet.',
  },
  {
    name: 'nsidc-0051',
    title:
      'Sea Ice Concentrations from Nimbus-7 SMMR and DMSP SSM/I-SSMIS Passive Microwave Data (NSIDC-0051)',
    variable: 'sea-ice concentration, NASA Team algorithm, fraction 0..1',
    pixelSizeM: 25_000,
    kinds: ['daily', 'monthly'],
    years: [1978, null],
    grids: NSIDC_GRIDS,
    licence: NSIDC_LICENCE,
    citation:
      'Cavalieri, D. J., C. L. Parkinson, P. Gloersen and H. J. Zwally (1996, updated yearly). Sea Ice Concentrations from Nimbus-7 SMMR and DMSP SSM/I-SSMIS Passive Microwave Data, Version 1. NASA National Snow and Ice Data Center DAAC.',
    access: NSIDC_ACCESS,
    link: 'https://doi.org/10.5067/8GQ8LZQVL0VL',
    format:
      'Binary files of version 1, nt_YYYYMMDD_SNN_vVV_{n,s}.bin (days) and nt_YYYYMM_SNN_vVV_{n,s}.bin (months): loose, .bin.gz, in a folder, or in a .tar or .tar.gz. Version 2 is NetCDF, which is not read yet.',
  },
];

/**
 * The catalogue entry of a source.
 *
 * @throws DataRealError `InvalidOption` where there is none of that name.
 */
export function sourceEntry(name: string): SourceEntry {
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const names = catalogue.map((candidate) => candidate.name).join(', ');
  throw new DataRealError(
    'InvalidOption',
    `Expected a source out of: ${names}. Received: ${JSON.stringify(name)}. Take one of these names.`,
  );
}
