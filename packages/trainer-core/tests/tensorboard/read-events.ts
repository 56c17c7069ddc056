import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One event as a reader sees it; values by tag. */
export interface SeenEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version?: string;
  readonly sessionStatus?: number;
  readonly values: ReadonlyMap<string, SeenValue>;
}

export interface SeenValue {
  readonly scalar?: number;
  readonly image?: { readonly height: number; readonly width: number; readonly png: Buffer };
  readonly histogram?: {
    readonly count: number;
    readonly limits: number[];
    readonly counts: number[];
  };
}

/** The CRC-32C of RFC 3720, bit by bit. */
export function slowCrc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    for (let bit = 0; bit < 8; bit++) {
      const odd = ((crc >>> 0) ^ (byte >> bit)) & 1;
      crc = (crc >>> 1) ^ (odd ? 0x82f63b78 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The whole records of a file, up to one that is cut short; throws on a wrong checksum. */
export function readRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let at = 0;
  const expectCrc = (data: Buffer, stored: number) => {
    const crc = slowCrc32c(data);
    const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
    if (masked !== stored) throw new Error(`wrong checksum at ${at}`);
  };
  while (at + 12 <= file.length) {
    const length = Number(file.readBigUInt64LE(at));
    if (at + length + 16 > file.length) break;
    expectCrc(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    const data = file.subarray(at + 12, at + 12 + length);
    expectCrc(data, file.readUInt32LE(at + 12 + length));
    records.push(data);
    at += length + 16;
  }
  return records;
}

type Fields = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

/** A message as its fields; bytes where the wire has a width, else a whole number. */
function fieldsOf(message: Buffer): Fields {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value = wire === 0 ? varint() : take(wire === 1 ? 8 : wire === 5 ? 4 : Number(varint()));
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const bytes = (fields: Fields, number: number) => fields.get(number)?.[0] as Buffer | undefined;
const whole = (fields: Fields, number: number) => Number(fields.get(number)?.[0] ?? 0n);
const double = (fields: Fields, number: number) => bytes(fields, number)?.readDoubleLE(0) ?? 0;
const doubles = (packed: Buffer = Buffer.alloc(0)) =>
  Array.from({ length: packed.length / 8 }, (_, i) => packed.readDoubleLE(8 * i));

/** An event file's record as an event. */
export function readEvent(record: Buffer): SeenEvent {
  const event = fieldsOf(record);
  const version = bytes(event, 3)?.toString('utf8');
  const session = bytes(event, 7);
  const entries = fieldsOf(bytes(event, 5) ?? Buffer.alloc(0)).get(1) ?? [];
  const values = entries.map((entry): [string, SeenValue] => {
    const value = fieldsOf(entry as Buffer);
    const scalar = bytes(value, 2)?.readFloatLE(0);
    const image = bytes(value, 4);
    const histogram = bytes(value, 5);
    const tag = bytes(value, 1)?.toString('utf8') ?? '';
    if (scalar !== undefined) return [tag, { scalar }];
    if (image) {
      const fields = fieldsOf(image);
      const png = bytes(fields, 4) ?? Buffer.alloc(0);
      return [tag, { image: { height: whole(fields, 1), width: whole(fields, 2), png } }];
    }
    const fields = fieldsOf(histogram ?? Buffer.alloc(0));
    const [limits, counts] = [doubles(bytes(fields, 6)), doubles(bytes(fields, 7))];
    return [tag, { histogram: { count: double(fields, 3), limits, counts } }];
  });
  return {
    wallTime: double(event, 1),
    step: whole(event, 2),
    ...(version === undefined ? {} : { version }),
    ...(session ? { sessionStatus: whole(fieldsOf(session), 1) } : {}),
    values: new Map(values),
  };
}

/** All events of a folder, file after file in the order of their names. */
export function readFolder(folder: string): SeenEvent[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readRecords(readFileSync(join(folder, name))).map(readEvent));
}

/** What TensorBoard shows: values by tag and step, without those that a later session repeats. */
export function shownIn(folder: string): Map<string, [step: number, value: SeenValue][]> {
  const shown = new Map<string, [number, SeenValue][]>();
  let started = false;
  for (const { step, sessionStatus, values } of readFolder(folder)) {
    // The first start of a run is no restart; TensorBoard's loader in Python has it so.
    const restarted = sessionStatus === 1 && started;
    started ||= sessionStatus === 1;
    if (restarted) {
      for (const [tag, points] of shown) {
        shown.set(
          tag,
          points.filter(([at]) => at < step),
        );
      }
    }
    for (const [tag, value] of values) shown.set(tag, [...(shown.get(tag) ?? []), [step, value]]);
  }
  return shown;
}
