import { describe, expect, it } from 'vitest';
import { judge } from '../judge.js';
import type { SpecResult } from '../suite.js';

function result(spec: string, status: SpecResult['status'], ignored = false): SpecResult {
  return { spec, status, ignored, messages: [] };
}

describe('judge', () => {
  it('tells explained failures from others, and finds entries that are out of date', () => {
    const results = [
      result('good', 'passed'),
      result('known', 'failed'),
      result('new', 'failed'),
      result('mended', 'passed'),
      result('needs a file', 'excluded'),
      result('left out by the suite', 'failed', true),
    ];
    const differences = ['known', 'mended', 'gone'].map((spec) => ({ spec, why: 'because' }));

    const judgement = judge(results, { differences, needObjects: ['needs a file'] });

    expect(judgement).toMatchObject({ passed: 2, failed: 2 });
    expect(judgement.unexplained.map(({ spec }) => spec)).toEqual(['new']);
    expect(judgement.explained).toEqual(['known']);
    expect(judgement.mended).toEqual(['mended']);
    expect(judgement.unknown).toEqual(['gone']);
  });

  it('says nothing of an explained failure that a filter kept from running', () => {
    const expected = { differences: [{ spec: 'known', why: 'because' }], needObjects: [] };

    const judgement = judge([result('known', 'excluded')], expected);

    expect(judgement).toMatchObject({ explained: [], mended: [], unknown: [] });
  });

  it('takes a name that the suite uses twice as failing where one of the two fails', () => {
    const expected = { differences: [{ spec: 'twice', why: 'because' }], needObjects: [] };

    const judgement = judge([result('twice', 'passed'), result('twice', 'failed')], expected);

    expect(judgement).toMatchObject({ explained: ['twice'], mended: [], unexplained: [] });
  });
});
