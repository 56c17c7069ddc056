import { RasterError } from '../errors.js';
import type { WriteProgress } from '../grid-dataset.js';
import type { CfDataset } from './write-cf-dataset.js';
import type { CfVariable } from './write-cf-variable.js';

/** @throws RasterError `InvalidValue` */
export function assertLevel(path: string, level: number): void {
  if (Number.isInteger(level) && level >= 0 && level <= 9) return;
  throw new RasterError(
    'InvalidValue',
    `${path}: expected level as a whole number from 0 to 9. Received: ${level}. Leave it out for 4.`,
  );
}

/** Counts rows of chunks; gives what is to be called with more of them. */
export function progressOf(
  { variables }: CfDataset,
  onProgress: ((progress: WriteProgress) => void) | undefined,
): (rows: number) => void {
  const rowsOf = ({ shape }: CfVariable) => (shape.at(-2) ?? 0) * (shape.at(-3) ?? 1);
  const total = variables.reduce((sum, variable) => sum + rowsOf(variable), 0);
  let done = 0;
  return (rows) => {
    if (rows > 0) onProgress?.({ done: (done += rows), total });
  };
}

/** Rows of a band of chunks, of which one has the place `index`; none in variables of one axis. */
export function bandRows(
  { shape }: CfVariable,
  chunk: readonly number[],
  index: readonly number[],
): number {
  const rows = chunk.at(-2) ?? 1;
  return Math.max(0, Math.min(rows, (shape.at(-2) ?? 0) - (index.at(-2) ?? 0) * rows));
}
