import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  activeCells,
  climatologyFromMonthly,
  createLeadScores,
  fillFromDayBeforeInto,
  fitDamping,
  leadSkill,
  REFERENCE_NAMES,
  referenceForecasts,
  type LeadScore,
  type ReferenceName,
} from '../src/index.js';
import {
  areaFile,
  dailyFile,
  dayOf,
  decode,
  haveRealData,
  monthlyFile,
  readMembers,
  realData,
} from './real-series.js';

/** RMSE by lead and reference, and IIEE in 10³ km²: computed independently with numpy. */
const RMSE: Record<ReferenceName, number[]> = {
  persistence: [0.056, 0.071, 0.0818, 0.0909, 0.0994, 0.1075, 0.115],
  climatology: [0.1549, 0.1551, 0.1552, 0.1554, 0.1556, 0.1558, 0.156],
  anomalyPersistence: [0.0555, 0.0693, 0.0786, 0.0859, 0.0924, 0.0981, 0.103],
  dampedAnomalyPersistence: [0.0532, 0.0665, 0.0756, 0.0827, 0.0889, 0.0944, 0.0992],
};
const IIEE = {
  persistence: [382, 500, 591, 670, 746, 819, 887],
  dampedAnomalyPersistence: [380, 488, 575, 648, 718, 786, 848],
};

test('the NSIDC series is at hand', (context) => {
  context.skip(!haveRealData, `no NSIDC series under ${realData}`);
});

/** The reference forecasts of all 86 issue dates of April to July 2017, scored. */
function evaluate(): { active: number; issueDates: number; scores: Map<string, LeadScore[]> } {
  const daily = readMembers(dailyFile);
  const monthly = readMembers(monthlyFile);
  const months = monthly.map((member) => dayOf(member.date));
  const days = daily.map((member) => dayOf(member.date));
  const first = daily[0]?.bytes ?? new Uint8Array();
  const ocean = Array.from(first.keys()).filter((i) => ![251, 253, 254].includes(first[i] ?? 0));
  const everIce = activeCells({
    sic: decode(monthly, ocean),
    days: months,
    fromYear: 1979,
    toYear: 2014,
  });
  const cells = ocean.filter((_, j) => everIce[j]);
  const climatology = climatologyFromMonthly({
    sic: decode(monthly, cells),
    days: months,
    fromYear: 1989,
    toYear: 2014,
  });
  const sic = decode(daily, cells);
  fillFromDayBeforeInto(sic, cells.length, sic);
  const damping = fitDamping({
    sic,
    days,
    climatology,
    from: dayOf('20150101'),
    to: dayOf('20160930'),
    leads: 7,
  });
  const table = readFileSync(areaFile);
  const area = cells.map((i) => table.readInt32LE(i * 4) / 1000);
  const mask = new Uint8Array(cells.length).fill(1);
  const scorers = REFERENCE_NAMES.map((name) => ({
    name,
    scores: createLeadScores({ leads: 7, mask, area }),
  }));
  const field = (step: number): Float32Array =>
    sic.subarray(step * cells.length, (step + 1) * cells.length);
  const start = days.indexOf(dayOf('20170401')) + 29;
  const end = days.indexOf(dayOf('20170731')) - 7;
  for (let step = start; step <= end; step++) {
    const day = days[step] ?? NaN;
    for (const forecasts of referenceForecasts({
      history: field(step),
      day,
      climatology,
      damping,
    })) {
      const { lead } = forecasts;
      for (const { name, scores } of scorers) {
        scores.add(lead, forecasts[name], field(step + lead), day);
      }
    }
  }
  const scores = new Map(scorers.map((one) => [one.name as string, one.scores.result()]));
  return { active: cells.length, issueDates: end - start + 1, scores };
}

describe.skipIf(!haveRealData)('reference forecasts on the NSIDC daily series', () => {
  const { active, issueDates, scores } = haveRealData
    ? evaluate()
    : { active: 0, issueDates: 0, scores: new Map<string, LeadScore[]>() };

  test('score 31,645 active cells on 86 issue dates', () => {
    expect(active).toBe(31_645);
    expect(issueDates).toBe(86);
    expect(scores.get('persistence')?.[0]?.n).toBe(86);
  });

  test.each(Object.entries(RMSE))('RMSE of %s agrees to 0.2 %', (name, expected) => {
    expected.forEach((rmse, i) => {
      expect(Math.abs((scores.get(name)?.[i]?.rmse ?? NaN) / rmse - 1)).toBeLessThan(0.002);
    });
  });

  test.each(Object.entries(IIEE))('IIEE of %s agrees to 0.2 %', (name, expected) => {
    expected.forEach((iiee, i) => {
      expect(Math.abs((scores.get(name)?.[i]?.iiee ?? NaN) / 1e3 / iiee - 1)).toBeLessThan(0.002);
    });
  });

  test('skill against persistence keeps its sign and has an interval', () => {
    const at = (name: string): LeadScore => scores.get(name)?.[0] as LeadScore; // scored above
    const damped = leadSkill(at('dampedAnomalyPersistence'), at('persistence'), { seed: 1 });
    expect(damped.rmsess.low).toBeLessThan(damped.rmsess.value);
    expect(damped.rmsess.high).toBeGreaterThan(damped.rmsess.value);
    const climatology = leadSkill(at('climatology'), at('persistence'), { seed: 1 });
    expect(climatology.rmsess.value).toBeLessThan(-1.7);
    expect(climatology.rmsess.high).toBeLessThan(0);
  });
});
