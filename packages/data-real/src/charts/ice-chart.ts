/** How the codes of a chart are written. */
export type CodeScheme =
  /** SIGRID-3: two digits, `92` is ten tenths (JCOMM Technical Report 23). */
  | 'sigrid-3'
  /** As in the egg on paper: `9+` and `10` tenths, stages `1` to `9.` (Canadian charts to 2020). */
  | 'egg';

/** The code columns of ice charts, under the names of SIGRID-3. */
export type CodeName =
  | 'CT'
  | 'CA'
  | 'CB'
  | 'CC'
  | 'CD'
  | 'SA'
  | 'SB'
  | 'SC'
  | 'SD'
  | 'FA'
  | 'FB'
  | 'FC'
  | 'FD'
  | 'CN'
  | 'CF'
  | 'FP'
  | 'FS'
  | 'AV'
  | 'AK'
  | 'AM'
  | 'AT'
  | 'POLY_TYPE'
  /** What the polygon is in words, such as `Fast ice` (older Canadian and Norwegian charts). */
  | 'LEGEND';

/** Codes of a polygon: the columns that the chart has, text as stored, trimmed, '' where blank. */
export type ChartCodes = Readonly<Partial<Record<CodeName, string>>>;

/** One value of a column; null where blank. */
export type ChartAttribute = string | number | null;

/** One area of a chart. */
export interface ChartPolygon {
  /**
   * Outer rings and holes in the order of the file, [x0, y0, x1, y1, …] each, exactly as stored:
   * degrees east and north, or metres of the chart's CRS. A point is inside where it lies in an
   * odd number of them.
   */
  readonly rings: readonly Float64Array[];
  /** Every column under its own name. */
  readonly attributes: Readonly<Record<string, ChartAttribute>>;
  readonly codes: ChartCodes;
}

/** An ice chart in memory. */
export interface IceChart {
  /** As it was opened. */
  readonly path: string;
  /** Shapefile or table inside it. */
  readonly layer: string;
  /** `EPSG:4326` or the projection of the file; a chart in degrees that names none is WGS84. */
  readonly crs: string | null;
  /** `2014-02-11` or `2013-04-10T09:20:00Z`, from the name or the attributes; null where neither says. */
  readonly date: string | null;
  readonly scheme: CodeScheme;
  /** Code columns that the chart has, in its own order. */
  readonly codeNames: readonly CodeName[];
  readonly polygons: readonly ChartPolygon[];
}

/** A layer of polygons with their attributes, before its codes are understood. */
export interface PolygonLayer {
  readonly name: string;
  readonly crs: string | null;
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  /** Records with a geometry that are not deleted. */
  readonly features: readonly {
    readonly rings: readonly Float64Array[];
    readonly attributes: Readonly<Record<string, ChartAttribute>>;
  }[];
}
