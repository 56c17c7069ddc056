import { generateSicSeries } from '@arctic/data-synth';
import { fillFromDayBefore } from '@arctic/metrics';

export const SIDE = 32;
export const CELLS = SIDE * SIDE;
export const HISTORY = 3; // days in
export const LEAD = 3; // days ahead

/** Days of one weather over the sea of one seed; missing cells are those of the day before, land is open. */
export function makeDays(weatherSeed, years) {
  const series = generateSicSeries({ seed: 1, weatherSeed, years, height: SIDE, width: SIDE });
  const filled = fillFromDayBefore(series.sic, CELLS).map((value) => (value >= 0 ? value : 0));
  const { ocean, area } = series;
  return {
    ...{ ocean, area },
    /** Issue days are counted from the first one with enough history. */
    count: series.days.length - HISTORY - LEAD,
    day: (t) => filled.subarray(t * CELLS, (t + 1) * CELLS),
  };
}

/** Writes an issue day's input [H,W,HISTORY], target [H,W] and ocean [H,W] into `out`, mirrored where `flip` says so. */
export function caseInto(days, { issue, flip }, out) {
  const truth = days.day(issue + HISTORY - 1 + LEAD);
  for (let cell = 0; cell < CELLS; cell++) {
    const column = cell % SIDE;
    const from = flip ? cell - column + (SIDE - 1 - column) : cell;
    for (let step = 0; step < HISTORY; step++)
      out.input[cell * HISTORY + step] = days.day(issue + step)[from];
    out.target[cell] = truth[from];
    out.ocean[cell] = days.ocean[from];
  }
}
