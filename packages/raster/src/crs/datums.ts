/** An ellipsoid by its two axes, metres. */
export interface Ellipsoid {
  readonly a: number;
  readonly b: number;
}

/** A datum that has a code, with the geographic CRS over it. */
export interface Datum extends Ellipsoid {
  /** Short name, as used in the table of codes. */
  readonly id: string;
  /** Name in WKT 1. */
  readonly wktName: string;
  readonly code: number;
  readonly ellipsoidName: string;
  readonly ellipsoidCode: number;
  /** 1/f, 0 for a sphere. */
  readonly rf: number;
  /** The geographic CRS. */
  readonly geographicName: string;
  readonly geographicCode: number;
  /** How PROJ strings say it. */
  readonly proj: string;
  /** Other names, squeezed as by `squeeze`, and codes under which it goes. */
  readonly aliases: readonly string[];
  readonly aliasCodes: readonly number[];
  /** Whether the ellipsoid alone, without a datum's name, means this datum. */
  readonly isMeantByEllipsoid: boolean;
}

const GRS80 = { a: 6378137, rf: 298.257222101, ellipsoidName: 'GRS 1980', ellipsoidCode: 7019 };

type Row = Omit<Datum, 'b'> & { readonly b?: number };

const ROWS: readonly Row[] = [
  {
    id: 'WGS84',
    wktName: 'WGS_1984',
    code: 6326,
    a: 6378137,
    rf: 298.257223563,
    ellipsoidName: 'WGS 84',
    ellipsoidCode: 7030,
    geographicName: 'WGS 84',
    geographicCode: 4326,
    proj: '+datum=WGS84',
    aliases: [
      'wgs84',
      'wgs1984',
      'worldgeodeticsystem1984',
      'worldgeodeticsystem1984ensemble',
      'worldgeodeticsystem84',
    ],
    aliasCodes: [4979, 4978],
    isMeantByEllipsoid: true,
  },
  {
    id: 'NAD83',
    wktName: 'North_American_Datum_1983',
    code: 6269,
    ...GRS80,
    geographicName: 'NAD83',
    geographicCode: 4269,
    proj: '+datum=NAD83',
    aliases: ['nad83', 'northamerican1983', 'northamericandatum1983'],
    aliasCodes: [],
    isMeantByEllipsoid: false,
  },
  {
    id: 'NAD83CSRS',
    wktName: 'NAD83_Canadian_Spatial_Reference_System',
    code: 6140,
    ...GRS80,
    geographicName: 'NAD83(CSRS)',
    geographicCode: 4617,
    proj: '+ellps=GRS80 +towgs84=0,0,0',
    aliases: ['nad83canadianspatialreferencesystem', 'nad83csrs', 'northamerican1983csrs'],
    aliasCodes: [],
    isMeantByEllipsoid: false,
  },
  {
    id: 'ETRS89',
    wktName: 'European_Terrestrial_Reference_System_1989',
    code: 6258,
    ...GRS80,
    geographicName: 'ETRS89',
    geographicCode: 4258,
    proj: '+ellps=GRS80 +towgs84=0,0,0',
    aliases: [
      'etrs89',
      'etrs1989',
      'europeanterrestrialreferencesystem1989',
      'europeanterrestrialreferencesystem1989ensemble',
    ],
    aliasCodes: [4937, 4936],
    isMeantByEllipsoid: false,
  },
  {
    id: 'SIRGAS2000',
    wktName: 'Sistema_de_Referencia_Geocentrico_para_las_AmericaS_2000',
    code: 6674,
    ...GRS80,
    geographicName: 'SIRGAS 2000',
    geographicCode: 4674,
    proj: '+ellps=GRS80 +towgs84=0,0,0',
    aliases: [
      'sirgas2000',
      'sistemadereferenciageocentricoparalasamericas2000',
      'sistemadereferenciageocentricoparaamericadelsur2000',
    ],
    aliasCodes: [4989],
    isMeantByEllipsoid: false,
  },
  {
    id: 'GR96',
    wktName: 'Greenland_1996',
    code: 6747,
    ...GRS80,
    geographicName: 'GR96',
    geographicCode: 4747,
    proj: '+ellps=GRS80 +towgs84=0,0,0',
    aliases: ['gr96', 'greenland1996', 'greenlandreference1996ensemble'],
    aliasCodes: [4909, 1421],
    isMeantByEllipsoid: false,
  },
  {
    id: 'NAD27',
    wktName: 'North_American_Datum_1927',
    code: 6267,
    a: 6378206.4,
    rf: 294.978698213898,
    ellipsoidName: 'Clarke 1866',
    ellipsoidCode: 7008,
    geographicName: 'NAD27',
    geographicCode: 4267,
    proj: '+datum=NAD27',
    aliases: ['nad27', 'northamerican1927', 'northamericandatum1927'],
    aliasCodes: [],
    isMeantByEllipsoid: false,
  },
  {
    id: 'HUGHES',
    wktName: 'Hughes_1980',
    code: 1359,
    a: 6378273,
    b: 6356889.449,
    rf: 298.279411123064,
    ellipsoidName: 'Hughes 1980',
    ellipsoidCode: 7058,
    geographicName: 'Hughes 1980',
    geographicCode: 10345,
    proj: '+a=6378273 +b=6356889.449',
    aliases: [
      'hughes1980',
      'notspecifiedbasedonhughes1980ellipsoid',
      'unspecifieddatumbasedonthehughes1980ellipsoid',
      'unspecifieddatumbaseduponthehughes1980ellipsoid',
    ],
    aliasCodes: [6054, 4054],
    isMeantByEllipsoid: true,
  },
  {
    id: 'AUTHALIC1924',
    wktName: 'NSIDC_International_1924_Authalic_Sphere',
    code: 1360,
    a: 6371228,
    b: 6371228,
    rf: 0,
    ellipsoidName: 'International 1924 Authalic Sphere',
    ellipsoidCode: 7057,
    geographicName: 'NSIDC Authalic Sphere',
    geographicCode: 10346,
    proj: '+R=6371228',
    aliases: [
      'nsidcinternational1924authalicsphere',
      'notspecifiedbasedoninternational1924authalicsphere',
      'unspecifieddatumbasedontheinternational1924authalicsphere',
      'unspecifieddatumbasedupontheinternational1924authalicsphere',
      'sphereinternational1924authalic',
    ],
    aliasCodes: [6053, 4053],
    isMeantByEllipsoid: true,
  },
];

