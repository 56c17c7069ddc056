import { describe, expect, it } from 'vitest';
import { rowResult, timing } from '../src/results.js';

const ROW = { name: 'row', title: 'A row' };

describe('timing', () => {
  it('has the middle and the least of its samples, and keeps them', () => {
    expect(timing([30, 10, 20], 512.25)).toEqual({
      medianMs: 20,
      minMs: 10,
      peakMb: 512.25,
      samplesMs: [30, 10, 20],
    });
  });
});

describe('rowResult', () => {
  const ours = timing([100], 300);

  it('compares with the fastest peer, and memory with the leanest too', () => {
    const peers = { slow: timing([200], 100), fast: timing([125], 150) };
    expect(rowResult(ROW, 1, ours, peers)).toMatchObject({
      name: 'row',
      ratio: 1.25,
      fastestPeer: 'fast',
      memoryRatio: 2,
      leanestMemoryRatio: 3,
      peers,
    });
  });

  it('keeps peers that did not run out of the comparison and in the results', () => {
    const peers = { broken: { error: 'no compiler' }, fine: timing([50], 300) };
    const result = rowResult(ROW, 1, ours, peers);
    expect(result).toMatchObject({ ratio: 0.5, fastestPeer: 'fine' });
    expect(result.peers['broken']).toEqual({ error: 'no compiler' });
  });

  it('has no ratio where no peer ran', () => {
    expect(rowResult(ROW, 1, ours, { broken: { error: 'x' } })).toMatchObject({
      ratio: null,
      memoryRatio: null,
      fastestPeer: null,
    });
  });
});
