/** One field of a message, encoded: its tag and its value; nothing where proto3 leaves a zero out. */
export type Field = Uint8Array;

const text = new TextEncoder();

/** A whole number from 0, 7 bits a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  // Not by shifting: steps may be larger than 32 bits.
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** int32, int64, enum: a whole number from 0. */
export function wholeField(number: number, value: number): Field {
  if (value === 0) return new Uint8Array(0);
  return Uint8Array.from([...varint(number * 8), ...varint(value)]);
}

export function doubleField(number: number, value: number): Field {
  if (Object.is(value, 0)) return new Uint8Array(0);
  const field = new Uint8Array(9);
  field[0] = number * 8 + 1;
  new DataView(field.buffer).setFloat64(1, value, true);
  return field;
}

/** A float of a oneof, where a zero says which of them is there. */
export function floatField(number: number, value: number): Field {
  const field = new Uint8Array(5);
  field[0] = number * 8 + 5;
  new DataView(field.buffer).setFloat32(1, value, true);
  return field;
}

/** bytes, and messages in messages. */
export function bytesField(number: number, value: Uint8Array): Field {
  return join([Uint8Array.from([...varint(number * 8 + 2), ...varint(value.length)]), value]);
}

export function textField(number: number, value: string): Field {
  return bytesField(number, text.encode(value));
}

/** Repeated doubles in one piece. */
export function doublesField(number: number, values: readonly number[]): Field {
  if (values.length === 0) return new Uint8Array(0);
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => bytes.setFloat64(8 * i, value, true));
  return bytesField(number, new Uint8Array(bytes.buffer));
}

/** A message of fields, or a field of a message of fields. */
export function join(fields: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let at = 0;
  for (const field of fields) {
    out.set(field, at);
    at += field.length;
  }
  return out;
}
