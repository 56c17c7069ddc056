import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameRecord } from '../../src/tensorboard/record-file.js';
import { readRecords } from './read-events.js';

const someData = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });

it('frames data so that an independent reader finds them again', () => {
  fc.assert(
    fc.property(someData, (data) => {
      const found = readRecords(Buffer.concat(data.map(frameRecord)));
      expect(found.map((record) => [...record])).toEqual(data.map((record) => [...record]));
    }),
  );
});

it('shows every flipped bit', () => {
  const record = frameRecord(Buffer.from('ice'));
  fc.assert(
    // The upper bytes of the length make it longer than the file: no whole record then.
    fc.property(fc.nat(record.length - 1), fc.nat(7), (byte, bit) => {
      const damaged = Buffer.from(record);
      damaged.writeUInt8(damaged.readUInt8(byte) ^ (1 << bit), byte);
      let whole = 0;
      try {
        whole = readRecords(damaged).length;
      } catch {
        whole = 0;
      }
      expect(whole).toBe(0);
    }),
  );
});
