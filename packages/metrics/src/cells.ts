import { MetricsError } from './errors.js';

/** Numbers by cell: any typed array or plain array. Missing is `NaN`. */
export type Field = ArrayLike<number>;

/** Which cells count, and how much. */
export interface CellOptions {
  /** [N], non-zero = the cell counts. @default every cell */
  readonly mask?: Field;
  /** [N], weight of each cell ≥ 0, for example its area in km². @default 1 */
  readonly weights?: Field;
}

/** Throws unless `field` has `cells` values. */
export function expectLength(name: string, field: Field, cells: number): void {
  if (field.length !== cells) {
    throw new MetricsError(
      `Expected "${name}" to have ${cells} values, one per cell. Received: ${field.length}. ` +
        'Pass fields of one grid and one date each.',
    );
  }
}

/** Throws unless `value` is an integer of at least `least`. */
export function expectCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new MetricsError(
      `Expected "${name}" to be an integer of at least ${least}. Received: ${value}.`,
    );
  }
}

/** Throws unless the options fit fields of `cells` values. */
export function expectCellOptions(options: CellOptions, cells: number): void {
  if (options.mask) expectLength('mask', options.mask, cells);
  if (options.weights) expectLength('weights', options.weights, cells);
}

/**
 * A threshold as the field itself would store it. 0.15 kept in a Float32Array reads back as
 * 0.1500000059…, which a strict `> 0.15` in double precision would take for ice.
 */
export function storedThreshold(field: Field, threshold: number): number {
  return field instanceof Float32Array ? Math.fround(threshold) : threshold;
}
