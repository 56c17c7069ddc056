import type { Field } from './cells.js';
import { MetricsError } from './errors.js';

/** Slack for rounding in stored fractions. */
const SLACK = 1e-3;

/**
 * Throws unless every value is a concentration as a fraction: 0..1, or NaN for missing.
 *
 * Percent taken for fraction and flag codes (251 pole hole, 254 land, −999 fill) taken for
 * concentration are the two commonest ways to wrong scores; both leave the range 0..1.
 *
 * @param name - What the field is called in the message.
 * @param sic - [N], fraction 0..1, NaN missing.
 * @throws MetricsError naming the first offending cell.
 */
export function assertConcentration(name: string, sic: Field): void {
  for (let i = 0; i < sic.length; i++) {
    const value = sic[i] as number;
    if (value < -SLACK || value > 1 + SLACK) throw outOfRange(name, i, value);
  }
}

/** The error for a value that cannot be a concentration. */
export function outOfRange(name: string, cell: number, value: number): MetricsError {
  return new MetricsError(
    `Expected "${name}" to hold sea-ice concentration as a fraction 0..1, NaN where missing. ` +
      `Received: ${value} at cell ${cell}. Divide percent by 100 and decode flag values first.`,
  );
}

/** Whether a value (NaN allowed) cannot be a concentration. */
export function isOutOfRange(value: number): boolean {
  return value < -SLACK || value > 1 + SLACK;
}
