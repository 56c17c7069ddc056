import { damagedFile } from '../byte-file.js';
import type { DataPlace, DataSet, DataSets, Hdf4Attribute, Hdf4Dimension } from './data-set.js';
import { TAG } from './descriptors.js';
import { readObject } from './element.js';
import type { Hdf4File } from './hdf4-file.js';
import { numberTypeOfRecord, toNumbers, type NumberType } from './number-type.js';
import { readColumn, readRecords, readVdata, readVgroup, type Vgroup } from './vset.js';

/** Classes that the SD interface gives to its groups and tables. */
const CLASS = {
  file: 'CDF0.0',
  variable: 'Var0.0',
  dimension: 'Dim0.0',
  unlimited: 'UDim0.0',
  attribute: 'Attr0.0',
  sizes: ['DimVal0.0', 'DimVal0.1'],
} as const;

const INT32: NumberType = { dtype: 'int32', littleEndian: false, text: false };

/**
 * Data sets as the SD interface writes them: a group for the file that lists groups for dimensions
 * and variables. Null where the file has no such group.
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export async function readGroupedDataSets(hdf: Hdf4File): Promise<DataSets | null> {
  const root = await findRoot(hdf);
  if (!root) return null;
  const groups: Vgroup[] = [];
  for (const { tag, ref } of root.members) {
    if (tag === TAG.vgroup && hdf.descriptors.find(tag, ref))
      groups.push(await readVgroup(hdf, ref));
  }
  const lengths = new Map<string, number>();
  for (const group of groups) {
    if (!isDimension(group) || lengths.has(group.name)) continue;
    const length = await dimensionLength(hdf, group);
    if (length !== null) lengths.set(group.name, length);
  }
  const dataSets: DataSet[] = [];
  for (const group of groups) {
    if (group.className !== CLASS.variable) continue;
    const dataSet = await readVariable(hdf, group, lengths);
    if (dataSet) dataSets.push(dataSet);
  }
  return { attributes: await readAttributes(hdf, root), dataSets };
}

async function findRoot(hdf: Hdf4File): Promise<Vgroup | null> {
  const refs = hdf.descriptors.all(TAG.vgroup).map(({ ref }) => ref);
  for (const ref of refs.sort((a, b) => a - b)) {
    const group = await readVgroup(hdf, ref);
    if (group.className === CLASS.file) return group;
  }
  return null;
}

function isDimension({ className }: Vgroup): boolean {
  return className === CLASS.dimension || className === CLASS.unlimited;
}

/** Length of a dimension, 0 where unlimited; null where its group says none. */
async function dimensionLength(hdf: Hdf4File, group: Vgroup): Promise<number | null> {
  if (group.className === CLASS.unlimited) return 0;
  for (const { tag, ref } of group.members) {
    if (tag !== TAG.vdataHeader) continue;
    const table = await readVdata(hdf, ref);
    // The older class has a record for each place along the dimension, the newer one the number.
    if (table.className === CLASS.sizes[0]) return table.records;
    if (table.className === CLASS.sizes[1]) {
      const records = await readRecords(hdf, table);
      const [length] = records.length >= 4 ? toNumbers(records.slice(0, 4), INT32) : [];
      if (length !== undefined && length >= 0) return length;
      throw damagedFile(hdf.path, `the length of dimension ${group.name}`, String(length));
    }
  }
  return null;
}

async function readVariable(
  hdf: Hdf4File,
  group: Vgroup,
  lengths: ReadonlyMap<string, number>,
): Promise<DataSet | null> {
  const dimensions: Hdf4Dimension[] = [];
  let type: NumberType | null = null;
  let data: DataPlace | null = null;
  for (const { tag, ref } of group.members) {
    if (tag === TAG.vgroup) {
      const dimension = await readVgroup(hdf, ref);
      if (!isDimension(dimension)) continue;
      const length = lengths.get(dimension.name);
      if (length === undefined) {
        throw damagedFile(hdf.path, `a length of dimension ${dimension.name}`, 'none');
      }
      dimensions.push({ name: dimension.name, length });
    } else if (tag === TAG.numberType) {
      type = numberTypeOfRecord(hdf.path, await readObject(hdf, tag, ref));
    } else if (tag === TAG.data && hdf.descriptors.find(tag, ref)) {
      data = { tag, ref, offset: 0 };
    }
  }
  if (!type) return null;
  return { name: group.name, dimensions, type, attributes: await readAttributes(hdf, group), data };
}

async function readAttributes(hdf: Hdf4File, group: Vgroup): Promise<Hdf4Attribute[]> {
  const attributes: Hdf4Attribute[] = [];
  for (const { tag, ref } of group.members) {
    if (tag !== TAG.vdataHeader) continue;
    const table = await readVdata(hdf, ref);
    if (table.className !== CLASS.attribute) continue;
    attributes.push({ name: table.name, value: await readColumn(hdf, table) });
  }
  return attributes;
}
