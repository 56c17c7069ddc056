/** A regular axis in file order, in metres or degrees. */
export interface RegularAxis {
  /** Outer edge of the first cell. */
  readonly start: number;
  /** Outer edge of the last cell. */
  readonly end: number;
  /** Negative where coordinates fall. */
  readonly step: number;
}

/** Rounding of half a unit in the last place. */
const SINGLE = 2 ** -24;
const DOUBLE = 2 ** -53;

/** How far a coordinate may lie from its place, in cells. */
const TOLERANCE = 1e-3;

/**
 * The regular axis behind the coordinates of cell centres; null where they are not evenly spaced.
 * Coordinates are rounded to the digits of their type, so the round numbers are taken that would
 * have been rounded to these: float32 centres of 25 km cells give exactly 25000.
 *
 * @param values in file order, at least two.
 * @param unit metres or degrees in a unit of `values`.
 * @param circular whether 360 may be added, as to longitudes that cross the dateline.
 */
export function regularAxis(
  values: ArrayLike<number>,
  unit: number,
  circular: boolean,
): RegularAxis | null {
  const count = values.length;
  if (count < 2) return null;
  const at = unwound(values, circular);
  const first = at[0] ?? NaN;
  const last = at[count - 1] ?? NaN;
  const mean = (last - first) / (count - 1);
  if (!Number.isFinite(mean) || mean === 0) return null;
  const single = at.every((value, i) => Math.fround(values[i] ?? NaN) === values[i] || value === 0);
  const largest = at.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const rounding = largest * (single ? SINGLE : 4 * DOUBLE);
  const regular = (edge: number, step: number) =>
    at.every(
      (value, i) =>
        Math.abs(edge + (i + 0.5) * step - value) <= TOLERANCE * Math.abs(step) + 2 * rounding,
    );
  if (!regular(first - mean / 2, mean)) return null;
  const step = roundest(mean * unit, (2 * rounding * unit) / (count - 1));
  // The middle is where the error of the step counts least.
  const middle = ((first + last) / 2) * unit;
  const edge = (side: -1 | 1, length: number) =>
    roundest(middle + (side * length * count) / 2, 2 * rounding * unit);
  const start = edge(-1, step);
  return regular(start / unit, step / unit)
    ? { start, end: edge(1, step), step }
    : { start: edge(-1, mean * unit), end: edge(1, mean * unit), step: mean * unit };
}

/** Whether coordinates rise from the first to the last. */
export function rises(values: ArrayLike<number>, circular: boolean): boolean {
  const at = unwound(values, circular);
  return (at[at.length - 1] ?? 0) > (at[0] ?? 0);
}

/** Longitudes without their jumps of 360 degrees. */
function unwound(values: ArrayLike<number>, circular: boolean): Float64Array {
  const out = Float64Array.from(values);
  if (!circular) return out;
  for (let i = 1; i < out.length; i++) {
    const jump = (out[i] ?? 0) - (out[i - 1] ?? 0);
    if (Math.abs(jump) > 180) out[i] = (out[i] ?? 0) - 360 * Math.round(jump / 360);
  }
  return out;
}

/** The number with the fewest digits within `tolerance`, or one over a whole number; short ones stay. */
function roundest(value: number, tolerance: number): number {
  if (Number(value.toPrecision(6)) === value) return value;
  for (let digits = 1; digits <= 15; digits++) {
    const round = Number(value.toPrecision(digits));
    // What needs many digits is a third or a twelfth rather than a decimal.
    if (digits > 4) {
      const over = 1 / Math.round(1 / value);
      if (Math.abs(value) < 1 && Math.abs(over - value) <= tolerance) return over;
    }
    if (Math.abs(round - value) <= tolerance) return round;
  }
  return value;
}
