/** Numbers by which HDF-EOS names projections, in the order of GCTP. */
export interface GctpProjection {
  /** Such as `GCTP_LAMAZ`. */
  readonly name: string;
  readonly parameters: readonly number[];
  readonly sphere: number;
  readonly zone: number;
}

/** Spheroids of GCTP, semi-major and semi-minor axis in metres. */
const SPHEROIDS: readonly (readonly [number, number])[] = [
  [6378206.4, 6356583.8], // Clarke 1866
  [6378249.145, 6356514.86955], // Clarke 1880
  [6377397.155, 6356078.96284], // Bessel
  [6378157.5, 6356772.2], // International 1967
  [6378388.0, 6356911.94613], // International 1909
  [6378135.0, 6356750.519915], // WGS 72
  [6377276.3452, 6356075.4133], // Everest
  [6378145.0, 6356759.769356], // WGS 66
  [6378137.0, 6356752.31414], // GRS 1980
  [6377563.396, 6356256.91], // Airy
  [6377304.063, 6356103.039], // modified Everest
  [6377340.189, 6356034.448], // modified Airy
  [6378137.0, 6356752.314245], // WGS 84
  [6378155.0, 6356773.3205], // south-east Asia
  [6378160.0, 6356774.719], // Australian National
  [6378245.0, 6356863.0188], // Krassovsky
  [6378270.0, 6356794.343479], // Hough
  [6378166.0, 6356784.283666], // Mercury 1960
  [6378150.0, 6356768.337303], // modified Mercury 1968
  [6370997.0, 6370997.0], // sphere of GCTP
  [6371228.0, 6371228.0], // sphere of EASE-Grid
  [6371007.181, 6371007.181], // sphere of equal area
];
const WGS84 = 12;

/**
 * The PROJ definition of a GCTP projection; null for those that HDF-EOS grids of the earth's
 * surface hardly use.
 */
export function projOfGctp({ name, parameters, sphere, zone }: GctpProjection): string | null {
  const at = (index: number) => parameters[index] ?? 0;
  const angle = (index: number) => degreesOfDms(at(index));
  const ellipsoid = ellipsoidOf(at(0), at(1), sphere);
  const ball = `+R=${at(0) > 0 ? at(0) : (SPHEROIDS[sphere]?.[0] ?? 6370997)}`;
  const shifted = `+x_0=${at(6)} +y_0=${at(7)}`;
  const end = '+units=m +no_defs';
  switch (name) {
    case 'GCTP_GEO':
      // Sphere 0 is what writers leave where they say none.
      return at(0) <= 0 && (sphere <= 0 || sphere === WGS84 || sphere >= SPHEROIDS.length)
        ? 'EPSG:4326'
        : `+proj=longlat ${ellipsoid} +no_defs`;
    case 'GCTP_UTM': {
      const south = zone < 0 ? ' +south' : '';
      return zone === 0 ? null : `+proj=utm +zone=${Math.abs(zone)}${south} ${ellipsoid} ${end}`;
    }
    case 'GCTP_ALBERS':
    case 'GCTP_LAMCC': {
      const kind = name === 'GCTP_ALBERS' ? 'aea' : 'lcc';
      return `+proj=${kind} +lat_1=${angle(2)} +lat_2=${angle(3)} +lat_0=${angle(5)} +lon_0=${angle(4)} ${shifted} ${ellipsoid} ${end}`;
    }
    case 'GCTP_MERCAT':
      return `+proj=merc +lat_ts=${angle(5)} +lon_0=${angle(4)} ${shifted} ${ellipsoid} ${end}`;
    case 'GCTP_PS': {
      const trueScale = angle(5);
      const pole = trueScale < 0 ? -90 : 90;
      return `+proj=stere +lat_0=${pole} +lat_ts=${trueScale} +lon_0=${angle(4)} ${shifted} ${ellipsoid} ${end}`;
    }
    case 'GCTP_TM':
      return `+proj=tmerc +lat_0=${angle(5)} +lon_0=${angle(4)} +k=${at(2)} ${shifted} ${ellipsoid} ${end}`;
    case 'GCTP_LAMAZ':
      return `+proj=laea +lat_0=${angle(5)} +lon_0=${angle(4)} ${shifted} ${ball} ${end}`;
    case 'GCTP_SNSOID':
      return `+proj=sinu +lon_0=${angle(4)} ${shifted} ${ball} ${end}`;
    case 'GCTP_EQRECT':
      return `+proj=eqc +lat_ts=${angle(5)} +lon_0=${angle(4)} ${shifted} ${ball} ${end}`;
    case 'GCTP_CEA':
    case 'GCTP_BCEA':
      return `+proj=cea +lat_ts=${angle(5)} +lon_0=${angle(4)} ${shifted} ${ellipsoid} ${end}`;
    default:
      return null;
  }
}

/** The ellipsoid of NSIDC's polar stereographic grids: axes in metres, squared eccentricity. */
const HUGHES = { a: 6_378_273, b: 6_356_889.449, e2: 0.006693883 } as const;

/** Axes from the parameters where these say them, else from the table. */
function ellipsoidOf(major: number, minor: number, sphere: number): string {
  if (major > 0) {
    const second = Math.abs(minor);
    if (second > 1) return `+a=${major} +b=${second}`;
    // Up to 1 it is the square of the eccentricity; some files give it a minus, and few digits.
    if (Math.abs(major - HUGHES.a) < 1 && Math.abs(second - HUGHES.e2) < 1e-6)
      return `+a=${HUGHES.a} +b=${HUGHES.b}`;
    return second > 0 ? `+a=${major} +b=${major * Math.sqrt(1 - second)}` : `+R=${major}`;
  }
  if (sphere < 0 || sphere === WGS84) return '+datum=WGS84';
  const [a, b] = SPHEROIDS[sphere] ?? SPHEROIDS[0] ?? [0, 0];
  return a === b ? `+R=${a}` : `+a=${a} +b=${b}`;
}

/** Degrees of an angle packed as DDDMMMSSS.SS. */
export function degreesOfDms(packed: number): number {
  const size = Math.abs(packed);
  const degrees = Math.floor(size / 1e6);
  const minutes = Math.floor((size - degrees * 1e6) / 1e3);
  const seconds = size - degrees * 1e6 - minutes * 1e3;
  const value = degrees + minutes / 60 + seconds / 3600;
  return packed < 0 ? -value : value;
}
