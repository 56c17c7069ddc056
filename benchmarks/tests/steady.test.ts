import { describe, expect, it } from 'vitest';
import type { Stepped } from '../src/protocol.js';
import { judge } from '../src/steady.js';

const run = (memory: (i: number) => number, tensors: (i: number) => number): Stepped[] =>
  Array.from({ length: 500 }, (_, i) => ({
    ...{ kind: 'step', ms: 1, value: 1, peakMb: 1 },
    residentMb: memory(i),
    tensors: tensors(i),
  }));

describe('judge', () => {
  it('takes no offence at the beginning and at noise', () => {
    const steps = run(
      (i) => (i < 99 ? i * 10 : 1000 + (i % 7)),
      (i) => (i < 3 ? 10 : 20),
    );
    expect(judge(steps)).toMatchObject({ flat: true, tensors: { least: 20, most: 20 } });
  });

  it('takes no offence at garbage that is collected in the end', () => {
    const verdict = judge(run((i) => 1000 + ((i + 1) % 50), () => 20)); // prettier-ignore
    expect(verdict).toMatchObject({ flat: true, growthMb: 0, mostMb: 1049 });
    expect(verdict.checksMb).toEqual(Array.from({ length: 9 }, () => 1000));
  });

  it('sees memory that grows slowly', () => {
    const verdict = judge(run((i) => 1000 + i / 10, () => 20)); // prettier-ignore
    expect(verdict.flat).toBe(false);
    expect(verdict.growthMb).toBeCloseTo(30);
    expect(verdict.slopeMbPer100).toBeCloseTo(10);
  });

  it('sees one tensor too many', () => {
    expect(judge(run(() => 1000, (i) => (i < 499 ? 20 : 21))).flat).toBe(false); // prettier-ignore
  });
});
