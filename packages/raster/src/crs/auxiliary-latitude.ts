/**
 * Series between geodetic latitude φ, conformal latitude χ and authalic latitude ξ in powers of the
 * third flattening n, to the sixth order: exact to rounding for the earth (Karney 2023, "On
 * auxiliary latitudes", Survey Review 56).
 */
type Series = readonly (readonly number[])[];

/** χ to φ. Row k holds the factors of n^k … n^6 of sin 2kχ. */
const CONFORMAL_TO_GEODETIC: Series = [
  [2, -2 / 3, -2, 116 / 45, 26 / 45, -2854 / 675],
  [7 / 3, -8 / 5, -227 / 45, 2704 / 315, 2323 / 945],
  [56 / 15, -136 / 35, -1262 / 105, 73814 / 2835],
  [4279 / 630, -332 / 35, -399572 / 14175],
  [4174 / 315, -144838 / 6237],
  [601676 / 22275],
];

/** φ to ξ. */
const GEODETIC_TO_AUTHALIC: Series = [
  [-4 / 3, -4 / 45, 88 / 315, 538 / 4725, 20824 / 467775, -44732 / 2837835],
  [34 / 45, 8 / 105, -2482 / 14175, -37192 / 467775, -12467764 / 212837625],
  [-1532 / 2835, -898 / 14175, 54968 / 467775, 100320856 / 1915538625],
  [6007 / 14175, 24496 / 467775, -5884124 / 70945875],
  [-23356 / 66825, -839792 / 19348875],
  [570284222 / 1915538625],
];

/** ξ to φ. */
const AUTHALIC_TO_GEODETIC: Series = [
  [4 / 3, 4 / 45, -16 / 35, -2582 / 14175, 60136 / 467775, 28112932 / 212837625],
  [46 / 45, 152 / 945, -11966 / 14175, -21016 / 51975, 251310128 / 638512875],
  [3044 / 2835, 3802 / 14175, -94388 / 66825, -8797648 / 10945935],
  [6059 / 4725, 41072 / 93555, -1472637812 / 638512875],
  [768272 / 467775, 455935736 / 638512875],
  [4210684958 / 1915538625],
];

/** Adds to an angle the sine series of its double, from its sine and cosine. */
export type AngleSeries = (angle: number, sine: number, cosine: number) => number;

export function conformalToGeodetic(n: number): AngleSeries {
  return seriesOf(CONFORMAL_TO_GEODETIC, n);
}

export function geodeticToAuthalic(n: number): AngleSeries {
  return seriesOf(GEODETIC_TO_AUTHALIC, n);
}

export function authalicToGeodetic(n: number): AngleSeries {
  return seriesOf(AUTHALIC_TO_GEODETIC, n);
}

/** Third flattening (a - b) / (a + b). */
export function thirdFlattening({ a, b }: { readonly a: number; readonly b: number }): number {
  return (a - b) / (a + b);
}

/** Radius of the sphere with the ellipsoid's area, from the authalic function at the pole. */
export function authalicRadius({ a, b }: { readonly a: number; readonly b: number }): number {
  const e = Math.sqrt(Math.max(0, 1 - (b / a) ** 2));
  const pole = e === 0 ? 2 : 1 + ((1 - e * e) / (2 * e)) * Math.log((1 + e) / (1 - e));
  return a * Math.sqrt(pole / 2);
}

/** The sphere of the ellipsoid's area, which is no known datum: what `+R_A` stands for. */
export function authalicSphere(ellipsoid: { readonly a: number; readonly b: number }): {
  readonly a: number;
  readonly b: number;
  readonly datum: null;
} {
  const radius = authalicRadius(ellipsoid);
  return { a: radius, b: radius, datum: null };
}

function seriesOf(table: Series, n: number): AngleSeries {
  const [c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0] = table.map(
    (factors, k) => factors.reduceRight((sum, factor) => sum * n + factor, 0) * n ** (k + 1),
  );
  return (angle, sine, cosine) => {
    // Clenshaw's sum of c_k sin 2k·angle.
    const double = 2 * (cosine - sine) * (cosine + sine);
    const u5 = c5 + double * c6;
    const u4 = c4 + double * u5 - c6;
    const u3 = c3 + double * u4 - u5;
    const u2 = c2 + double * u3 - u4;
    const u1 = c1 + double * u2 - u3;
    return angle + 2 * sine * cosine * u1;
  };
}
