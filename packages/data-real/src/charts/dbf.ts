import { damagedChart } from './chart-errors.js';
import { dbfText, type TextOf } from './dbf-encoding.js';
import type { ChartAttribute } from './ice-chart.js';

/** The table of a shapefile. */
export interface DbfTable {
  readonly columns: readonly string[];
  /** One row per record; null where it is marked as deleted. */
  readonly rows: readonly (Readonly<Record<string, ChartAttribute>> | null)[];
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

const DELETED = 0x2a;
const END_OF_FIELDS = 0x0d;

/**
 * Reads a dBase III to 7 table: text trimmed, numbers as numbers, dates and flags as their text,
 * blanks as null. Memo fields hold only their block number.
 *
 * @param cpg content of the .cpg file beside it, where there is one.
 * @throws DataRealError `DamagedFile`
 */
export function readDbf(path: string, bytes: Uint8Array, cpg?: string): DbfTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) throw damagedChart(path, 'a dBase table', `${bytes.length} bytes`);
  const count = view.getUint32(4, true);
  const headerLength = view.getUint16(8, true);
  const recordLength = view.getUint16(10, true);
  if (headerLength < 33 || recordLength < 1 || headerLength + count * recordLength > bytes.length) {
    throw damagedChart(
      path,
      'a dBase table',
      `${count} records of ${recordLength} bytes after ${headerLength} in a file of ${bytes.length}`,
    );
  }
  const text = dbfText(cpg, view.getUint8(29));
  const fields = readFields(path, bytes.subarray(0, headerLength), recordLength, text);
  const rows = Array.from({ length: count }, (_, i) => {
    const at = headerLength + i * recordLength;
    return bytes[at] === DELETED ? null : readRow(bytes, at, fields, text);
  });
  return { columns: fields.map(({ name }) => name), rows };
}

function readFields(path: string, header: Uint8Array, recordLength: number, text: TextOf): Field[] {
  const fields: Field[] = [];
  const names = new Set<string>();
  let offset = 1; // after the byte that marks deleted records
  for (let at = 32; at + 32 <= header.length && header[at] !== END_OF_FIELDS; at += 32) {
    const name = uniqueName(
      text(untilZero(header.subarray(at, at + 11))).trim() || `field${fields.length + 1}`,
      names,
    );
    names.add(name);
    const type = String.fromCharCode(header[at + 11] ?? 0).toUpperCase();
    const short = header[at + 16] ?? 0;
    const long = short + 256 * (header[at + 17] ?? 0);
    // Text longer than 255 has its high byte where numbers have their decimals.
    const length = type === 'C' && offset + long <= recordLength ? long : short;
    if (offset + length > recordLength) {
      throw damagedChart(
        path,
        `fields within ${recordLength} bytes`,
        `${name} at ${offset}, ${length} long`,
      );
    }
    fields.push({ name, type, offset, length });
    offset += length;
  }
  return fields;
}

function uniqueName(name: string, taken: ReadonlySet<string>): string {
  let unique = name;
  for (let n = 1; taken.has(unique); n++) unique = `${name}_${n}`;
  return unique;
}

function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function readRow(
  bytes: Uint8Array,
  at: number,
  fields: readonly Field[],
  text: TextOf,
): Record<string, ChartAttribute> {
  const row: Record<string, ChartAttribute> = {};
  for (const { name, type, offset, length } of fields) {
    row[name] = valueOf(type, bytes.subarray(at + offset, at + offset + length), text);
  }
  return row;
}

function valueOf(type: string, bytes: Uint8Array, text: TextOf): ChartAttribute {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if ((type === 'I' || type === '+') && bytes.length === 4) return view.getInt32(0, true);
  if ((type === 'O' || type === 'B') && bytes.length === 8) return view.getFloat64(0, true);
  const words = text(untilZero(bytes)).trim();
  if (words === '') return null;
  if (type !== 'N' && type !== 'F') return words;
  const number = Number(words.replace(',', '.'));
  return Number.isFinite(number) ? number : null; // `****` where a number did not fit
}
