import { appendFile } from 'node:fs/promises';
import { maskedCrc32c } from './crc32c.js';

/** A record as TFRecord files frame it: length, its checksum, the bytes, theirs. */
export function frameRecord(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(bytes.length + 16);
  const view = new DataView(record.buffer);
  view.setUint32(0, bytes.length, true); // and four bytes of zeros: no record has 4 GB
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(bytes, 12);
  view.setUint32(12 + bytes.length, maskedCrc32c(bytes), true);
  return record;
}

/** Adds records to the end of a file; a reader takes a last one that is cut short for not yet written. */
export async function appendRecords(path: string, records: readonly Uint8Array[]): Promise<void> {
  await appendFile(path, Buffer.concat(records.map(frameRecord)));
}
