import { GEO_KEY as KEY } from './geo-keys.js';

/** A projection of GeoTIFF's coordinate transformation codes, in terms of PROJ. */
export interface Projection {
  /** Value of the method key. */
  readonly method: number;
  readonly proj: string;
  /** PROJ parameter and the keys that may hold it; the first is the one to write. */
  readonly parameters: readonly (readonly [name: string, ...keys: number[]])[];
  /** More words of the PROJ string. */
  readonly words?: string;
}

const longitude = ['lon_0', KEY.originLongitude, KEY.falseOriginLongitude, KEY.centreLongitude];
const latitude = ['lat_0', KEY.originLatitude, KEY.falseOriginLatitude, KEY.centreLatitude];
const centreLongitude = ['lon_0', KEY.centreLongitude, KEY.originLongitude, KEY.poleLongitude];
const centreLatitude = ['lat_0', KEY.centreLatitude, KEY.originLatitude];
const scale = ['k', KEY.originScale, KEY.centreScale];
const easting = ['x_0', KEY.falseEasting, KEY.falseOriginEasting, KEY.centreEasting];
const northing = ['y_0', KEY.falseNorthing, KEY.falseOriginNorthing, KEY.centreNorthing];
const offsets = [easting, northing];
const parallels = [
  ['lat_1', KEY.parallel1],
  ['lat_2', KEY.parallel2],
];

type Loose = readonly (readonly (string | number)[])[];

function row(method: number, proj: string, parameters: Loose, words?: string): Projection {
  const typed = parameters.map(([name, ...keys]) => [String(name), ...keys.map(Number)] as const);
  return { method, proj, parameters: typed, ...(words === undefined ? {} : { words }) };
}

/** Polar stereographic, whose one latitude key is the true-scale latitude or the pole. */
export const POLAR_STEREOGRAPHIC = 15;

/** Every method that has a counterpart in PROJ. */
export const PROJECTIONS: readonly Projection[] = [
  row(1, 'tmerc', [latitude, longitude, scale, ...offsets]),
  row(
    3,
    'omerc',
    [
      ['lat_0', KEY.centreLatitude, KEY.originLatitude],
      ['lonc', KEY.centreLongitude, KEY.originLongitude],
      ['alpha', KEY.azimuth],
      ['k', KEY.centreScale, KEY.originScale],
      ...offsets,
    ],
    '+no_uoff',
  ),
  row(7, 'merc', [longitude, ['lat_ts', KEY.parallel1], scale, ...offsets]),
  row(8, 'lcc', [
    ['lat_0', KEY.falseOriginLatitude, KEY.originLatitude],
    ['lon_0', KEY.falseOriginLongitude, KEY.originLongitude],
    ...parallels,
    ['x_0', KEY.falseOriginEasting, KEY.falseEasting],
    ['y_0', KEY.falseOriginNorthing, KEY.falseNorthing],
  ]),
  row(9, 'lcc', [latitude, ['lat_1', KEY.originLatitude], longitude, scale, ...offsets]),
  row(10, 'laea', [centreLatitude, centreLongitude, ...offsets]),
  row(11, 'aea', [latitude, longitude, ...parallels, ...offsets]),
  row(12, 'aeqd', [centreLatitude, centreLongitude, ...offsets]),
  row(13, 'eqdc', [latitude, longitude, ...parallels, ...offsets]),
  row(14, 'stere', [centreLatitude, centreLongitude, scale, ...offsets]),
  row(POLAR_STEREOGRAPHIC, 'stere', [
    ['lat_ts', KEY.originLatitude],
    ['lon_0', KEY.poleLongitude, KEY.originLongitude],
    scale,
    ...offsets,
  ]),
  row(16, 'sterea', [latitude, longitude, scale, ...offsets]),
  row(17, 'eqc', [['lat_ts', KEY.parallel1], centreLatitude, centreLongitude, ...offsets]),
  row(18, 'cass', [latitude, longitude, ...offsets]),
  row(19, 'gnom', [centreLatitude, centreLongitude, ...offsets]),
  row(20, 'mill', [centreLongitude, ...offsets], '+R_A'),
  row(21, 'ortho', [centreLatitude, centreLongitude, ...offsets]),
  row(22, 'poly', [latitude, longitude, ...offsets]),
  row(23, 'robin', [centreLongitude, ...offsets]),
  row(24, 'sinu', [centreLongitude, ...offsets]),
  row(25, 'vandg', [centreLongitude, ...offsets]),
  row(28, 'cea', [['lat_ts', KEY.parallel1], longitude, ...offsets]),
];
