import { cfOfCrs, isGeographic, wktOf } from '../crs/crs.js';
import type { GridDataset, GridVariable, WrittenType } from '../grid-dataset.js';
import type { Attributes, AttributeValue } from '../raster-file.js';
import type { Transform } from '../raster.js';
import { vector, type CfAttributes, type CfValue, type CfVariable } from './write-cf-variable.js';
import { assertDataset } from './write-check-dataset.js';
import { latLonVariables } from './write-lat-lon.js';
import { timeAxis } from './write-time-axis.js';

export interface CfDimension {
  readonly name: string;
  readonly length: number;
}

/** What a file of a dataset holds, whichever format: axes first, then the fields. */
export interface CfDataset {
  readonly dims: readonly CfDimension[];
  readonly variables: readonly CfVariable[];
  readonly attributes: CfAttributes;
}

export interface CfOptions {
  /**
   * Whether latitude and longitude of each cell are written beside projected axes.
   * @default true up to 4 million cells
   */
  readonly latLon?: boolean;
}

/** Signed types that hold the unsigned ones, which CF has not before version 1.9. */
const SIGNED: Partial<Record<WrittenType, WrittenType>> = {
  uint8: 'int16',
  uint16: 'int32',
  uint32: 'float64',
};

const MOST_CELLS_WITH_LAT_LON = 1 << 22;

/** Attributes whose numbers are compared with stored ones, so that they have their type. */
const OF_STORED_TYPE = [
  'valid_min',
  'valid_max',
  'valid_range',
  'flag_values',
  'flag_masks',
  'missing_value',
];

/** Attributes that the dataset itself, or the file format, decides: copied ones would contradict. */
const DECIDED = new Set([
  '_FillValue',
  'scale_factor',
  'add_offset',
  'units',
  'long_name',
  'standard_name',
  'coordinates',
  'grid_mapping',
  'Conventions',
  'CLASS',
  'NAME',
  'DIMENSION_LIST',
  'REFERENCE_LIST',
  '_Netcdf4Dimid',
  '_Netcdf4Coordinates',
  '_NCProperties',
]);

/**
 * Axes, grid mapping, auxiliary coordinates and attributes of a dataset by the CF conventions 1.8,
 * with GDAL's `spatial_ref` and `GeoTransform` beside.
 *
 * Without a transform the grid has dimensions but no coordinates; without a CRS these have neither
 * unit nor standard name.
 *
 * @param unsigned whether unsigned integers stay, or are kept in the next signed type.
 * @throws RasterError `WrongShape`, `InvalidValue`, `UnsupportedFormat` (a CRS that is not known)
 */
export function cfDataset(
  path: string,
  dataset: GridDataset,
  options: CfOptions,
  unsigned: 'kept' | 'signed',
): CfDataset {
  const { height, width, crs, transform, times, attributes } = dataset;
  const geographic = crs !== null && isGeographic(crs);
  const [yName, xName] = geographic ? ['lat', 'lon'] : ['y', 'x'];
  const axes: CfVariable[] = times === null ? [] : [timeAxis(path, times)];
  if (transform) axes.push(...gridAxes(dataset, transform, geographic));
  const latLon = options.latLon ?? height * width <= MOST_CELLS_WITH_LAT_LON;
  const located = latLon && transform && crs !== null && !geographic;
  const auxiliary = located ? latLonVariables(height, width, crs, transform) : [];
  const mapping = crs === null ? [] : [gridMapping(crs, transform)];
  const plane = [yName, xName];
  const fields = dataset.variables.map((variable): CfVariable => {
    const rowsAs = variable.dtype;
    const dtype = (unsigned === 'signed' && SIGNED[rowsAs]) || rowsAs;
    return {
      name: variable.name,
      dtype,
      dims: variable.overTime ? ['time', ...plane] : plane,
      shape: variable.overTime ? [times?.length ?? 0, height, width] : [height, width],
      fill: variable.fill,
      attributes: {
        ...fieldAttributes(variable, dtype),
        ...(auxiliary.length > 0 && { coordinates: 'lat lon' }),
        ...(crs !== null && { grid_mapping: 'crs' }),
      },
      rowsAs,
      rows: (...asked) => variable.rows(...asked),
    };
  });
  const dims = [
    ...(times === null ? [] : [{ name: 'time', length: times.length }]),
    { name: yName, length: height },
    { name: xName, length: width },
  ];
  const own = [...axes, ...auxiliary, ...mapping];
  assertDataset(
    path,
    dataset,
    [...dims, ...own].map(({ name }) => name),
  );
  return {
    dims,
    variables: [...own, ...fields],
    attributes: { ...typed(attributes), Conventions: 'CF-1.8' },
  };
}

