import { damagedFile } from '../byte-file.js';
import { bytesPerElement } from '../make-variable.js';
import type { StoredArray } from '../raster-file.js';
import { ByteCursor, textOf } from './byte-cursor.js';
import type { DataPlace, DataSet, DataSets, Hdf4Attribute, Hdf4Dimension } from './data-set.js';
import { TAG } from './descriptors.js';
import { readObject } from './element.js';
import type { Hdf4File } from './hdf4-file.js';
import { numberTypeOfRecord, toNumbers, type NumberType } from './number-type.js';

const MOST_AXES = 32;
const LATIN1 = new TextDecoder('latin1');

/** Members of a data group, by tag. */
type Members = ReadonlyMap<number, number>;

/** Rank, lengths and number types of a data group. */
interface Extent {
  readonly lengths: readonly number[];
  readonly type: NumberType;
  /** Number types of the scales, one per axis. */
  readonly scaleTypes: readonly NumberType[];
}

/**
 * Data sets of files from before the SD interface: groups 720 and 700 of records. Named as the SD
 * interface names them: `Data-Set-<reference>` on `fakeDim0`, `fakeDim1`, …, with a data set for
 * each dimension that has a scale (filled where it has no texts either).
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export async function readPlainDataSets(hdf: Hdf4File): Promise<DataSets> {
  const dataSets: DataSet[] = [];
  // A new group repeats an old one, so that programs of its time find the data too.
  const repeated = new Set<number>();
  let dimensionCount = 0;
  for (const tag of [TAG.dataGroup, TAG.dataGroupOld]) {
    for (const { ref } of hdf.descriptors.all(tag)) {
      if (tag === TAG.dataGroupOld && repeated.has(ref)) continue;
      const members = await readMembers(hdf, tag, ref);
      const link = members.get(TAG.links);
      if (link !== undefined) repeated.add(await linkedGroup(hdf, link));
      const extent = await readExtent(hdf, members);
      if (!extent) continue;
      const dimensions = extent.lengths.map((length) => ({
        name: `fakeDim${dimensionCount++}`,
        length,
      }));
      const texts = await readTexts(hdf, members);
      dataSets.push(...(await scaleDataSets(hdf, members, extent, dimensions, texts)));
      dataSets.push({
        name: `Data-Set-${ref}`,
        dimensions,
        type: extent.type,
        attributes: [
          ...(await recordAttributes(hdf, members, extent.type)),
          ...textAttributes(texts, 0),
        ],
        data: placeOf(hdf, TAG.data, members.get(TAG.data)),
      });
    }
  }
  return { attributes: [], dataSets };
}

function placeOf(hdf: Hdf4File, tag: number, ref: number | undefined): DataPlace | null {
  if (ref === undefined || !hdf.descriptors.find(tag, ref)) return null;
  return { tag, ref, offset: 0 };
}

async function readMembers(hdf: Hdf4File, tag: number, ref: number): Promise<Members> {
  const bytes = await readObject(hdf, tag, ref);
  const cursor = new ByteCursor(hdf.path, `data group ${ref}`, bytes);
  const members = new Map<number, number>();
  while (cursor.left >= 4) {
    const tag = cursor.u16();
    members.set(tag, cursor.u16());
  }
  return members;
}

async function linkedGroup(hdf: Hdf4File, ref: number): Promise<number> {
  const cursor = new ByteCursor(hdf.path, 'a link', await readObject(hdf, TAG.links, ref));
  cursor.i32(); // the new group
  cursor.u16();
  return cursor.u16();
}

async function readExtent(hdf: Hdf4File, members: Members): Promise<Extent | null> {
  const ref = members.get(TAG.dimensions);
  if (ref === undefined) return null;
  const { path } = hdf;
  const cursor = new ByteCursor(path, 'a size', await readObject(hdf, TAG.dimensions, ref));
  const rank = cursor.u16();
  if (rank < 1 || rank > MOST_AXES) throw damagedFile(path, '1 to 32 axes', String(rank));
  const lengths = Array.from({ length: rank }, () => cursor.count());
  const types: NumberType[] = [];
  for (let i = 0; i <= rank; i++) {
    const tag = cursor.u16();
    types.push(numberTypeOfRecord(path, await readObject(hdf, tag, cursor.u16())));
  }
  const [type, ...scaleTypes] = types;
  return type ? { lengths, type, scaleTypes } : null;
}

/** Labels, units and formats: first of the data, then of each axis. */
type Texts = Readonly<Record<'long_name' | 'units' | 'format', readonly string[]>>;