/** Every datum that has a code here. */
export const DATUMS: readonly Datum[] = ROWS.map((row) => ({
  ...row,
  b: row.b ?? row.a * (1 - 1 / row.rf),
}));

/** A datum of the table by its short name. */
export function datumById(id: string | null): Datum | undefined {
  return DATUMS.find((datum) => datum.id === id);
}

/** A datum by the code of itself or of the geographic CRS over it. */
export function datumByCode(code: number): Datum | undefined {
  return DATUMS.find(
    (datum) =>
      datum.code === code || datum.geographicCode === code || datum.aliasCodes.includes(code),
  );
}

/** A datum by any of its names: case, spaces, underscores and ESRI's `D_` do not matter. */
export function datumByName(name: string): Datum | undefined {
  const squeezed = squeeze(name.replace(/^(D|GCS)_/i, ''));
  return DATUMS.find((datum) => datum.aliases.includes(squeezed));
}

/** Lower case letters and digits alone. */
export function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * The datum that an ellipsoid without a datum's name means: WGS 84, Hughes 1980 and NSIDC's sphere
 * are used so; GRS 80, over which many datums stand, is not.
 */
export function datumOfEllipsoid({ a, b }: Ellipsoid): Datum | undefined {
  // GRS 80 differs from WGS 84 by a tenth of a millimetre: only its exact axis is taken for it.
  const grs80 = 6356752.314140356;
  if (Math.abs(a - 6378137) < 1e-3 && Math.abs(b - grs80) < 4e-5) return undefined;
  return DATUMS.find(
    (datum) =>
      datum.isMeantByEllipsoid && Math.abs(datum.a - a) < 0.5 && Math.abs(datum.b - b) < 0.5,
  );
}

/** Ellipsoids that PROJ strings name with `+ellps`; [a, 1/f], 0 for a sphere. */
const ELLIPSOIDS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['wgs84', [6378137, 298.257223563]],
  ['grs80', [6378137, 298.257222101]],
  ['wgs72', [6378135, 298.26]],
  ['wgs66', [6378145, 298.25]],
  ['wgs60', [6378165, 298.3]],
  ['grs67', [6378160, 298.247167427]],
  ['iau76', [6378140, 298.257]],
  ['intl', [6378388, 297]],
  ['clrk66', [6378206.4, 294.978698213898]],
  ['clrk80', [6378249.145, 293.4663]],
  ['clrk80ign', [6378249.2, 293.4660212936269]],
  ['bessel', [6377397.155, 299.1528128]],
  ['krass', [6378245, 298.3]],
  ['airy', [6377563.396, 299.3249646]],
  ['mod_airy', [6377340.189, 299.3249646]],
  ['aust_sa', [6378160, 298.25]],
  ['helmert', [6378200, 298.3]],
  ['hough', [6378270, 297]],
  ['sphere', [6370997, 0]],
]);

/** Datums that PROJ strings name with `+datum` and that have no code here: ellipsoid and shift. */
const SHIFTED: ReadonlyMap<string, readonly [string, readonly number[]]> = new Map([
  ['ggrs87', ['grs80', [-199.87, 74.79, 246.62]]],
  ['potsdam', ['bessel', [598.1, 73.7, 418.2, 0.202, 0.045, -2.455, 6.7]]],
  ['carthage', ['clrk80ign', [-263, 6, 431]]],
  ['hermannskogel', ['bessel', [577.326, 90.129, 463.919, 5.137, 1.474, 5.297, 2.4232]]],
  ['ire65', ['mod_airy', [482.53, -130.596, 564.557, -1.042, -0.214, -0.631, 8.15]]],
  ['nzgd49', ['intl', [59.47, -5.04, 187.44, 0.47, -0.1, 1.024, -4.5993]]],
  ['osgb36', ['airy', [446.448, -125.157, 542.06, 0.1502, 0.247, 0.8421, -20.4894]]],
]);

/** An ellipsoid by PROJ's name for it. */
export function ellipsoidByName(name: string): Ellipsoid | undefined {
  const found = ELLIPSOIDS.get(name.toLowerCase());
  return found && { a: found[0], b: minorAxis(found[0], found[1]) };
}

/** A datum of PROJ's that has a shift to WGS 84. */
export function shiftedDatum(
  name: string,
): (Ellipsoid & { readonly toWgs84: readonly number[] }) | undefined {
  const [ellipsoid, toWgs84] = SHIFTED.get(name.toLowerCase()) ?? [];
  const size = ellipsoid === undefined ? undefined : ellipsoidByName(ellipsoid);
  return size && toWgs84 && { ...size, toWgs84 };
}

/** Semi-minor axis of a semi-major axis and 1/f; 0 (and infinity) mean a sphere. */
export function minorAxis(a: number, rf: number): number {
  return rf === 0 || !Number.isFinite(rf) ? a : a * (1 - 1 / rf);
}
