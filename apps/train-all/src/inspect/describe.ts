import type { RasterFile, Transform } from '@arctic/raster';
import { statisticsOf, type Statistics } from './statistics.js';

/** One variable or band of a file, as `inspect --json` prints it. */
export interface VariableReport extends Statistics {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  /** As stored. */
  readonly dtype: string;
  /** Of the decoded values. */
  readonly units: string | null;
}

/** What a file holds, as `inspect --json` prints it. */
export interface FileReport {
  readonly path: string;
  readonly crs: string | null;
  /** GDAL order, to the upper-left corner, metres or degrees. */
  readonly transform: readonly number[] | null;
  readonly times: readonly string[];
  readonly variables: readonly VariableReport[];
}

/**
 * Every variable of two or more dimensions, or band, in file order, with statistics of its decoded
 * values.
 *
 * @param leastDims - 1 takes columns of a table too.
 */
export async function describeFile(
  file: RasterFile,
  onProgress: (done: number, total: number) => void = () => undefined,
  leastDims = 2,
): Promise<FileReport> {
  const fields = file.variables.filter(({ shape }) => shape.length >= leastDims);
  const total = fields.reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
  let done = 0;
  const variables: VariableReport[] = [];
  for (const variable of fields) {
    const { name, shape, dims, dtype, units } = variable;
    const statistics = await statisticsOf(variable, (count) => {
      done += count;
      onProgress(done, total);
    });
    variables.push({ name, shape, dims, dtype, units, ...statistics });
  }
  const { path, crs, times } = file;
  return { path, crs, transform: file.transform ?? askewTransform(file), times, variables };
}

/** The transform of a file that lies askew, which its four corners say; null of any other. */
function askewTransform({ variables }: RasterFile): Transform | null {
  const [field] = variables;
  const points = field?.placement?.controlPoints ?? [];
  const [height, width] = [field?.shape[0] ?? 0, field?.shape[1] ?? 0];
  const at = (row: number, column: number) =>
    points.find((point) => point.row === row && point.column === column);
  const [first, right, below, last] = [at(0, 0), at(0, width), at(height, 0), at(height, width)];
  if (points.length !== 4 || !first || !right || !below || !last) return null;
  const isAffine = (['x', 'y'] as const).every(
    (axis) =>
      Math.abs(right[axis] + below[axis] - first[axis] - last[axis]) <=
      1e-9 * Math.max(Math.abs(first[axis]), Math.abs(last[axis])),
  );
  const { x, y } = first;
  // Upright ones have a transform already, or control points that are no more than that.
  if (!isAffine || (right.y === y && below.x === x)) return null;
  return [
    x,
    (right.x - x) / width,
    (below.x - x) / height,
    y,
    (right.y - y) / width,
    (below.y - y) / height,
  ];
}
