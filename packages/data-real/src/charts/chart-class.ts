import { iceFractions, polygonType } from './ice-fractions.js';
import type { ChartCodes, CodeScheme } from './ice-chart.js';
import { ICE_STAGES } from './stages.js';

/**
 * What a polygon is to a classifier, in the order of the numbers of `rasteriseChart`: 0 is no
 * chart or nothing known, `ice` is ice of unknown thickness, `land` includes ice shelves.
 */
export const CHART_CLASSES = [
  'unknown',
  'open_water',
  'thin_ice',
  'thick_ice',
  'ice',
  'land',
] as const;

export type ChartClass = (typeof CHART_CLASSES)[number];

/** Where classes part. */
export interface ChartClassOptions {
  /** How the codes are written. @default 'sigrid-3' */
  readonly scheme?: CodeScheme;
  /** Concentration (middle of its range), 0..1, below which a polygon is open water. @default 0.1 */
  readonly openWaterBelow?: number;
  /** Thickness in cm up to which ice is thin: 30 takes new, grey and grey-white ice. @default 30 */
  readonly thinUpToCm?: number;
}

/**
 * Open water, thin or thick ice: the class of a polygon by its codes.
 *
 * 1. POLY_TYPE L and S are land, N is unknown.
 * 2. Concentration below 1/10 is open water (ice free, open and bergy water), as WMO defines it.
 * 3. Else the thicknesses of the stages of development decide: the class is that with the larger
 *    share of the ice (see `iceFractions`), thick ice on a tie. Thin is less than 30 cm: new ice,
 *    nilas, young, grey and grey-white ice (81 to 85); thick is first-year ice and older (86 to
 *    98). A stage that lies on both sides of another threshold, or has no thickness, counts as
 *    unknown.
 * 4. Where ice of unknown stage has the largest share (charts that give concentration alone) the
 *    class is `ice`.
 *
 * @example
 * ```ts
 * classOfPolygon({ CT: '92', SA: '84' }); // 'thin_ice'
 * ```
 */
export function classOfPolygon(codes: ChartCodes, options: ChartClassOptions = {}): ChartClass {
  const { scheme = 'sigrid-3', openWaterBelow = 0.1, thinUpToCm = 30 } = options;
  const type = polygonType(codes);
  if (type === 'L' || type === 'S') return 'land';
  if (type === 'N') return 'unknown';
  const { sic, stages } = iceFractions(codes, scheme);
  if (!sic) return type === 'I' ? 'ice' : 'unknown';
  if (sic.mid < openWaterBelow) return 'open_water';
  const share = { thin_ice: 0, thick_ice: 0, ice: 0 };
  for (const { code, fraction } of stages) share[classOfStage(code, thinUpToCm)] += fraction;
  if (share.ice > Math.max(share.thin_ice, share.thick_ice)) return 'ice';
  return share.thin_ice > share.thick_ice ? 'thin_ice' : 'thick_ice';
}

function classOfStage(code: number, thinUpToCm: number): 'thin_ice' | 'thick_ice' | 'ice' {
  const thickness = ICE_STAGES.find((stage) => stage.code === code)?.thicknessCm;
  if (!thickness) return 'ice';
  const [from, to] = thickness;
  return to <= thinUpToCm ? 'thin_ice' : from >= thinUpToCm ? 'thick_ice' : 'ice';
}
