import type { CodeScheme } from './ice-chart.js';
import { plainCode } from './plain-code.js';

/** A stage of development and the thickness that it stands for. */
export interface IceStage {
  /** SIGRID-3 code. */
  readonly code: number;
  readonly name: string;
  /** Thickness in cm from..to; Infinity where there is no upper limit; null where it says none. */
  readonly thicknessCm: readonly [number, number] | null;
}

/** The stage of ice whose stage is not known. */
export const UNDETERMINED_STAGE = 99;

/**
 * Stages of development of SIGRID-3.
 *
 * References: JCOMM Technical Report 23 (2014), codes of stages of development; WMO No. 259, Sea-Ice Nomenclature,
 * section 2; lake ice after the Canadian Ice Service. Old ice is given as at least 120 cm, that
 * of thick first-year ice, which it exceeds.
 */
export const ICE_STAGES: readonly IceStage[] = [
  { code: 70, name: 'brash ice', thicknessCm: null },
  { code: 74, name: 'new lake ice', thicknessCm: [0, 5] },
  { code: 75, name: 'thin lake ice', thicknessCm: [5, 15] },
  { code: 76, name: 'medium lake ice', thicknessCm: [15, 30] },
  { code: 77, name: 'thick lake ice', thicknessCm: [30, 70] },
  { code: 78, name: 'very thick lake ice', thicknessCm: [70, Infinity] },
  { code: 80, name: 'no stage of development', thicknessCm: null },
  { code: 81, name: 'new ice', thicknessCm: [0, 10] },
  { code: 82, name: 'nilas, ice rind', thicknessCm: [0, 10] },
  { code: 83, name: 'young ice', thicknessCm: [10, 30] },
  { code: 84, name: 'grey ice', thicknessCm: [10, 15] },
  { code: 85, name: 'grey-white ice', thicknessCm: [15, 30] },
  { code: 86, name: 'first-year ice', thicknessCm: [30, 200] },
  { code: 87, name: 'thin first-year ice', thicknessCm: [30, 70] },
  { code: 88, name: 'thin first-year ice, first stage', thicknessCm: [30, 50] },
  { code: 89, name: 'thin first-year ice, second stage', thicknessCm: [50, 70] },
  { code: 91, name: 'medium first-year ice', thicknessCm: [70, 120] },
  { code: 93, name: 'thick first-year ice', thicknessCm: [120, 200] },
  { code: 94, name: 'residual ice', thicknessCm: [30, 180] },
  { code: 95, name: 'old ice', thicknessCm: [120, Infinity] },
  { code: 96, name: 'second-year ice', thicknessCm: [120, Infinity] },
  { code: 97, name: 'multi-year ice', thicknessCm: [120, Infinity] },
  { code: 98, name: 'glacier ice', thicknessCm: [120, Infinity] },
  { code: UNDETERMINED_STAGE, name: 'undetermined', thicknessCm: null },
];

const BY_CODE: ReadonlyMap<number, IceStage> = new Map(ICE_STAGES.map((s) => [s.code, s]));

/** Stages as in the egg on paper: a point after the digit says medium first-year ice or older. */
const EGG_STAGES: Readonly<Record<string, number>> = {
  '1': 81,
  '2': 82,
  '3': 83,
  '4': 84,
  '5': 85,
  '6': 86,
  '7': 87,
  '8': 88,
  '9': 89,
  '1.': 91,
  '4.': 93,
  '7.': 95,
  '8.': 96,
  '9.': 97,
  'L.': 98,
  '▲.': 98,
  X: UNDETERMINED_STAGE,
};

/** The stage that a code stands for; null where it is blank, −9 or not a code of a stage. */
export function stageOf(
  code: string | undefined,
  scheme: CodeScheme = 'sigrid-3',
): IceStage | null {
  if (scheme === 'egg') {
    const number = EGG_STAGES[(code ?? '').trim().toUpperCase().replace(/[•·]$/, '.')];
    return (number !== undefined && BY_CODE.get(number)) || null;
  }
  const text = plainCode(code);
  return (/^\d\d$/.test(text) && BY_CODE.get(Number(text))) || null;
}