function gridAxes(
  { height, width, crs }: GridDataset,
  [x0, dx, , y0, , dy]: Transform,
  geographic: boolean,
): readonly CfVariable[] {
  const centres = (count: number, from: number, step: number) =>
    Float64Array.from({ length: count }, (_, i) => from + (i + 0.5) * step);
  const axis = (letter: 'x' | 'y', standardName: string, units: string): CfAttributes => ({
    long_name: `${letter} coordinate of cell centre`,
    ...(crs !== null && { standard_name: standardName, units, axis: letter.toUpperCase() }),
  });
  const [y, x] = geographic
    ? [axis('y', 'latitude', 'degrees_north'), axis('x', 'longitude', 'degrees_east')]
    : [axis('y', 'projection_y_coordinate', 'm'), axis('x', 'projection_x_coordinate', 'm')];
  return [
    vector(geographic ? 'lat' : 'y', centres(height, y0, dy), y),
    vector(geographic ? 'lon' : 'x', centres(width, x0, dx), x),
  ];
}

function gridMapping(crs: string, transform: Transform | null): CfVariable {
  const numbers = Object.entries(cfOfCrs(crs)).map(([name, value]) => [
    name,
    typedValue(value, 'float64'),
  ]);
  return {
    name: 'crs',
    dtype: 'int32',
    dims: [],
    shape: [],
    fill: null,
    attributes: {
      ...Object.fromEntries(numbers),
      spatial_ref: wktOf(crs),
      ...(transform && { GeoTransform: transform.join(' ') }),
    },
    rows: () => new Int32Array(1),
  };
}

function fieldAttributes(variable: GridVariable, dtype: WrittenType): CfAttributes {
  const { units, longName, standardName, fill, scale = 1, offset = 0, flags } = variable;
  return {
    ...typed(variable.attributes ?? {}, dtype),
    long_name: longName,
    ...(standardName !== undefined && { standard_name: standardName }),
    ...(units !== null && { units }),
    ...(fill !== null && { _FillValue: { dtype, values: [fill] } }),
    ...((scale !== 1 || offset !== 0) && {
      scale_factor: { dtype: 'float64', values: [scale] },
      add_offset: { dtype: 'float64', values: [offset] },
    }),
    ...(flags && {
      flag_values: { dtype, values: flags.map(({ value }) => value) },
      flag_meanings: flags.map(({ meaning }) => meaning.trim().replaceAll(/\s+/g, '_')).join(' '),
    }),
  };
}

/** Attributes with types: those compared with stored numbers have `stored`. */
function typed(attributes: Attributes, stored?: WrittenType): CfAttributes {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => !DECIDED.has(name))
      .map(([name, value]) => [
        name,
        typedValue(value, OF_STORED_TYPE.includes(name) ? stored : undefined),
      ]),
  );
}

function typedValue(value: AttributeValue, dtype?: WrittenType): CfValue {
  if (typeof value === 'string') return value;
  const values = typeof value === 'number' ? [value] : value;
  if (values.every((item) => typeof item === 'string')) return values;
  const numbers = values.map(Number);
  const whole = numbers.every((item) => item === (item | 0));
  return { dtype: dtype ?? (whole ? 'int32' : 'float64'), values: numbers };
}
