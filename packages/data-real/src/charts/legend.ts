/**
 * What words stand for where a chart has these instead of codes: a SIGRID-3 concentration and
 * polygon type. Canadian charts (`A_LEGEND`, until 2020) write them for all but eggs, Norwegian
 * ones (`NIS_CLASS`) for everything; limits are those of the WMO Sea-Ice Nomenclature, section 4.2.
 */
const LEGEND: readonly (readonly [RegExp, LegendMeaning])[] = [
  [/^fast ice|^landfast/i, { CT: '92', POLY_TYPE: 'I' }],
  [/^(consolidated|compact)/i, { CT: '92', POLY_TYPE: 'I' }],
  [/^very close/i, { CT: '91', POLY_TYPE: 'I' }],
  [/^close/i, { CT: '78', POLY_TYPE: 'I' }],
  [/^very open/i, { CT: '13', POLY_TYPE: 'I' }],
  [/^open (drift|pack|ice)/i, { CT: '46', POLY_TYPE: 'I' }],
  [/^open water/i, { CT: '01', POLY_TYPE: 'W' }],
  [/^bergy water/i, { CT: '02', POLY_TYPE: 'W' }],
  [/^ice[- ]?free/i, { CT: '00', POLY_TYPE: 'W' }],
  [/^(ice shelf|iceshelf)/i, { CT: '', POLY_TYPE: 'S' }],
  [/^land/i, { CT: '', POLY_TYPE: 'L' }],
  [/^no data|^undefined|^unknown/i, { CT: '', POLY_TYPE: 'N' }],
];

/** SIGRID-3 codes of a legend. */
export interface LegendMeaning {
  readonly CT: string;
  readonly POLY_TYPE: 'I' | 'W' | 'L' | 'N' | 'S';
}

/** What a legend stands for; null where it says nothing by itself (`Egg`, `Remote egg`). */
export function legendMeaning(legend: string | undefined): LegendMeaning | null {
  const text = (legend ?? '').trim();
  return LEGEND.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
