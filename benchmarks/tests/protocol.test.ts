import { describe, expect, it } from 'vitest';
import { decodeReply, encodeReply, type Reply } from '../src/protocol.js';

describe('replies', () => {
  it.each<Reply>([
    { kind: 'ready', versions: { torch: '2' }, parameters: 12 },
    { kind: 'step', ms: 1.5, value: -0.25, peakMb: 100, tensors: 7 },
    { kind: 'error', message: 'two "quotes"\nand a line' },
  ])('survive the way: $kind', (reply) => {
    const line = encodeReply(reply);
    expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1).toBe(true);
    expect(decodeReply(line.trimEnd())).toEqual(reply);
  });

  it.each([
    ['what libraries print', 'I0000 oneDNN custom operations are on'],
    ['half a line', '@bench {"kind":"step","ms":1'],
    ['an unknown kind', '@bench {"kind":"other"}'],
    ['a step without numbers', '@bench {"kind":"step","ms":"fast","value":1,"peakMb":1}'],
    ['a number', '@bench 3'],
  ])('are told from %s', (_, line) => {
    expect(decodeReply(line)).toBeNull();
  });
});
