import { plainCode } from './plain-code.js';
import type { CodeScheme } from './ice-chart.js';

/** A concentration as a chart gives it, fractions 0..1 of the sea surface. */
export interface ConcentrationRange {
  readonly lo: number;
  /** The middle of `lo` and `hi`. */
  readonly mid: number;
  readonly hi: number;
}

/**
 * The concentration that a code stands for; null where it is blank, −9, 99 or not a code.
 *
 * SIGRID-3: `00`, in other revisions `55` and `98`, are ice free, `01` open water and `02`
 * bergy water (both less than 1/10: 0 to 0.1), `10` to `90` tenths, `92` ten tenths, two different
 * rising digits a range (`13` is 1/10 to 3/10) whose upper digit 1 means 10/10 (`81`, `91`).
 * Egg as on paper: tenths `0` to `10`, `9+` (9/10 to 10/10), `4-6`.
 *
 * References: JCOMM Technical Report 23 (2014), SIGRID-3 version 3.0, concentration codes; NSIDC G02172,
 * User Guide, which takes the same middles; MANICE (2005), chapter 5.
 *
 * @example
 * ```ts
 * concentrationOf('13'); // { lo: 0.1, mid: 0.2, hi: 0.3 }
 * concentrationOf('10', 'egg'); // { lo: 1, mid: 1, hi: 1 }
 * ```
 */
export function concentrationOf(
  code: string | undefined,
  scheme: CodeScheme = 'sigrid-3',
): ConcentrationRange | null {
  const text = plainCode(code);
  return scheme === 'egg' ? eggConcentration(text) : sigridConcentration(text);
}

function sigridConcentration(text: string): ConcentrationRange | null {
  if (!/^\d{1,2}$/.test(text)) return null;
  const code = Number(text);
  if (code === 0 || code === 55 || code === 98) return tenths(0, 0);
  if (code === 1 || code === 2) return tenths(0, 1);
  if (code === 92) return tenths(10, 10);
  const first = Math.floor(code / 10);
  const second = code % 10;
  if (first > 0 && second === 0) return tenths(first, first);
  if (first > 1 && second === 1) return tenths(first, 10);
  return first > 0 && first < second && code !== 99 ? tenths(first, second) : null;
}

function eggConcentration(text: string): ConcentrationRange | null {
  if (text === '9+') return tenths(9, 10);
  if (text === '<1') return tenths(0, 1);
  const [, lo, hi] = /^(\d{1,2})\.?(?:-(\d{1,2}))?$/.exec(text) ?? [];
  if (lo === undefined) return null;
  const [from, to] = [Number(lo), Number(hi ?? lo)];
  return to <= 10 && from <= to ? tenths(from, to) : null;
}

function tenths(lo: number, hi: number): ConcentrationRange {
  return { lo: lo / 10, mid: (lo + hi) / 20, hi: hi / 10 };
}
