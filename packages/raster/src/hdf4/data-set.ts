import type { StoredArray } from '../raster-file.js';
import type { NumberType } from './number-type.js';

/** An attribute with its number type; text has none. */
export interface Hdf4Attribute {
  readonly name: string;
  readonly value: string | StoredArray;
}

/** An axis of a data set. */
export interface Hdf4Dimension {
  readonly name: string;
  /** 0 where unlimited. */
  readonly length: number;
}

/** A scientific data set, as the SD interface lists it. */
export interface DataSet {
  readonly name: string;
  readonly dimensions: readonly Hdf4Dimension[];
  readonly type: NumberType;
  readonly attributes: readonly Hdf4Attribute[];
  /** Where the values are; null where none were written. */
  readonly data: DataPlace | null;
}

export interface DataPlace {
  readonly tag: number;
  readonly ref: number;
  /** Bytes before the values in the object. */
  readonly offset: number;
}

/** What the SD interface finds in a file. */
export interface DataSets {
  readonly attributes: readonly Hdf4Attribute[];
  readonly dataSets: readonly DataSet[];
}
