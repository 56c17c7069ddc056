import type { ControlPoint, Transform } from './raster.js';

/**
 * The kinds of file: all but `flat-binary` are told apart by `openRaster`; that one has no mark of
 * its own, and is opened by who knows the product.
 */
export type RasterFormat =
  | 'geotiff'
  | 'netcdf-3'
  | 'netcdf-4'
  | 'hdf4'
  | 'zarr'
  | 'jp2'
  | 'png'
  | 'jpeg'
  | 'npy'
  | 'npz'
  | 'flat-binary';

/** Element type as stored in a file, before decoding. */
export type StoredType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

/** Stored elements in memory; 64-bit integers come as float64 (exact up to 2^53). */
export type StoredArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export type AttributeValue = string | number | readonly number[] | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A box of elements, one entry per axis of the variable, in the file's order of axes. */
export interface Region {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** Decoded values of a region. */
export interface Block {
  /**
   * Row-major in the file's order of axes; scale and offset applied, NaN where missing. float32
   * where that holds every stored value (8- and 16-bit integers, float32), float64 elsewhere.
   */
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** How stored numbers become values: `value = stored * scale + offset`. */
export interface Decoding {
  readonly scale: number;
  readonly offset: number;
  /** Stored numbers that mean missing (fill, nodata, flags); NaN always does. */
  readonly missing: readonly number[];
  /** Smallest and largest stored number that is a value. */
  readonly validMin: number;
  readonly validMax: number;
}

/** How two axes of a variable lie on the map. */
export interface Placement {
  /** Which axes of `dims` run over rows and columns. */
  readonly rowAxis: number;
  readonly columnAxis: number;
  /** Whether the stored rows run from south to north, so that rasters need them turned. */
  readonly rowsFromSouth: boolean;
  /** Whether the stored columns run from east to west. */
  readonly columnsFromEast: boolean;
  /** As in `RasterFrame`. */
  readonly crs: string | null;
  /** North-up, of the turned rows; null without a regular grid. */
  readonly transform: Transform | null;
  /** Ground control points of a file that has these instead of a transform. */
  readonly controlPoints?: readonly ControlPoint[];
  /** Names of the variables that hold latitude and longitude per cell, where the file has such. */
  readonly curvilinear?: { readonly latitude: string; readonly longitude: string };
}

/** One variable, or one band of an image, of an open file; values are read when asked for. */
export interface RasterVariable {
  /** As in the file; `group/name` inside groups, `band1`… where the file names none. */
  readonly name: string;
  readonly dims: readonly string[];
  /** Lengths of `dims`, in the file's order. */
  readonly shape: readonly number[];
  readonly dtype: StoredType;
  /** UDUNITS text of the decoded values; null where the file says none. */
  readonly units: string | null;
  readonly attributes: Attributes;
  readonly decoding: Decoding;
  /** Null where no two axes are rows and columns. */
  readonly placement: Placement | null;
  /** Which axis of `dims` is time, and its steps; null where none is. */
  readonly timeAxis: number | null;
  /**
   * ISO 8601 in UTC, `2019-09-09T12:00:00Z`: one per step of the time axis, or one for the whole
   * variable; empty where unknown. Other calendars keep their own dates (`2001-02-30` of 360_day).
   */
  readonly times: readonly string[];
  /** Smaller copies of this band, largest first; empty where the file has none. */
  readonly overviews: readonly RasterVariable[];
  /**
   * Stored numbers of a region, all of it where absent.
   * @throws RasterError `WrongShape` outside the variable, `DamagedFile`, `UnsupportedFormat`
   */
  readStored(region?: Region): Promise<StoredArray>;
  /** Decoded values of a region, all of it where absent. @throws as `readStored` */
  read(region?: Region): Promise<Block>;
  /** Shape of the boxes that are cheap to read at once (chunks, tiles, strips). */
  readonly chunkShape: readonly number[];
}

/** A file opened for reading: what it holds is known, values are read by window. */
export interface RasterFile {
  readonly path: string;
  readonly format: RasterFormat;
  /** CRS, transform and times of the first variable that has them. */
  readonly crs: string | null;
  readonly transform: Transform | null;
  readonly times: readonly string[];
  /** Every variable, also those of one dimension or none, in file order. */
  readonly variables: readonly RasterVariable[];
  /** Global attributes. */
  readonly attributes: Attributes;
  close(): Promise<void>;
}
