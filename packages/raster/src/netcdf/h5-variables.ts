import { damagedFile } from '../byte-file.js';
import {
  defaultFill,
  type Dimension,
  type FileVariable,
  type TypedAttribute,
} from './file-variable.js';
import { attributeValue, referenceLists, type H5Attribute } from './h5/attributes.js';
import { chunkCache, datasetLoader } from './h5/dataset.js';
import type { H5Type } from './h5/datatype.js';
import type { H5Dataset, H5File } from './h5/h5-file.js';
import { numbersOf } from './h5/numbers.js';
import { cheapBox } from './cheap-box.js';
import type { StoredType } from '../raster-file.js';

/** Attributes that libraries keep their own matters in. */
const HIDDEN = new Set([
  '_NCProperties',
  '_Netcdf4Coordinates',
  '_Netcdf4Dimid',
  '_nc3_strict',
  'CLASS',
  'NAME',
  'DIMENSION_LIST',
  'REFERENCE_LIST',
]);

/** What the name of a scale says that stands for a dimension without a variable. */
const NO_VARIABLE = 'This is a netCDF dimension but not a netCDF variable';

/** Before the names of variables that share theirs with a dimension they do not run along. */
const NOT_COORDINATE = '_nc4_non_coord_';

/** Visible attributes with their values. @throws RasterError `DamagedFile` */
export async function typedAttributes(
  { heap, blocks }: H5File,
  attributes: readonly H5Attribute[],
): Promise<ReadonlyMap<string, TypedAttribute>> {
  const found = new Map<string, TypedAttribute>();
  for (const attribute of attributes) {
    if (HIDDEN.has(attribute.name)) continue;
    const value = await attributeValue(heap, attribute, blocks);
    if (!value) continue;
    const list: readonly (string | number)[] = 'strings' in value ? value.strings : value.numbers;
    const typed = { type: typeOf(attribute.type) ?? ('text' as const) };
    const [only] = list;
    if (list.length === 1 && only !== undefined)
      found.set(attribute.name, { ...typed, value: only });
    else if ('strings' in value) {
      found.set(attribute.name, { ...typed, value: list.length > 0 ? value.strings : '' });
    } else found.set(attribute.name, { ...typed, value: value.numbers });
  }
  return found;
}

/** Type that numbers come as; null where they are none. */
function typeOf(type: H5Type): StoredType | null {
  if (type.kind !== 'number') return null;
  return type.dtype === 'float16' ? 'float32' : type.dtype;
}

/**
 * The variables of an HDF5 file as netCDF has them: dimensions from dimension scales, made up by
 * length where there are none.
 *
 * @throws RasterError `DamagedFile`
 */
export async function h5Variables(file: H5File): Promise<readonly FileVariable[]> {
  const { blocks, datasets } = file;
  const cache = chunkCache();
  const scales = await findScales(file);
  const dimensions = grown(await dimensionsOf(file, scales));
  const variables: FileVariable[] = [];
  for (const dataset of datasets) {
    const { header, group, address } = dataset;
    if (scales.get(address)?.isVariable === false || !header.space.shape) continue;
    const dims = dimensions.get(dataset) ?? [];
    const shape = dims.map(({ length }) => length);
    const type = header.type.kind === 'number' ? header.type : null;
    const dtype = typeOf(header.type);
    const whole = { ...header, space: { ...header.space, shape } };
    const load = datasetLoader(blocks, whole, cache, String(address));
    variables.push({
      group,
      name: dataset.name.replace(NOT_COORDINATE, ''),
      dims,
      type: dtype,
      attributes: await typedAttributes(file, dataset.attributes),
      fill: fillOf(dataset, dtype),
      chunkShape:
        header.layout.kind === 'chunked'
          ? header.layout.chunk.map((length, axis) =>
              Math.max(1, Math.min(length, shape[axis] ?? 1)),
            )
          : cheapBox(shape, header.type.size),
      async load(region) {
        if (!type) throw damagedFile(blocks.path, `numbers in ${dataset.name}`, 'others');
        return numbersOf(await load(region), type);
      },
    });
  }
  return variables;
}

/** The fill that the dataset was made with, where it was chosen and cannot be a value. */
function fillOf({ header: { type, fill } }: H5Dataset, dtype: StoredType | null): number | null {
  if (!dtype || type.kind !== 'number' || !fill.bytes || fill.bytes.length !== type.size)
    return null;
  if (defaultFill(dtype) === null) return null;
  const value = numbersOf(fill.bytes.slice(), type)[0];
  return value === undefined || value === 0 ? null : value;
}

/** A dataset that stands for a dimension. */
interface Scale {
  readonly name: string;
  readonly id: string;
  /** Number that netCDF gave the dimension. */
  readonly netcdfId: number | null;
  /** Whether it holds coordinates too. */
  readonly isVariable: boolean;
}

