import type { WrittenType } from '../grid-dataset.js';
import type { StoredArray } from '../raster-file.js';

/** An attribute whose numbers have a type. */
export type CfValue =
  string | readonly string[] | { readonly dtype: WrittenType; readonly values: readonly number[] };

export type CfAttributes = Readonly<Record<string, CfValue>>;

/** A variable as NetCDF and Zarr write it: no axes (a scalar), one, [H,W] or [T,H,W]. */
export interface CfVariable {
  readonly name: string;
  readonly dtype: WrittenType;
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly fill: number | null;
  readonly attributes: CfAttributes;
  /** Type that `rows` come in. @default dtype */
  readonly rowsAs?: WrittenType;
  /** As of `GridVariable`; elements of a variable of one axis or none count as rows of one. */
  rows(step: number, firstRow: number, rowCount: number): Promise<StoredArray> | StoredArray;
}

/** A coordinate variable: of one axis, which has its name. */
export function vector(name: string, values: Float64Array, attributes: CfAttributes): CfVariable {
  return {
    name,
    dtype: 'float64',
    dims: [name],
    shape: [values.length],
    fill: null,
    attributes,
    rows: (_, first, count) => values.subarray(first, first + count),
  };
}
