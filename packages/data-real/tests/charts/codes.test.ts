import { describe, expect, it } from 'vitest';
import { classOfPolygon } from '../../src/charts/chart-class.js';
import { chartDate } from '../../src/charts/chart-date.js';
import { layerCodes } from '../../src/charts/chart-columns.js';
import { concentrationOf } from '../../src/charts/concentration.js';
import { iceFractions } from '../../src/charts/ice-fractions.js';
import { stageOf } from '../../src/charts/stages.js';
import type { ChartAttribute, CodeScheme } from '../../src/charts/ice-chart.js';

const range = (code: string, scheme?: CodeScheme): number[] | null => {
  const found = concentrationOf(code, scheme);
  return found && [found.lo, found.mid, found.hi];
};

function codesOf(columns: readonly string[], ...rows: readonly ChartAttribute[][]) {
  return layerCodes({
    name: 'x',
    crs: null,
    columns,
    features: rows.map((row) => ({
      rings: [],
      attributes: Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])),
    })),
  });
}

describe('concentrationOf', () => {
  it('knows the codes of SIGRID-3', () => {
    expect(['00', '0', '55', '98'].map((code) => range(code))).toEqual(Array(4).fill([0, 0, 0]));
    expect(['01', '1', '02'].map((code) => range(code))).toEqual(Array(3).fill([0, 0.05, 0.1]));
    expect(['10', '90', '92', 'CT92', ' 92.00 '].map((code) => range(code)?.[1])).toEqual([
      0.1, 0.9, 1, 1, 1,
    ]);
    expect(['12', '13', '24', '46', '79', '89', '81', '91'].map((code) => range(code))).toEqual([
      [0.1, 0.15, 0.2],
      [0.1, 0.2, 0.3],
      [0.2, 0.3, 0.4],
      [0.4, 0.5, 0.6],
      [0.7, 0.8, 0.9],
      [0.8, 0.85, 0.9],
      [0.8, 0.9, 1],
      [0.9, 0.95, 1],
    ]);
    expect(['99', '-9', '', '43', '93', 'x', '123'].map((code) => range(code))).toEqual(
      Array(7).fill(null),
    );
  });
  it('knows tenths', () => {
    expect(
      ['0.', '5', '9', '9+', '10', '4-6', '<1'].map((code) => range(code, 'egg')?.[1]),
    ).toEqual([0, 0.5, 0.9, 0.95, 1, 0.5, 0.05]);
    expect(['', 'X', '11', '6-4'].map((code) => range(code, 'egg'))).toEqual(Array(4).fill(null));
  });
});

describe('stageOf', () => {
  it('knows both spellings', () => {
    expect(['81', '85', 'SA93', '97'].map((code) => stageOf(code)?.code)).toEqual([81, 85, 93, 97]);
    expect(
      ['1', '5', '1.', '4.', '7.', '9.', 'X', '4•'].map((code) => stageOf(code, 'egg')?.code),
    ).toEqual([81, 85, 91, 93, 95, 97, 99, 93]);
    expect([stageOf('-9'), stageOf('12'), stageOf(undefined), stageOf('', 'egg')]).toEqual(
      Array(4).fill(null),
    );
  });
});

describe('iceFractions', () => {
  const parts = (...args: Parameters<typeof iceFractions>) =>
    iceFractions(...args).stages.map(({ code, fraction }) => [code, Number(fraction.toFixed(6))]);
  it('takes partial concentrations, and the total for a single stage', () => {
    expect(parts({ CT: '92', CA: '60', SA: '93', CB: '40', SB: '84' })).toEqual([
      [93, 0.6],
      [84, 0.4],
    ]);
    expect(parts({ CT: '70', CA: '-9', SA: '87', CB: '-9', SB: '-9' })).toEqual([[87, 0.7]]);
    expect(parts({ CT: '92', CA: '92', SA: '82', CN: '99', CD: '99', CF: '99' })).toEqual([
      [82, 1],
    ]);
  });
  it('gives the rest to stages without a concentration', () => {
    expect(parts({ CT: '80', CA: '50', SA: '93', CB: '20', SB: '87', CD: '81' })).toEqual([
      [93, 0.5],
      [87, 0.2],
      [81, 0.1],
    ]);
    expect(parts({ CT: '46', CA: '-9', SA: '95', CB: '-9', SB: '87' })).toEqual([
      [95, 0.25],
      [87, 0.25],
    ]);
  });
  it('scales parts to the total, and adds them up where there is none', () => {
    expect(parts({ CT: '91', CA: '60', SA: '93', CB: '30', SB: '84' })).toEqual([
      [93, 0.633333],
      [84, 0.316667],
    ]);
    expect(iceFractions({ CT: '-9', CA: '60', SA: '93', CB: '30', SB: '84' }).sic?.mid).toBeCloseTo(
      0.9,
    );
    expect(parts({ CT: '92' })).toEqual([[99, 1]]);
  });
  it('knows fast ice, water, land and legends', () => {
    expect(iceFractions({ CT: '-9', FA: '08', SA: '-9', POLY_TYPE: 'I' }).sic?.mid).toBe(1);
    expect(iceFractions({ CT: '-9', POLY_TYPE: 'W' }).sic?.hi).toBe(0);
    expect(iceFractions({ CT: '99', POLY_TYPE: 'I' }).sic).toBeNull();
    expect(iceFractions({ CT: '92', POLY_TYPE: 'L' }).sic).toBeNull();
    expect(iceFractions({ CT: '', LEGEND: 'Fast ice' }, 'egg').sic?.mid).toBe(1);
    expect(iceFractions({ LEGEND: 'Very Close Drift Ice' }).sic?.lo).toBe(0.9);
    expect(iceFractions({ LEGEND: 'No data' }).sic).toBeNull();
  });
  it('reads the egg as on paper', () => {
    const egg = { CT: '9+', CA: '3', CB: '5', CC: '', SA: '7.', SB: '1.', SC: '', SD: '4', CD: '' };
    expect(parts(egg, 'egg')).toEqual([
      [95, 0.3],
      [91, 0.5],
      [84, 0.15],
    ]);
    expect(parts({ CT: '10', SA: '4' }, 'egg')).toEqual([[84, 1]]);
  });
});

