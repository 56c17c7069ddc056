import { FIELD_TYPE, fieldBytes, TAG } from './tags.js';
import { LEADER_BYTES, TRAILER_BYTES } from './write-level.js';

/** One tag and its values. */
export interface Field {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[] | Uint8Array;
}

/** What the header says of one size of the image. */
export interface LevelHeader {
  /** All tags but the places and lengths of tiles. */
  readonly fields: readonly Field[];
  readonly byteCounts: readonly number[];
}

/** The first bytes of a Cloud-Optimized GeoTIFF. */
export interface CogHeader {
  readonly bytes: Uint8Array;
  readonly big: boolean;
}

const STRUCTURE = [
  'LAYOUT=IFDS_BEFORE_DATA',
  'BLOCK_ORDER=ROW_MAJOR',
  'BLOCK_LEADER=SIZE_AS_UINT4',
  'BLOCK_TRAILER=LAST_4_BYTES_REPEATED',
  'KNOWN_INCOMPATIBLE_EDITION=NO',
  ' ', // Room for YES, which old writers put there after an edit.
].join('\n');

/** A classic TIFF addresses as many bytes. */
const CLASSIC_BYTES = 2 ** 32;

/**
 * Header, ghost area, tables of tags and tile places in the order that the COG specification has:
 * full size first; the data of the smallest size follow first.
 *
 * @param levels from the full size to the smallest.
 */
export function cogHeader(levels: readonly LevelHeader[], bigTiff: 'auto' | 'always'): CogHeader {
  const classic = layOut(levels, false);
  return bigTiff === 'auto' && classic.end < CLASSIC_BYTES ? classic : layOut(levels, true);
}

function layOut(levels: readonly LevelHeader[], big: boolean): CogHeader & { end: number } {
  const size = new TextEncoder().encode(STRUCTURE).length;
  const ghost = `GDAL_STRUCTURAL_METADATA_SIZE=${String(size).padStart(6, '0')} bytes\n${STRUCTURE}`;
  const head = big ? 16 : 8;
  const offsetType = big ? FIELD_TYPE.long8 : FIELD_TYPE.long;
  const offsetBytes = big ? 8 : 4;
  const entryBytes = big ? 20 : 12;
  const firstTable = even(head + ghost.length);

  // Places of tables and values first; they do not depend on where the tiles lie.
  const tables = levels.map(({ fields, byteCounts }) => {
    const places: Field[] = [
      { tag: TAG.tileOffsets, type: offsetType, values: byteCounts.map(() => 0) },
      { tag: TAG.tileByteCounts, type: FIELD_TYPE.long, values: byteCounts },
    ];
    const sorted = [...fields, ...places].sort((a, b) => a.tag - b.tag);
    return sorted.map((field) => ({ field, at: 0 }));
  });
  let at = firstTable;
  const tablesAt: number[] = [];
  const isOutside = ({ values, type }: Field): boolean =>
    values.length * fieldBytes(type) > offsetBytes;
  const isPlace = ({ tag }: Field): boolean =>
    tag === TAG.tileOffsets || tag === TAG.tileByteCounts;
  for (const table of tables) {
    tablesAt.push(at);
    at = even(at + (big ? 8 : 2) + table.length * entryBytes + offsetBytes);
    for (const entry of table) {
      if (!isOutside(entry.field) || isPlace(entry.field)) continue;
      entry.at = at;
      at = even(at + entry.field.values.length * fieldBytes(entry.field.type));
    }
  }
  for (const entry of tables.flat()) {
    if (!isOutside(entry.field) || !isPlace(entry.field)) continue;
    entry.at = at;
    at = even(at + entry.field.values.length * fieldBytes(entry.field.type));
  }
  const length = at;

  // The smallest size lies first.
  const offsets = levels.map((): number[] => []);
  for (let level = levels.length - 1; level >= 0; level--) {
    for (const count of levels[level]?.byteCounts ?? []) {
      offsets[level]?.push(at + LEADER_BYTES);
      at += LEADER_BYTES + count + TRAILER_BYTES;
    }
  }

  const view = new DataView(new ArrayBuffer(length));
  const bytes = new Uint8Array(view.buffer);
  const putOffset = (to: number, value: number): void =>
    big ? view.setBigUint64(to, BigInt(value), true) : view.setUint32(to, value, true);
  bytes.set([0x49, 0x49, big ? 43 : 42, 0]);
  if (big) bytes.set([8, 0, 0, 0], 4);
  putOffset(big ? 8 : 4, firstTable);
  bytes.set(new TextEncoder().encode(ghost), head);
  tables.forEach((table, level) => {
    let to = tablesAt[level] ?? 0;
    if (big) view.setBigUint64(to, BigInt(table.length), true);
    else view.setUint16(to, table.length, true);
    to += big ? 8 : 2;
    for (const { field, at: outside } of table) {
      const { tag, type } = field;
      const values = tag === TAG.tileOffsets ? (offsets[level] ?? []) : field.values;
      view.setUint16(to, tag, true);
      view.setUint16(to + 2, type, true);
      putOffset(to + 4, values.length);
      const here = to + 4 + offsetBytes;
      if (outside > 0) putOffset(here, outside);
      putValues(view, outside > 0 ? outside : here, type, values);
      to += entryBytes;
    }
    putOffset(to, tablesAt[level + 1] ?? 0);
  });
  return { bytes, big, end: at };
}

function putValues(
  view: DataView,
  at: number,
  type: number,
  values: readonly number[] | Uint8Array,
): void {
  const size = fieldBytes(type);
  for (let i = 0, to = at; i < values.length; i++, to += size) {
    const value = values[i] ?? 0;
    if (type === FIELD_TYPE.short) view.setUint16(to, value, true);
    else if (type === FIELD_TYPE.long) view.setUint32(to, value, true);
    else if (type === FIELD_TYPE.double) view.setFloat64(to, value, true);
    else if (type === FIELD_TYPE.long8) view.setBigUint64(to, BigInt(value), true);
    else view.setUint8(to, value);
  }
}

function even(at: number): number {
  return at + (at % 2);
}
