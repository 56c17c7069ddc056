import { expect, it } from 'vitest';
import { searchCsv, searchTable, type TrialRecord } from '../../src/index.js';

const record = { status: 'done', budget: 3, reports: [], seconds: 12.34, error: null } as const;
const trials: TrialRecord[] = [
  { ...record, trial: 12, settings: { rate: 0.001, preset: 'tiny' }, score: 0.12345678 },
  { ...record, trial: 3, settings: { rate: 0.1, sizes: [4, 8] }, score: 2 },
  {
    ...record,
    trial: 1,
    settings: { rate: 1, preset: 'a, "b"' },
    status: 'failed',
    score: null,
    error: 'out of memory\nat …',
  },
];

it('lays trials out in columns, the best first', () => {
  expect(searchTable(trials, 'val_loss')).toBe(
    [
      'rank  trial   rate  preset  sizes  budget  val_loss  seconds  error',
      '   1     12  0.001    tiny              3  0.123457     12.3',
      '   2      3    0.1          [4,8]       3         2     12.3',
      '          1      1  a, "b"              3    failed     12.3  out of memory',
    ].join('\n'),
  );
});

it('writes the same as CSV', () => {
  expect(searchCsv(trials, 'val_loss')).toBe(
    [
      'rank,trial,rate,preset,sizes,budget,val_loss,seconds,error',
      '1,12,0.001,tiny,,3,0.123457,12.3,',
      '2,3,0.1,,"[4,8]",3,2,12.3,',
      ',1,1,"a, ""b""",,3,failed,12.3,out of memory',
      '',
    ].join('\n'),
  );
});
