import { concentrationOf, type ConcentrationRange } from './concentration.js';
import type { ChartCodes, CodeScheme } from './ice-chart.js';
import { legendMeaning } from './legend.js';
import { plainCode } from './plain-code.js';
import { stageOf, UNDETERMINED_STAGE } from './stages.js';

/** Fast ice, a form of ice that says its concentration too. */
const FAST_ICE = 8;

/** How much ice of what kind a polygon has. */
export interface IceFractions {
  /** Total concentration, 0..1; null where the chart gives none (land, no data, code 99). */
  readonly sic: ConcentrationRange | null;
  /**
   * Share of the sea surface by stage of development (SIGRID-3 code; 99 undetermined), in the
   * order of the egg: thickest first. They add up to `sic.mid`; empty where that is 0 or unknown.
   */
  readonly stages: readonly { readonly code: number; readonly fraction: number }[];
}

/** What a polygon is: ice, water, land, no data, ice shelf; null where the chart does not say. */
export type PolygonType = 'I' | 'W' | 'L' | 'N' | 'S';

/** The type of a polygon by POLY_TYPE, else by its legend. */
export function polygonType(codes: ChartCodes): PolygonType | null {
  const [type = ''] = (codes.POLY_TYPE ?? '').trim().toUpperCase();
  if (type === 'I' || type === 'W' || type === 'L' || type === 'N' || type === 'S') return type;
  return legendMeaning(codes.LEGEND)?.POLY_TYPE ?? null;
}

/**
 * Concentrations of a polygon by stage of development, from its egg code.
 *
 * - The total is CT; where that is blank, the sum of the partial concentrations; else 10/10 for
 *   fast ice (FA 08), 0 for a polygon of water (POLY_TYPE W), or what its legend says.
 * - Stages SA, SB, SC have the partial concentrations CA, CB, CC. Stages without one share what
 *   the others leave of the total: a single stage (CA −9) and the
 *   remaining stage (CD) get it whole, several (as in charts of DMI, which give no partial
 *   concentrations) get equal parts.
 * - Partial concentrations that do not add up to the total (a range, `9+`) are scaled to it.
 * - Traces (CN) count nothing.
 *
 * References: JCOMM Technical Report 23 (2014), SIGRID-3 version 3.0; MANICE (2005), chapter 5.
 *
 * @example
 * ```ts
 * iceFractions({ CT: '92', CA: '60', SA: '93', CB: '40', SB: '84' }).stages;
 * // [{ code: 93, fraction: 0.6 }, { code: 84, fraction: 0.4 }]
 * ```
 */
export function iceFractions(codes: ChartCodes, scheme: CodeScheme = 'sigrid-3'): IceFractions {
  const type = polygonType(codes);
  if (type === 'L' || type === 'N' || type === 'S') return { sic: null, stages: [] };
  const parts = partsOf(codes, scheme);
  const known = parts.reduce((sum, { fraction }) => sum + (fraction ?? 0), 0);
  const sic = totalOf(codes, scheme, known);
  if (!sic || sic.mid === 0) return { sic, stages: [] };
  if (parts.length === 0) {
    return { sic, stages: [{ code: UNDETERMINED_STAGE, fraction: sic.mid }] };
  }
  const open = parts.filter(({ fraction }) => fraction === null).length;
  const rest = open > 0 ? Math.max(0, sic.mid - known) / open : 0;
  const sum = known + rest * open;
  const scale = sum > 0 ? sic.mid / sum : 0;
  return {
    sic,
    stages: parts.map(({ code, fraction }) => ({ code, fraction: (fraction ?? rest) * scale })),
  };
}

interface Part {
  readonly code: number;
  /** Null where the chart gives none. */
  readonly fraction: number | null;
}

function partsOf(codes: ChartCodes, scheme: CodeScheme): Part[] {
  // CD is a stage in SIGRID-3, and the concentration of the fourth stage in the egg.
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    [codes.SA, codes.CA],
    [codes.SB, codes.CB],
    [codes.SC, codes.CC],
    scheme === 'egg' ? [codes.SD, codes.CD] : [codes.CD ?? codes.SD, undefined],
  ];
  return pairs.flatMap(([stageCode, concentration], i) => {
    const fraction = concentrationOf(concentration, scheme)?.mid ?? null;
    const stage = stageOf(stageCode, scheme);
    // An undetermined remaining stage beside stages that fill the egg is a filler, not ice.
    if (i === 3 && fraction === null && stage?.code === UNDETERMINED_STAGE) return [];
    if (!stage && !fraction) return [];
    return [{ code: stage?.code ?? UNDETERMINED_STAGE, fraction }];
  });
}

function totalOf(codes: ChartCodes, scheme: CodeScheme, known: number): ConcentrationRange | null {
  const total = concentrationOf(codes.CT, scheme);
  if (total) return total;
  if (known > 0) {
    const sum = Math.min(1, known);
    return { lo: sum, mid: sum, hi: sum };
  }
  if (scheme === 'sigrid-3' && Number(plainCode(codes.FA) || -1) === FAST_ICE) {
    return concentrationOf('92');
  }
  const legend = concentrationOf(legendMeaning(codes.LEGEND)?.CT);
  if (legend) return legend;
  return polygonType(codes) === 'W' ? concentrationOf('00') : null;
}
