import { crsOfCf } from '../crs/crs.js';
import type { Transform } from '../raster.js';
import type { CfScope } from './cf-scope.js';
import {
  numberAttribute,
  plainAttributes,
  textAttribute,
  type FileVariable,
  type TypedAttributes,
} from './file-variable.js';

/** The map projection that belongs to a variable. */
export interface GridMapping {
  readonly crs: string | null;
  /** GDAL's transform, where it is written there. */
  readonly transform: Transform | null;
}

/**
 * The grid mapping of a variable: the one that it names (`crs`, or `crs: x y` where there are
 * several), else the only one of the file that suits its axes, else what the global attributes say.
 *
 * @param geographic whether the axes are latitude and longitude.
 */
export function gridMappingOf(
  scope: CfScope,
  global: TypedAttributes,
  variable: FileVariable,
  axes: readonly (FileVariable | null)[],
  geographic: boolean,
): GridMapping {
  const text = textAttribute(variable.attributes, 'grid_mapping');
  const named = text === null ? null : namedMapping(scope, variable, text, axes);
  if (named) return mapping(named.attributes);
  const known = axes.some((axis) => axis !== null);
  const [only, ...more] = scope.mappings.filter(
    (candidate) => !known || isOfDegrees(candidate) === geographic,
  );
  if (only && more.length === 0) return mapping(only.attributes);
  return known && !geographic ? mapping(global) : { crs: null, transform: null };
}

function isOfDegrees({ attributes }: FileVariable): boolean {
  return textAttribute(attributes, 'grid_mapping_name') === 'latitude_longitude';
}

function namedMapping(
  scope: CfScope,
  { group }: FileVariable,
  text: string,
  axes: readonly (FileVariable | null)[],
): FileVariable | null {
  if (!text.includes(':')) return scope.find(group, text);
  const parts = Array.from(text.matchAll(/([^\s:]+)\s*:((?:\s+[^\s:]+(?!\S*\s*:))*)/g));
  const own = parts.find(([, , names = '']) =>
    names.split(/\s+/).some((name) => name !== '' && axes.includes(scope.find(group, name))),
  );
  const name = (own ?? parts[0])?.[1];
  return name === undefined ? null : scope.find(group, name);
}

function mapping(attributes: TypedAttributes): GridMapping {
  const numbers = numberAttribute(attributes, 'GeoTransform');
  const [x0, dx, rx, y0, ry, dy] = numbers;
  const transform =
    numbers.length === 6 && numbers.every(Number.isFinite) && dx && dy
      ? ([x0, dx, rx, y0, ry, dy] as Transform) // six numbers, as counted
      : null;
  return { crs: crsOfCf(plainAttributes(attributes)), transform };
}
