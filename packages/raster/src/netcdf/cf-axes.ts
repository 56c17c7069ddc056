import { textAttribute, type FileVariable, type TypedAttributes } from './file-variable.js';
import { isTime } from './cf-time.js';

/** What a coordinate runs along. */
export type AxisRole = 'x' | 'y' | 'time';

const STANDARD_NAMES: ReadonlyMap<string, AxisRole> = new Map([
  ['projection_x_coordinate', 'x'],
  ['projection_x_angular_coordinate', 'x'],
  ['longitude', 'x'],
  ['grid_longitude', 'x'],
  ['projection_y_coordinate', 'y'],
  ['projection_y_angular_coordinate', 'y'],
  ['latitude', 'y'],
  ['grid_latitude', 'y'],
  ['time', 'time'],
]);
const AXIS: ReadonlyMap<string, AxisRole> = new Map([
  ['X', 'x'],
  ['Y', 'y'],
  ['T', 'time'],
  ['GEOX', 'x'],
  ['GEOY', 'y'],
  ['LON', 'x'],
  ['LAT', 'y'],
  ['TIME', 'time'],
]);
const NAMES: readonly (readonly [RegExp, AxisRole])[] = [
  [
    /^(x|xc|xgrid|x_?dim|x_?coord\w*|x_?axis|lon|long|longitude|rlon|nlon|nx|ni|i|cols?|ncols?|columns?|eastings?|width|pixels?|samples?)\d*$/i,
    'x',
  ],
  [
    /^(y|yc|ygrid|y_?dim|y_?coord\w*|y_?axis|lat|latitude|rlat|nlat|ny|nj|j|rows?|nrows?|northings?|height|lines?|nlines?)\d*$/i,
    'y',
  ],
  [/^(time|tdim|t|times|ntime|date|month|day|valid_time)\d*$/i, 'time'],
];
const DEGREES_EAST = /^degrees?_?(east|E)$/i;
const DEGREES_NORTH = /^degrees?_?(north|N)$/i;

/** What a coordinate variable runs along, by its attributes, else by its name; null for neither. */
export function roleOf({ attributes, name }: FileVariable): AxisRole | null {
  if (isTime(attributes)) return 'time';
  if (isVertical(attributes)) return null;
  const axis =
    textAttribute(attributes, 'axis') ?? textAttribute(attributes, '_CoordinateAxisType') ?? '';
  const units = textAttribute(attributes, 'units') ?? '';
  return (
    AXIS.get(axis.toUpperCase()) ??
    STANDARD_NAMES.get(textAttribute(attributes, 'standard_name') ?? '') ??
    (DEGREES_EAST.test(units) ? 'x' : null) ??
    (DEGREES_NORTH.test(units) ? 'y' : null) ??
    roleOfName(name)
  );
}

function isVertical(attributes: TypedAttributes): boolean {
  return attributes.has('positive') || textAttribute(attributes, 'axis')?.toUpperCase() === 'Z';
}

/** What a dimension without coordinates runs along, by its name. */
export function roleOfName(name: string): AxisRole | null {
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Whether a variable holds latitudes or longitudes of the earth (not of a turned grid). */
export function geographicKind({
  attributes,
  name,
}: FileVariable): 'latitude' | 'longitude' | null {
  const standard = textAttribute(attributes, 'standard_name') ?? '';
  if (standard === 'latitude' || standard === 'longitude') return standard;
  if (standard !== '') return null;
  const units = textAttribute(attributes, 'units') ?? '';
  if (DEGREES_NORTH.test(units)) return 'latitude';
  if (DEGREES_EAST.test(units)) return 'longitude';
  if (!/^(deg.*)?$/i.test(units)) return null;
  if (/^(lat|latitude)s?$/i.test(name)) return 'latitude';
  return /^(lon|long|longitude)s?$/i.test(name) ? 'longitude' : null;
}

/** Metres (or degrees) in a unit of length (or angle) of an axis. */
export function unitSize(attributes: TypedAttributes): number {
  const units = textAttribute(attributes, 'units') ?? '';
  const [, factor = '1', word = ''] = /^([\d.]*)\s*(.*)$/.exec(units) ?? [];
  const size = /^(km|kilomet(er|re)s?)$/i.test(word) ? 1000 : 1;
  const many = factor === '' ? 1 : Number(factor);
  return many > 0 && word !== '' ? many * size : size;
}
