import type { RasterFile } from '@arctic/raster';
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
 */
export async function describeFile(
  file: RasterFile,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<FileReport> {
  const fields = file.variables.filter(({ shape }) => shape.length >= 2);
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
  const { path, crs, transform, times } = file;
  return { path, crs, transform, times, variables };
}
