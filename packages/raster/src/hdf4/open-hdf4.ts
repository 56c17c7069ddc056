import { makeVariable } from '../make-variable.js';
import { RasterError } from '../errors.js';
import type {
  AttributeValue,
  Attributes,
  Placement,
  RasterFile,
  RasterVariable,
} from '../raster-file.js';
import type { DataSet, DataSets, Hdf4Attribute } from './data-set.js';
import { decodingOf, type PackingRules } from './decoding.js';
import { readGroupedDataSets } from './grouped-data-sets.js';
import { parseStructMetadata, type EosGrid, type EosSwath } from './hdf-eos.js';
import { openHdf4File, type Hdf4File } from './hdf4-file.js';
import { beginningOf } from './metadata-time.js';
import { placementOf, structureOf } from './placement.js';
import { readPlainDataSets } from './plain-data-sets.js';
import { openValues, type Values } from './values.js';

/**
 * Opens an HDF4 file and lists its scientific data sets in the order of the SD interface, dimension
 * scales among them; values are read by region (only the chunks that share cells with it).
 *
 * Grids and swaths of HDF-EOS give CRS, transform and places, `CoreMetadata` the time; scale,
 * offset, fill, valid range and the `Key` of flags are decoded as `decodingOf` says. Raster images
 * and tables of the same file are not listed.
 *
 * @throws RasterError `MissingFile`, `UnsupportedFormat` (not HDF4), `DamagedFile`
 * @example
 * ```ts
 * const file = await openHdf4('MOD29P1D.A2022256.h09v09.061.2022258061234.hdf');
 * const ice = file.variables.find(({ name }) => name === 'Ice_Surface_Temperature');
 * const block = await ice?.read({ start: [0, 0], count: [10, 10] });
 * await file.close();
 * ```
 */
export async function openHdf4(path: string): Promise<RasterFile> {
  const hdf = await openHdf4File(path);
  try {
    return await describe(hdf);
  } catch (cause) {
    await hdf.file.close();
    throw cause;
  }
}

async function describe(hdf: Hdf4File): Promise<RasterFile> {
  const sets = (await readGroupedDataSets(hdf)) ?? (await readPlainDataSets(hdf));
  const attributes = attributesOf(sets.attributes);
  const structures = parseStructMetadata(joined(sets.attributes, 'StructMetadata'));
  const begins = beginningOf(joined(sets.attributes, 'CoreMetadata'));
  const context: Context = {
    sets,
    structures,
    names: namesOf(sets.dataSets, structures),
    times: begins === null ? [] : [begins],
    rules: {
      cf: /CF-|COARDS/i.test(String(attributes['Conventions'] ?? '')),
      eos: structures.length > 0,
    },
  };
  const variables: RasterVariable[] = [];
  for (const [index, dataSet] of sets.dataSets.entries()) {
    variables.push(await variableOf(hdf, context, dataSet, index));
  }
  const placed = variables.flatMap(({ placement }) => placement ?? []);
  return {
    path: hdf.path,
    format: 'hdf4',
    crs: placed.find(({ crs }) => crs !== null)?.crs ?? null,
    transform: placed.find(({ transform }) => transform !== null)?.transform ?? null,
    times: context.times,
    variables,
    attributes,
    close: () => hdf.file.close(),
  };
}

/** What is known of the file when its variables are made. */
interface Context {
  readonly sets: DataSets;
  readonly structures: readonly (EosGrid | EosSwath)[];
  readonly names: readonly string[];
  readonly times: readonly string[];
  readonly rules: PackingRules;
}

async function variableOf(
  hdf: Hdf4File,
  { sets, structures, names, times, rules }: Context,
  dataSet: DataSet,
  index: number,
): Promise<RasterVariable> {
  const attributes = attributesOf(dataSet.attributes);
  const units = attributes['units'];
  const values = await valuesOrError(hdf, dataSet);
  const placement: Placement | null = placementOf(
    dataSet,
    structureOf(dataSet, structures),
    sets.dataSets,
  );
  return makeVariable({
    path: hdf.path,
    name: names[index] ?? dataSet.name,
    dims: dataSet.dimensions.map(({ name }) => name),
    shape: values.shape,
    chunkShape: values.chunkShape,
    dtype: dataSet.type.dtype,
    units: typeof units === 'string' && units !== '' ? units : null,
    attributes,
    decoding: decodingOf(dataSet, rules),
    placement,
    times,
    load: values.read,
  });
}

/** Values that cannot be had (szip of a kind unknown, a damaged header) fail when they are read. */
async function valuesOrError(hdf: Hdf4File, dataSet: DataSet): Promise<Values> {
  try {
    return await openValues(hdf, dataSet);
  } catch (cause) {
    if (!(cause instanceof RasterError)) throw cause;
    const shape = dataSet.dimensions.map(({ length }) => length);
    return { shape, chunkShape: shape, read: () => Promise.reject(cause) };
  }
}

/** Names of the data sets; those that occur twice get their grid or swath before them. */
function namesOf(
  dataSets: readonly DataSet[],
  structures: readonly (EosGrid | EosSwath)[],
): string[] {
  const counts = new Map<string, number>();
  for (const { name } of dataSets) counts.set(name, (counts.get(name) ?? 0) + 1);
  return dataSets.map((dataSet) => {
    const structure = counts.get(dataSet.name) === 1 ? null : structureOf(dataSet, structures);
    return structure ? `${structure.name}/${dataSet.name}` : dataSet.name;
  });
}

/** Texts that may be cut into parts `name.0`, `name.1`, … for their length. */
function joined(attributes: readonly Hdf4Attribute[], name: string): string {
  const pattern = new RegExp(`^${name}(?:\\.(\\d+))?$`, 'i');
  return attributes
    .flatMap((attribute) => {
      const match = pattern.exec(attribute.name);
      return match ? [{ part: Number(match[1] ?? 0), value: attribute.value }] : [];
    })
    .sort((a, b) => a.part - b.part)
    .map(({ value }) => (typeof value === 'string' ? value : ''))
    .join('');
}

function attributesOf(attributes: readonly Hdf4Attribute[]): Attributes {
  return Object.fromEntries(
    attributes.map(({ name, value }): [string, AttributeValue] => {
      if (typeof value === 'string') return [name, value];
      return [name, value.length === 1 ? (value[0] ?? 0) : Array.from(value)];
    }),
  );
}
