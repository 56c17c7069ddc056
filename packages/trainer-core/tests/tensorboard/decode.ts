import { readFileSync } from 'node:fs';

/** A decoded protobuf message: the values of each field number; messages in it are left as bytes. */
export type Message = Map<number, (number | Uint8Array)[]>;

/** The records of a TFRecord file; checksums are for tests of their own. */
export function readRecords(path: string): Uint8Array[] {
  const bytes = readFileSync(path);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    records.push(new Uint8Array(bytes.subarray(at + 12, at + 12 + length)));
    at += length + 16;
  }
  return records;
}

export function decode(bytes: Uint8Array): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const message: Message = new Map();
  let at = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    let value: number | Uint8Array;
    if (key % 8 === 0) value = varint();
    else if (key % 8 === 1) value = view.getFloat64((at += 8) - 8, true);
    else if (key % 8 === 5) value = view.getFloat32((at += 4) - 4, true);
    else {
      const length = varint();
      value = bytes.subarray(at, (at += length));
    }
    message.set(field, [...(message.get(field) ?? []), value]);
  }
  return message;
}