async function findScales(file: H5File): Promise<ReadonlyMap<number, Scale>> {
  const { heap, blocks, datasets } = file;
  const scales = new Map<number, Scale>();
  for (const { address, name, attributes } of datasets) {
    const value = async (wanted: string) => {
      const attribute = attributes.find((candidate) => candidate.name === wanted);
      const found = attribute && (await attributeValue(heap, attribute, blocks));
      return found ? ('strings' in found ? found.strings[0] : found.numbers[0]) : undefined;
    };
    if (String(await value('CLASS')).trim() !== 'DIMENSION_SCALE') continue;
    const id = await value('_Netcdf4Dimid');
    scales.set(address, {
      name: name.replace(NOT_COORDINATE, ''),
      id: String(address),
      netcdfId: typeof id === 'number' ? id : null,
      isVariable: !String(await value('NAME')).startsWith(NO_VARIABLE),
    });
  }
  return scales;
}

/** Dimensions of a coordinate variable with several, which has no list of scales. */
async function netcdfDimensionIds(
  { heap, blocks }: H5File,
  { attributes }: H5Dataset,
): Promise<readonly number[]> {
  const attribute = attributes.find(({ name }) => name === '_Netcdf4Coordinates');
  const found = attribute && (await attributeValue(heap, attribute, blocks));
  return found && 'numbers' in found ? found.numbers : [];
}

/** The dimensions of each dataset: its scales, else made up. */
async function dimensionsOf(
  file: H5File,
  scales: ReadonlyMap<number, Scale>,
): Promise<ReadonlyMap<H5Dataset, readonly Dimension[]>> {
  const { blocks, heap } = file;
  const madeUp = new MadeUpDimensions();
  const byNetcdfId = new Map(Array.from(scales.values(), (scale) => [scale.netcdfId, scale]));
  const found = new Map<H5Dataset, readonly Dimension[]>();
  for (const dataset of innerFirst(file)) {
    const { header, group, address, attributes } = dataset;
    const { shape, maxShape } = header.space;
    if (!shape || scales.get(address)?.isVariable === false) continue;
    const own = attributes.find(({ name }) => name === 'DIMENSION_LIST');
    const lists = own ? await referenceLists(heap, own, blocks) : [];
    const ids = await netcdfDimensionIds(file, dataset);
    const used = new Set<string>();
    const dims = shape.map((length, axis): Dimension => {
      const id = ids[axis];
      const scale =
        lists[axis]?.map((at) => scales.get(at)).find((candidate) => candidate !== undefined) ??
        (id === undefined ? undefined : byNetcdfId.get(id)) ??
        (shape.length === 1 ? scales.get(address) : undefined);
      if (scale) return { name: scale.name, id: scale.id, length };
      const grows = maxShape[axis] === Infinity;
      const dimension = madeUp.of(group, length, grows, used);
      used.add(dimension.id);
      return dimension;
    });
    found.set(dataset, dims);
  }
  return found;
}

/**
 * Dimensions without limit as netCDF has them: as long as the longest variable along them. What
 * others did not write of it is fill.
 */
function grown(
  found: ReadonlyMap<H5Dataset, readonly Dimension[]>,
): ReadonlyMap<H5Dataset, readonly Dimension[]> {
  const grows = ({ header }: H5Dataset, axis: number) => header.space.maxShape[axis] === Infinity;
  const longest = new Map<string, number>();
  for (const [dataset, dims] of found) {
    for (const [axis, { id, length }] of dims.entries()) {
      if (grows(dataset, axis)) longest.set(id, Math.max(length, longest.get(id) ?? 0));
    }
  }
  return new Map(
    Array.from(found, ([dataset, dims]) => [
      dataset,
      dims.map((dimension, axis) => ({
        ...dimension,
        length: (grows(dataset, axis) && longest.get(dimension.id)) || dimension.length,
      })),
    ]),
  );
}

/** Datasets in the order in which netCDF makes up dimensions: those of inner groups first. */
function innerFirst({ groups, datasets }: H5File): readonly H5Dataset[] {
  const key = (path: readonly string[]) => path.join('/');
  const byGroup = new Map<string, H5Dataset[]>();
  for (const dataset of datasets) {
    const members = byGroup.get(key(dataset.group));
    if (members) members.push(dataset);
    else byGroup.set(key(dataset.group), [dataset]);
  }
  const order: string[] = [];
  const open: (readonly string[])[] = [];
  const isIn = (path: readonly string[], outer: readonly string[]) =>
    outer.every((name, i) => name === path[i]);
  for (const { path } of groups) {
    for (let last = open.at(-1); last && !isIn(path, last); last = open.at(-1)) {
      order.push(key(last));
      open.pop();
    }
    open.push(path);
  }
  for (const path of open.toReversed()) order.push(key(path));
  return order.flatMap((group) => byGroup.get(group) ?? []);
}

/** Dimensions of datasets that name none: one per group and length, as netCDF makes them up. */
class MadeUpDimensions {
  readonly #known = new Map<string, Dimension[]>();
  #count = 0;

  /** @param used those that other axes of the same dataset have already. */
  of(
    group: readonly string[],
    length: number,
    grows: boolean,
    used: ReadonlySet<string>,
  ): Dimension {
    const key = JSON.stringify([group, length, grows]);
    const known = this.#known.get(key) ?? [];
    const found = known.find(({ id }) => !used.has(id));
    if (found) return found;
    const name = `phony_dim_${this.#count++}`;
    const dimension = { name, id: name, length };
    this.#known.set(key, [...known, dimension]);
    return dimension;
  }
}
