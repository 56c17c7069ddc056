import { cfDecoding, meantType } from './cf-decoding.js';
import { roleOf } from './cf-axes.js';
import { axesOf, placementOf, type CfAxis, type PlacementContext } from './cf-placement.js';
import { CfScope, isMapping } from './cf-scope.js';
import { isoTime, isTime, timeUnitsOf } from './cf-time.js';
import {
  pathOf,
  plainAttributes,
  textAttribute,
  type FileVariable,
  type TypedAttributes,
} from './file-variable.js';
import { decodeStored, elementCount, makeVariable, PLAIN } from '../make-variable.js';
import type {
  Placement,
  RasterFile,
  RasterFormat,
  RasterVariable,
  StoredArray,
  StoredType,
} from '../raster-file.js';

/** Longest coordinate variable that is read when a file is opened. */
const LONGEST_AXIS = 1 << 24;

/** What the readers of the two formats hand over. */
export interface CfSource {
  readonly path: string;
  readonly format: RasterFormat;
  /** In file order. */
  readonly variables: readonly FileVariable[];
  /** Global attributes. */
  readonly attributes: TypedAttributes;
  /** Placements that the format itself gives, by path; CF's own go first. @default none */
  readonly placements?: ReadonlyMap<string, Partial<Placement>>;
  readonly close: () => Promise<void>;
}

/**
 * A NetCDF file with its conventions applied: which numbers are values, what the axes are.
 * Coordinates along the axes are read, nothing else.
 *
 * @throws RasterError `DamagedFile`
 */
export async function cfFile(source: CfSource): Promise<RasterFile> {
  const { path, format, attributes } = source;
  const scope = new CfScope(source.variables);
  const numeric = source.variables.filter(({ type }) => type !== null);
  const axes = new Map(numeric.map((variable) => [variable, axesOf(scope, variable)]));
  const coordinates = await readCoordinates(source, axes);
  const context: PlacementContext = { scope, attributes, coordinates };
  const stampOf = fileTime(source.variables, coordinates);
  const variables = numeric.map((variable) =>
    rasterVariable(source, context, variable, axes.get(variable) ?? [], stampOf),
  );
  const placed = variables.map(({ placement }) => placement);
  return {
    path,
    format,
    crs: placed.find((placement) => placement?.crs)?.crs ?? null,
    transform: placed.find((placement) => placement?.transform)?.transform ?? null,
    times: variables.find(({ times }) => times.length > 0)?.times ?? [],
    variables,
    attributes: plainAttributes(attributes),
    close: source.close,
  };
}

/** Decoded numbers of every variable that others have as an axis, and of single times. */
async function readCoordinates(
  { variables }: CfSource,
  axes: ReadonlyMap<FileVariable, readonly CfAxis[]>,
): Promise<ReadonlyMap<FileVariable, StoredArray>> {
  const wanted = new Set(
    Array.from(axes.values()).flatMap((own) => own.map(({ coordinate }) => coordinate)),
  );
  for (const variable of variables) if (isSingleTime(variable)) wanted.add(variable);
  const found = new Map<FileVariable, StoredArray>();
  for (const variable of wanted) {
    const count = variable?.dims.map(({ length }) => length) ?? [];
    if (!variable?.type || elementCount(count) > LONGEST_AXIS) continue;
    const type = meantType(variable.type, variable.attributes);
    const stored = withSign(await variable.load({ start: count.map(() => 0), count }), type);
    // Coordinates have no gaps, and their valid ranges are often those of another grid.
    const { scale, offset } = cfDecoding(variable, type);
    found.set(variable, decodeStored(stored, type, { ...PLAIN, scale, offset }));
  }
  return found;
}

function isSingleTime({ type, dims, attributes }: FileVariable): boolean {
  return type !== null && isTime(attributes) && dims.every(({ length }) => length === 1);
}

/** The time of variables that have no such axis: the one that they list, else the file's only one. */
function fileTime(
  variables: readonly FileVariable[],
  coordinates: ReadonlyMap<FileVariable, StoredArray>,
): (listed: readonly FileVariable[]) => readonly string[] {
  const singles = variables.filter(isSingleTime);
  return (listed) => {
    const own = listed.find(isSingleTime);
    const named = singles.filter(
      ({ name, attributes }) =>
        name === 'time' || textAttribute(attributes, 'standard_name') === 'time',
    );
    const chosen = own ?? (named.length > 0 ? named : singles).at(0);
    return chosen ? timesOf(chosen, coordinates.get(chosen)) : [];
  };
}

/** ISO text of the numbers of a time variable; none where one of them is no time. */
function timesOf(variable: FileVariable, values: StoredArray | undefined): readonly string[] {
  const units = timeUnitsOf(variable.attributes);
  if (!units || !values) return [];
  const times: string[] = [];
  for (const value of values) {
    const time = isoTime(units, value);
    if (time === null) return [];
    times.push(time);
  }
  return times;
}

function rasterVariable(
  { path, placements }: CfSource,
  context: PlacementContext,
  variable: FileVariable,
  axes: readonly CfAxis[],
  timeWithoutAxis: (listed: readonly FileVariable[]) => readonly string[],
): RasterVariable {
  const { attributes, dims, chunkShape, load } = variable;
  const name = pathOf(variable);
  const type = meantType(variable.type ?? 'float64', attributes);
  const placement = placementOf(context, variable, axes);
  const timeAxis = axes.findIndex(({ role }) => role === 'time');
  const time = axes[timeAxis]?.coordinate;
  const isField = dims.length > 1 && roleOf(variable) !== 'time' && !isMapping(variable);
  return makeVariable({
    path,
    name,
    dims: dims.map((dimension) => dimension.name),
    shape: dims.map(({ length }) => length),
    dtype: type,
    units: textAttribute(attributes, 'units'),
    attributes: plainAttributes(attributes),
    decoding: cfDecoding(variable, type),
    placement: placement && withKnown(placement, placements?.get(name)),
    timeAxis: timeAxis < 0 ? null : timeAxis,
    times:
      timeAxis >= 0
        ? time
          ? timesOf(time, context.coordinates.get(time))
          : []
        : isField
          ? timeWithoutAxis(context.scope.coordinatesOf(variable))
          : [],
    chunkShape,
    load: async (region) => withSign(await load(region), type),
  });
}

/** A placement with what CF does not say filled in. */
function withKnown(placement: Placement, known: Partial<Placement> | undefined): Placement {
  if (!known || placement.transform) return placement;
  return { ...placement, ...known, crs: placement.crs ?? known.crs ?? null };
}

/** The same bytes, read with or without sign. */
function withSign(stored: StoredArray, type: StoredType): StoredArray {
  const { buffer, byteOffset: at, length } = stored;
  if (stored instanceof Int8Array && type === 'uint8') return new Uint8Array(buffer, at, length);
  if (stored instanceof Uint8Array && type === 'int8') return new Int8Array(buffer, at, length);
  if (stored instanceof Int16Array && type === 'uint16') return new Uint16Array(buffer, at, length);
  if (stored instanceof Uint16Array && type === 'int16') return new Int16Array(buffer, at, length);
  if (stored instanceof Int32Array && type === 'uint32') return new Uint32Array(buffer, at, length);
  if (stored instanceof Uint32Array && type === 'int32') return new Int32Array(buffer, at, length);
  return stored;
}
