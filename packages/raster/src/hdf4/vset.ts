import { damagedFile } from '../byte-file.js';
import { bytesPerElement } from '../make-variable.js';
import type { StoredArray } from '../raster-file.js';
import { ByteCursor, textOf } from './byte-cursor.js';
import { TAG } from './descriptors.js';
import { openElement, readObject } from './element.js';
import type { Hdf4File } from './hdf4-file.js';
import { numberType, toNumbers, type NumberType } from './number-type.js';

/** A named list of objects. */
export interface Vgroup {
  readonly ref: number;
  readonly name: string;
  readonly className: string;
  readonly members: readonly { readonly tag: number; readonly ref: number }[];
}

/** A table of records; what is known before its values are read. */
export interface Vdata {
  readonly ref: number;
  readonly name: string;
  readonly className: string;
  readonly records: number;
  readonly recordBytes: number;
  readonly fields: readonly VdataField[];
}

export interface VdataField {
  readonly name: string;
  readonly type: NumberType;
  /** Values per record. */
  readonly order: number;
}

/** Version from which a header may end in attributes, which are not needed here. */
const KNOWN_VERSION = 4;

/** @throws RasterError `DamagedFile` */
export async function readVgroup(hdf: Hdf4File, ref: number): Promise<Vgroup> {
  const group = hdf.groups.get(ref) ?? (await loadVgroup(hdf, ref));
  hdf.groups.set(ref, group);
  return group;
}

async function loadVgroup(hdf: Hdf4File, ref: number): Promise<Vgroup> {
  const bytes = await readObject(hdf, TAG.vgroup, ref);
  const cursor = new ByteCursor(hdf.path, `group ${ref}`, bytes);
  const count = cursor.u16();
  const tags = new ByteCursor(hdf.path, `group ${ref}`, cursor.bytes(2 * count));
  const refs = new ByteCursor(hdf.path, `group ${ref}`, cursor.bytes(2 * count));
  const members = Array.from({ length: count }, () => ({ tag: tags.u16(), ref: refs.u16() }));
  const name = cursor.text(cursor.u16());
  return { ref, name, className: cursor.text(cursor.u16()), members };
}

/** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
export async function readVdata(hdf: Hdf4File, ref: number): Promise<Vdata> {
  const table = hdf.tables.get(ref) ?? (await loadVdata(hdf, ref));
  hdf.tables.set(ref, table);
  return table;
}

async function loadVdata(hdf: Hdf4File, ref: number): Promise<Vdata> {
  const bytes = await readObject(hdf, TAG.vdataHeader, ref);
  const { path } = hdf;
  const cursor = new ByteCursor(path, `table ${ref}`, bytes);
  cursor.u16(); // interlace: of interest only for tables of several fields
  const records = cursor.count();
  const recordBytes = cursor.u16();
  const count = cursor.u16();
  const columns = [0, 1, 2, 3].map(
    () => new ByteCursor(path, `table ${ref}`, cursor.bytes(2 * count)),
  );
  const [types, , , orders] = columns;
  const fields = Array.from({ length: count }, () => ({
    type: types?.u16() ?? 0,
    order: orders?.u16() ?? 0,
    name: cursor.text(cursor.u16()),
  }));
  const name = cursor.text(cursor.u16());
  const className = cursor.text(cursor.u16());
  cursor.i32(); // expansion
  const version = cursor.u16();
  if (version > KNOWN_VERSION) {
    throw damagedFile(path, `a table of version ${KNOWN_VERSION} or before`, `version ${version}`);
  }
  return {
    ref,
    name,
    className,
    records,
    recordBytes,
    fields: fields.map((field) => ({ ...field, type: numberType(path, field.type) })),
  };
}

/** The records of a table, as they lie in the file. @throws RasterError `DamagedFile` */
export async function readRecords(
  hdf: Hdf4File,
  { ref, records, recordBytes }: Vdata,
): Promise<Uint8Array<ArrayBuffer>> {
  if (records === 0) return new Uint8Array(0);
  const descriptor = hdf.descriptors.find(TAG.vdataValues, ref);
  if (!descriptor) throw damagedFile(hdf.path, `records of table ${ref}`, 'none');
  return (await openElement(hdf, descriptor)).read(0, records * recordBytes);
}

/** The values of a table of one field: text, or all numbers of all records. */
export async function readColumn(hdf: Hdf4File, vdata: Vdata): Promise<string | StoredArray> {
  const [field] = vdata.fields;
  if (!field || vdata.fields.length > 1) {
    throw damagedFile(hdf.path, `one field in ${vdata.name}`, String(vdata.fields.length));
  }
  const width = bytesPerElement(field.type.dtype) * field.order;
  if (width !== vdata.recordBytes) {
    throw damagedFile(hdf.path, `records of ${width} bytes`, String(vdata.recordBytes));
  }
  const bytes = await readRecords(hdf, vdata);
  return field.type.text ? textOf(bytes) : toNumbers(bytes, field.type);
}
