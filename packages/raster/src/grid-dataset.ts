import type { Attributes, StoredArray, StoredType } from './raster-file.js';
import type { Transform } from './raster.js';

/** Types that the writers of NetCDF and Zarr put into files. */
export type WrittenType = Exclude<StoredType, 'int64' | 'uint64'>;

/**
 * Fields on one grid, for the writers of NetCDF and Zarr: what they say about axes, CRS and time
 * comes from here, so that the two agree.
 */
export interface GridDataset {
  readonly height: number;
  readonly width: number;
  readonly crs: string | null;
  readonly transform: Transform | null;
  /** Steps of the time axis, ISO 8601 in UTC (a date alone means its midnight); null without that axis. */
  readonly times: readonly string[] | null;
  readonly variables: readonly GridVariable[];
  /** Global attributes: title, institution, source, history, references, comment … */
  readonly attributes: Attributes;
}

export interface GridVariable {
  readonly name: string;
  readonly dtype: WrittenType;
  /** Whether it has the time axis: [T,H,W], else [H,W]. */
  readonly overTime: boolean;
  /** UDUNITS text; null leaves it out. */
  readonly units: string | null;
  readonly longName: string;
  /** A name of the CF standard name table. @default none */
  readonly standardName?: string;
  /** Stored number that means missing; null where nothing can be missing. */
  readonly fill: number | null;
  /** `value = stored * scale + offset` @default 1 and 0 */
  readonly scale?: number;
  readonly offset?: number;
  /** Meaning of class numbers, for CF's flag_values and flag_meanings. @default none */
  readonly flags?: readonly { readonly value: number; readonly meaning: string }[];
  /** More attributes. @default none */
  readonly attributes?: Attributes;
  /**
   * Stored numbers of some rows of one step (0 without time axis), rows north first, already
   * scaled back and filled; asked for from the top to the bottom, step after step.
   */
  rows(step: number, firstRow: number, rowCount: number): Promise<StoredArray> | StoredArray;
}

/** How far a writer has come. */
export interface WriteProgress {
  readonly done: number;
  readonly total: number;
}
