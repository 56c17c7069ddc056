import { dayNumber } from '@arctic/raster';
import type { SourceName } from './catalogue.js';
import { DataRealError } from './errors.js';
import type { Hemisphere } from './polar-stereographic.js';

/** Whether a file holds one day or the mean of one month. */
export type NsidcKind = 'daily' | 'monthly';

/** What the name of an NSIDC binary file says. */
export interface NsidcName {
  readonly source: SourceName;
  readonly kind: NsidcKind;
  /** Days since 1970-01-01 UTC; of a month its first day. */
  readonly day: number;
  /** Satellite, lower case: n07, f08, f11, f13, f17, f18. */
  readonly sensor: string;
  /** `nrt`, `v01`, `v1.1`. */
  readonly version: string;
  readonly hemisphere: Hemisphere;
}

const NAME =
  /(?:^|[/\\:])nt_(\d{4})(\d{2})(\d{2})?_([a-z]\d{2})_(nrt|v\d+(?:\.\d+)?)_([ns])\.bin(?:\.gz)?$/i;

/**
 * The parts of a name such as `nt_20160101_f17_nrt_n.bin` (a path may stand before it), or
 * undefined where it is the name of something else.
 *
 * @throws DataRealError `DamagedFile` where the date in it is none.
 */
export function parseNsidcName(path: string): NsidcName | undefined {
  const match = NAME.exec(path);
  if (!match) return undefined;
  const [, year = '', month = '', date, sensor = '', version = '', letter = ''] = match;
  let day: number;
  try {
    day = dayNumber(`${year}-${month}-${date ?? '01'}`);
  } catch (cause) {
    throw new DataRealError(
      'DamagedFile',
      `${path}: expected a date in the file's name. Received: ${year}${month}${date ?? ''}. Give the file its original name.`,
      { cause },
    );
  }
  return {
    source: version.toLowerCase() === 'nrt' ? 'nsidc-0081' : 'nsidc-0051',
    kind: date === undefined ? 'monthly' : 'daily',
    day,
    sensor: sensor.toLowerCase(),
    version: version.toLowerCase(),
    hemisphere: letter.toLowerCase() === 'n' ? 'north' : 'south',
  };
}
