import { DataRealError } from '../errors.js';

/** The error of a chart file that contradicts itself. */
export function damagedChart(
  path: string,
  expected: string,
  received: string,
  cause?: unknown,
): DataRealError {
  return new DataRealError(
    'DamagedFile',
    `${path}: expected ${expected}. Received: ${received}. Copy or download the chart again.`,
    cause === undefined ? {} : { cause },
  );
}