async function readTexts(hdf: Hdf4File, members: Members): Promise<Texts> {
  const read = async (tag: number): Promise<readonly string[]> => {
    const ref = members.get(tag);
    if (ref === undefined) return [];
    return LATIN1.decode(await readObject(hdf, tag, ref)).split('\0');
  };
  return {
    long_name: await read(TAG.labels),
    units: await read(TAG.units),
    format: await read(TAG.formats),
  };
}

function textAttributes(texts: Texts, index: number): Hdf4Attribute[] {
  return Object.entries(texts).flatMap(([name, list]) => {
    const value = list[index];
    return value ? [{ name, value }] : [];
  });
}

async function scaleDataSets(
  hdf: Hdf4File,
  members: Members,
  { scaleTypes }: Extent,
  dimensions: readonly Hdf4Dimension[],
  texts: Texts,
): Promise<DataSet[]> {
  const place = placeOf(hdf, TAG.scales, members.get(TAG.scales));
  // A flag per axis says whether its scale follows.
  const flags = place ? await readObject(hdf, TAG.scales, place.ref) : new Uint8Array(0);
  let offset = dimensions.length;
  return dimensions.flatMap((dimension, axis) => {
    const type = scaleTypes[axis];
    const attributes = textAttributes(texts, axis + 1);
    const scaled = (flags[axis] ?? 0) !== 0;
    // As the SD interface has it: texts alone do not make a data set, their absence does.
    if (!type || (!scaled && attributes.length > 0)) return [];
    const data = place && scaled ? { ...place, offset } : null;
    if (scaled) offset += dimension.length * bytesPerElement(type.dtype);
    return [{ name: dimension.name, dimensions: [dimension], type, attributes, data }];
  });
}

/** Attributes from records of their own: coordinate system, range, calibration. */
async function recordAttributes(
  hdf: Hdf4File,
  members: Members,
  type: NumberType,
): Promise<Hdf4Attribute[]> {
  const attributes: Hdf4Attribute[] = [];
  for (const [tag, ref] of members) {
    if (tag === TAG.coordinateSystem) {
      attributes.push({ name: 'coordsys', value: textOf(await readObject(hdf, tag, ref)) });
    } else if (tag === TAG.range) {
      const record = await readObject(hdf, tag, ref);
      const bytes = bytesPerElement(type.dtype);
      if (record.length < 2 * bytes) continue;
      const stored = toNumbers(record.slice(0, 2 * bytes), type);
      attributes.push({ name: 'valid_max', value: stored.slice(0, 1) });
      attributes.push({ name: 'valid_min', value: stored.slice(1) });
    } else if (tag === TAG.calibration) {
      attributes.push(...calibrationAttributes(await readObject(hdf, tag, ref)));
    }
  }
  return attributes;
}

const CALIBRATION = ['scale_factor', 'scale_factor_err', 'add_offset', 'add_offset_err'];

/** Four floats and the number type of the calibrated values. */
function calibrationAttributes(record: Uint8Array<ArrayBuffer>): Hdf4Attribute[] {
  const wide = record.length >= 36;
  const type: NumberType = {
    dtype: wide ? 'float64' : 'float32',
    littleEndian: false,
    text: false,
  };
  const bytes = wide ? 8 : 4;
  if (record.length < (wide ? 36 : 18)) return [];
  const values: StoredArray = toNumbers(record.slice(0, 4 * bytes), type);
  const code = record.slice(4 * bytes, wide ? 36 : 18);
  return [
    ...CALIBRATION.map((name, i) => ({ name, value: values.slice(i, i + 1) })),
    {
      name: 'calibrated_nt',
      value: toNumbers(code, { ...type, dtype: wide ? 'int32' : 'int16' }),
    },
  ];
}
