import { RasterError } from '../errors.js';
import type { GridDataset } from '../grid-dataset.js';

/** What CF allows as a name, which every reader takes too. */
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * @param taken names of the file's own axes and coordinates.
 * @throws RasterError `WrongShape`, `InvalidValue`
 */
export function assertDataset(path: string, dataset: GridDataset, taken: readonly string[]): void {
  const { height, width, transform, times, variables } = dataset;
  if (!(Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0)) {
    throw new RasterError(
      'WrongShape',
      `${path}: expected a grid of at least one row and column. Received: ${height} × ${width}. Give height and width as whole numbers.`,
    );
  }
  if (transform) {
    const [, dx, rx, , ry, dy] = transform;
    if (!(transform.every(Number.isFinite) && dx > 0 && dy < 0 && rx === 0 && ry === 0)) {
      throw new RasterError(
        'InvalidValue',
        `${path}: expected a north-up transform [x0, dx, 0, y0, 0, -dy]. Received: [${transform.join(', ')}]. Turn the rows, or warp the grid, before writing.`,
      );
    }
  }
  const names = new Set(taken);
  for (const { name, overTime } of variables) {
    if (!NAME.test(name) || names.has(name)) {
      throw new RasterError(
        'InvalidValue',
        `${path}: expected names of letters, digits and _, each once, beside the axes' own (${taken.join(', ')}). Received: ${JSON.stringify(name)}. Rename the variable.`,
      );
    }
    names.add(name);
    if (overTime && times === null) {
      throw new RasterError(
        'InvalidValue',
        `${path}: expected times for ${name}, which is over time. Received: null. Give the steps, or overTime: false.`,
      );
    }
  }
}
