// Which simple forecast of sea ice is best? Fitted on three years of generated days, scored on two later ones.
import { writeFileSync } from 'node:fs';
import { generateSicSeries } from '@arctic/data-synth';
import {
  activeCells,
  climatologyFromDaily,
  createLeadScores,
  fitDamping,
  REFERENCE_NAMES,
  referenceForecasts,
} from '@arctic/metrics';
import { leadCurves, renderPng } from '@arctic/plots';

const LEADS = 7; // days
const { days, sic, ocean, area } = generateSicSeries({ seed: 1, years: 5, height: 32, width: 32 });
const cells = ocean.length;
const field = (t) => sic.subarray(t * cells, (t + 1) * cells);

// What is fitted sees the first three years alone.
const lastTraining = Math.floor(3 * 365.25);
const to = days[lastTraining];
const climatology = climatologyFromDaily({ sic, days, to });
const mask = activeCells({
  sic: sic.subarray(0, (lastTraining + 1) * cells),
  days: days.subarray(0, lastTraining + 1),
  ocean,
});
const damping = fitDamping({ sic, days, climatology, to, leads: LEADS, mask });

const scores = Object.fromEntries(
  REFERENCE_NAMES.map((name) => [name, createLeadScores({ leads: LEADS, mask, area })]),
);
for (let t = lastTraining + LEADS; t + LEADS < days.length; t++) {
  const issued = referenceForecasts({ history: field(t), day: days[t], climatology, damping });
  for (const forecasts of issued) {
    for (const name of REFERENCE_NAMES)
      scores[name].add(forecasts.lead, forecasts[name], field(t + forecasts.lead), days[t]);
  }
}

const rmse = Object.fromEntries(
  REFERENCE_NAMES.map((name) => [name, scores[name].result().map((score) => score.rmse)]),
);
const leads = Array.from({ length: LEADS }, (_, i) => i + 1);
console.log(['RMSE by lead (days)'.padEnd(26), ...leads.map((lead) => `   ${lead}  `)].join(''));
for (const name of REFERENCE_NAMES)
  console.log(name.padEnd(26) + rmse[name].map((value) => value.toFixed(3).padEnd(6)).join(''));
const best = REFERENCE_NAMES.reduce((a, b) => (rmse[a].at(-1) < rmse[b].at(-1) ? a : b));
console.log(`best a week ahead: ${best}`);

const svg = leadCurves({
  title: 'Forecasts without a model',
  ylabel: 'RMSE, concentration',
  series: REFERENCE_NAMES.map((name) => ({ name, values: rmse[name] })),
});
writeFileSync('errors.png', renderPng(svg));