describe('classOfPolygon', () => {
  it('parts open water, thin and thick ice', () => {
    expect(['00', '01', '02', '55'].map((CT) => classOfPolygon({ CT, SA: '93' }))).toEqual(
      Array(4).fill('open_water'),
    );
    expect(
      ['81', '82', '83', '84', '85', '75'].map((SA) => classOfPolygon({ CT: '92', SA })),
    ).toEqual(Array(6).fill('thin_ice'));
    expect(
      ['86', '87', '91', '93', '95', '97', '98'].map((SA) => classOfPolygon({ CT: '10', SA })),
    ).toEqual(Array(7).fill('thick_ice'));
    expect(
      classOfPolygon({ CT: '92', CA: '40', SA: '95', CB: '30', SB: '84', CC: '30', SC: '81' }),
    ).toBe('thin_ice');
    expect(classOfPolygon({ CT: '92', CA: '50', SA: '95', CB: '50', SB: '84' })).toBe('thick_ice');
  });
  it('tells ice of unknown thickness, land and nothing', () => {
    expect(
      [{ CT: '92' }, { CT: '92', SA: '99', FA: '08' }, { CT: '99', POLY_TYPE: 'I' }].map((codes) =>
        classOfPolygon(codes),
      ),
    ).toEqual(Array(3).fill('ice'));
    expect(
      [{ POLY_TYPE: 'L' }, { POLY_TYPE: 'S', CT: '92' }].map((codes) => classOfPolygon(codes)),
    ).toEqual(['land', 'land']);
    expect([{ POLY_TYPE: 'N' }, { CT: '99' }, {}].map((codes) => classOfPolygon(codes))).toEqual(
      Array(3).fill('unknown'),
    );
    expect(classOfPolygon({ CT: '-9', POLY_TYPE: 'W' })).toBe('open_water');
  });
  it('moves its thresholds', () => {
    expect(classOfPolygon({ CT: '13', SA: '93' }, { openWaterBelow: 0.5 })).toBe('open_water');
    expect(classOfPolygon({ CT: '92', SA: '87' }, { thinUpToCm: 70 })).toBe('thin_ice');
    expect(classOfPolygon({ CT: '92', SA: '86' }, { thinUpToCm: 70 })).toBe('ice');
    expect(classOfPolygon({ CT: '10', SA: '1.' }, { scheme: 'egg' })).toBe('thick_ice');
  });
});

describe('layerCodes', () => {
  it('finds columns in any spelling', () => {
    expect(codesOf(['AREA', 'sgd_sa', 'SGD_CT', 'SGD_POLY_T'], [1, '84', 92, 'I'])).toEqual({
      scheme: 'sigrid-3',
      names: ['SA', 'CT', 'POLY_TYPE'],
      codes: [{ SA: '84', CT: '92', POLY_TYPE: 'I' }],
    });
    expect(codesOf(['E_CT', 'E_SO', 'CT', 'SA'], ['10', '9.', '92', '93'])).toMatchObject({
      scheme: 'sigrid-3',
      codes: [{ CT: '92', SA: '93' }],
    });
    expect(codesOf(['E_CT', 'E_SO', 'CT'], ['10', '9.', ''])).toMatchObject({
      scheme: 'egg',
      codes: [{ CT: '10', CN: '9.' }],
    });
    expect(codesOf(['CT', 'SA'], ['9+', '4.'], ['3', '1']).scheme).toBe('egg');
    expect(codesOf(['NAME', 'N_CT', 'ACT'], ['x', 3, '92']).names).toEqual([]);
  });
});

describe('chartDate', () => {
  it('reads names, then attributes, then folders', () => {
    const date = (...names: string[]) => chartDate(names, {});
    expect(date('aari_arc_20140211_pl_a')).toBe('2014-02-11');
    expect(date('201304100920_CapeFarewell_RIC')).toBe('2013-04-10T09:20:00Z');
    expect(date('cis_SGRDREA_20201102T1800Z_pl_a')).toBe('2020-11-02T18:00:00Z');
    expect([date('arctic110110'), date('GL230420_lam'), date('antarc990131')]).toEqual([
      '2011-01-10',
      '2023-04-20',
      '1999-01-31',
    ]);
    expect([
      date('chart', '2019-03-31'),
      date('x20191331'),
      date('chart'),
      date('123456789'),
    ]).toEqual(['2019-03-31', null, null, null]);
    expect(chartDate(['chart', '20000101'], { DATE_CARTE: 19981201 })).toBe('1998-12-01');
  });
});
