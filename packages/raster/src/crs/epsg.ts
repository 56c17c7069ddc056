import { DATUMS, type Datum } from './datums.js';
import { normalise, type CrsParameters, type ParameterName } from './parameters.js';

type Row = readonly [
  code: number,
  name: string,
  datum: string,
  projection: string,
  values: Readonly<Partial<Record<ParameterName, number>>>,
];

const OFFSET = { x_0: 2e6, y_0: 2e6 } as const;
const laea = (code: number, place: string, lon_0: number): Row => [
  code,
  `WGS 84 / North Pole LAEA ${place}`,
  'WGS84',
  'laea',
  { lat_0: 90, lon_0 },
];
const arctic = (code: number, place: string, lon_0: number): Row => [
  code,
  `WGS 84 / EPSG ${place} Polar Stereographic`,
  'WGS84',
  'stere',
  { lat_0: 90, lon_0, k: 0.994, ...OFFSET },
];
const ups = (code: number, name: string, lat_0: number): Row => [
  code,
  `WGS 84 / UPS ${name}`,
  'WGS84',
  'stere',
  { lat_0, k: 0.994, ...OFFSET },
];

const ROWS: readonly Row[] = [
  [3857, 'WGS 84 / Pseudo-Mercator', 'WGS84', 'webmerc', {}],
  [3395, 'WGS 84 / World Mercator', 'WGS84', 'merc', { k: 1 }],
  [
    3411,
    'NSIDC Sea Ice Polar Stereographic North',
    'HUGHES',
    'stere',
    { lat_0: 90, lat_ts: 70, lon_0: -45 },
  ],
  [3412, 'NSIDC Sea Ice Polar Stereographic South', 'HUGHES', 'stere', { lat_0: -90, lat_ts: -70 }],
  [
    3413,
    'WGS 84 / NSIDC Sea Ice Polar Stereographic North',
    'WGS84',
    'stere',
    { lat_0: 90, lat_ts: 70, lon_0: -45 },
  ],
  [
    3976,
    'WGS 84 / NSIDC Sea Ice Polar Stereographic South',
    'WGS84',
    'stere',
    { lat_0: -90, lat_ts: -70 },
  ],
  [3408, 'NSIDC EASE-Grid North', 'AUTHALIC1924', 'laea', { lat_0: 90 }],
  [3409, 'NSIDC EASE-Grid South', 'AUTHALIC1924', 'laea', { lat_0: -90 }],
  [3410, 'NSIDC EASE-Grid Global', 'AUTHALIC1924', 'cea', { lat_ts: 30 }],
  [6931, 'WGS 84 / NSIDC EASE-Grid 2.0 North', 'WGS84', 'laea', { lat_0: 90 }],
  [6932, 'WGS 84 / NSIDC EASE-Grid 2.0 South', 'WGS84', 'laea', { lat_0: -90 }],
  [6933, 'WGS 84 / NSIDC EASE-Grid 2.0 Global', 'WGS84', 'cea', { lat_ts: 30 }],
  [3031, 'WGS 84 / Antarctic Polar Stereographic', 'WGS84', 'stere', { lat_0: -90, lat_ts: -71 }],
  [
    3032,
    'WGS 84 / Australian Antarctic Polar Stereographic',
    'WGS84',
    'stere',
    { lat_0: -90, lat_ts: -71, lon_0: 70, x_0: 6e6, y_0: 6e6 },
  ],
  [3995, 'WGS 84 / Arctic Polar Stereographic', 'WGS84', 'stere', { lat_0: 90, lat_ts: 71 }],
  [3996, 'WGS 84 / IBCAO Polar Stereographic', 'WGS84', 'stere', { lat_0: 90, lat_ts: 75 }],
  laea(3571, 'Bering Sea', 180),
  laea(3572, 'Alaska', -150),
  laea(3573, 'Canada', -100),
  laea(3574, 'Atlantic', -40),
  laea(3575, 'Europe', 10),
  laea(3576, 'Russia', 90),
  arctic(5936, 'Alaska', -150),
  arctic(5937, 'Canada', -100),
  arctic(5938, 'Greenland', -33),
  arctic(5939, 'Norway', 18),
  arctic(5940, 'Russia', 105),
  // Of two codes that differ in axis order alone, the first is found again where no name tells.
  ups(32661, 'North (N,E)', 90),
  ups(32761, 'South (N,E)', -90),
  ups(5041, 'North (E,N)', 90),
  ups(5042, 'South (E,N)', -90),
  [
    3034,
    'ETRS89-extended / LCC Europe',
    'ETRS89',
    'lcc',
    { lat_0: 52, lon_0: 10, lat_1: 35, lat_2: 65, x_0: 4e6, y_0: 2.8e6 },
  ],
  [
    3035,
    'ETRS89-extended / LAEA Europe',
    'ETRS89',
    'laea',
    { lat_0: 52, lon_0: 10, x_0: 4321000, y_0: 3210000 },
  ],
  [3338, 'NAD83 / Alaska Albers', 'NAD83', 'aea', { lat_0: 50, lon_0: -154, lat_1: 55, lat_2: 65 }],
  [
    3978,
    'NAD83 / Canada Atlas Lambert',
    'NAD83',
    'lcc',
    { lat_0: 49, lon_0: -95, lat_1: 49, lat_2: 77 },
  ],
  [
    3979,
    'NAD83(CSRS) / Canada Atlas Lambert',
    'NAD83CSRS',
    'lcc',
    { lat_0: 49, lon_0: -95, lat_1: 49, lat_2: 77 },
  ],
  [
    5070,
    'NAD83 / Conus Albers',
    'NAD83',
    'aea',
    { lat_0: 23, lon_0: -96, lat_1: 29.5, lat_2: 45.5 },
  ],
];

/** First code less one, datum, hemisphere, first and last zone of the families of UTM zones. */
const UTM: readonly (readonly [number, string, 'N' | 'S', number, number])[] = [
  [32600, 'WGS84', 'N', 1, 60],
  [32700, 'WGS84', 'S', 1, 60],
  [25800, 'ETRS89', 'N', 28, 38],
  [26900, 'NAD83', 'N', 1, 23],
  [31954, 'SIRGAS2000', 'N', 11, 22],
  [31960, 'SIRGAS2000', 'S', 17, 25],
  [3160, 'GR96', 'N', 18, 29],
];

/** Parameters of an EPSG code; undefined for one that the table lacks. */
export function crsOfCode(code: number): CrsParameters | undefined {
  const geographic = DATUMS.find(
    (datum) => datum.geographicCode === code || datum.aliasCodes.includes(code),
  );
  if (geographic && !NOT_LON_LAT.has(code)) return geographicCrs(geographic);
  const row = ROWS.find(([known]) => known === code);
  if (row) return projectedCrs(row);
  for (const [base, datum, hemisphere, first, last] of UTM) {
    const zone = code - base;
    if (zone >= first && zone <= last) return utmCrs(base, datum, hemisphere, zone);
  }
  return undefined;
}

/** Every CRS of the table. */
export function knownCrs(): readonly CrsParameters[] {
  return [
    ...DATUMS.map(geographicCrs),
    ...ROWS.map(projectedCrs),
    ...UTM.flatMap(([base, datum, hemisphere, first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) =>
        utmCrs(base, datum, hemisphere, first + i),
      ),
    ),
  ];
}

/** Datum and geocentric codes among the aliases of a datum, which are no CRS of longitudes. */
const NOT_LON_LAT: ReadonlySet<number> = new Set([4978, 4936, 6053, 6054, 1421]);

function geographicCrs(datum: Datum): CrsParameters {
  return frame(datum.geographicCode, datum.geographicName, datum, 'longlat', {});
}

function projectedCrs([code, name, datumId, projection, values]: Row): CrsParameters {
  return {
    ...frame(code, name, datumOf(datumId), projection, {
      ...(projection === 'webmerc' || projection === 'merc' || projection === 'cea'
        ? {}
        : { lat_0: 0 }),
      lon_0: 0,
      x_0: 0,
      y_0: 0,
      ...values,
    }),
  };
}

function utmCrs(base: number, datumId: string, hemisphere: 'N' | 'S', zone: number): CrsParameters {
  const datum = datumOf(datumId);
  const name = `${datum.geographicName} / UTM zone ${zone}${hemisphere}`;
  return frame(base + zone, name, datum, 'tmerc', {
    lat_0: 0,
    lon_0: zone * 6 - 183,
    k: 0.9996,
    x_0: 500_000,
    y_0: hemisphere === 'S' ? 1e7 : 0,
  });
}

function datumOf(id: string): Datum {
  const datum = DATUMS.find((candidate) => candidate.id === id);
  if (!datum) throw new Error(`Expected a datum of the table. Received: ${id}. Add it to DATUMS.`);
  return datum;
}

function frame(
  code: number,
  name: string,
  datum: Datum,
  projection: string,
  values: CrsParameters['values'],
): CrsParameters {
  return normalise({
    projection,
    name,
    code,
    datum: datum.id,
    a: datum.a,
    b: datum.b,
    toWgs84: null,
    primeMeridian: 0,
    metresPerUnit: 1,
    values,
  });
}
