import type {
  ChartAttribute,
  ChartCodes,
  CodeName,
  CodeScheme,
  PolygonLayer,
} from './ice-chart.js';

const EGG_NAMES = 'CT|CA|CB|CC|CD|SA|SB|SC|SD|SO|FA|FB|FC|FD|CN|CF|FP|FS|AV|AK|AM|AT';

/** `CT`, `SGD_CT` (Canada, early 2020) and `E_CT` (Canada before), in any case. */
const EGG_COLUMN = new RegExp(`^(SGD_?|E_)?(${EGG_NAMES})$`, 'i');

/** Shapefiles cut names at ten letters. */
const TYPE_COLUMN = /^(SGD_?)?POLY_?T(Y(PE?)?)?$/i;

const LEGEND_COLUMN = /^(A_LEGEND|LEGEND|NIS_CLASS|ICE_?TYPE|ICE_?CLASS)$/i;

/** One string with all codes, as NIC writes it: `CT81CA609306CB308705CF0706`. */
const STRING_COLUMN = /^ICE_?CODE$/i;

/** Where codes may come from, the better first. */
const PREFIXES = ['', 'SGD', 'E'] as const;

/** The codes of a layer. */
export interface LayerCodes {
  readonly scheme: CodeScheme;
  readonly names: readonly CodeName[];
  /** One per feature. */
  readonly codes: readonly ChartCodes[];
}

interface CodeColumn {
  readonly name: CodeName;
  readonly column: string;
}

/**
 * The codes of every polygon of a layer, whatever its columns are called and in whatever order.
 * Where a chart has its codes twice (SIGRID-3 and the egg as on paper), SIGRID-3 is taken.
 */
export function layerCodes(layer: PolygonLayer): LayerCodes {
  const chosen = eggColumns(layer);
  const scheme = chosen.prefix === 'E' ? 'egg' : 'sigrid-3';
  const columns: CodeColumn[] = [...chosen.columns];
  for (const [name, pattern] of [
    ['POLY_TYPE', TYPE_COLUMN],
    ['LEGEND', LEGEND_COLUMN],
  ] as const) {
    const column = layer.columns.find((candidate) => pattern.test(candidate));
    if (column !== undefined) columns.push({ name, column });
  }
  columns.sort((a, b) => layer.columns.indexOf(a.column) - layer.columns.indexOf(b.column));
  const whole = layer.columns.find((column) => STRING_COLUMN.test(column));
  const codes = layer.features.map(({ attributes }) => {
    const own: Partial<Record<CodeName, string>> = {};
    for (const { name, column } of columns) own[name] = codeText(attributes[column]);
    if (whole !== undefined && !own.CT) Object.assign(own, splitCodes(codeText(attributes[whole])));
    return own;
  });
  const names = new Set(columns.map(({ name }) => name));
  if (whole !== undefined) {
    for (const own of codes) for (const name of Object.keys(own)) names.add(name as CodeName); // its own keys
  }
  return {
    scheme: scheme === 'sigrid-3' && looksLikeEgg(codes) ? 'egg' : scheme,
    names: [...names],
    codes,
  };
}

/** The columns of the first spelling whose total concentrations are filled in, else of the first. */
function eggColumns({ columns, features }: PolygonLayer): {
  readonly prefix: (typeof PREFIXES)[number];
  readonly columns: readonly CodeColumn[];
} {
  const sets = PREFIXES.map((prefix) => ({
    prefix,
    columns: columns.flatMap((column) => {
      const [, found = '', name = ''] = EGG_COLUMN.exec(column) ?? [];
      if (name === '' || found.replace('_', '').toUpperCase() !== prefix) return [];
      return [{ name: codeName(name, prefix), column }];
    }),
  })).filter((set) => set.columns.length > 0);
  const filled = sets.find(({ columns: own }) => {
    const total = own.find(({ name }) => name === 'CT');
    return total && features.some(({ attributes }) => codeText(attributes[total.column]) !== '');
  });
  return filled ?? sets[0] ?? { prefix: '', columns: [] };
}

function codeName(name: string, prefix: string): CodeName {
  const upper = name.toUpperCase();
  // The egg's So, traces of thicker ice, is CN in SIGRID-3.
  return (upper === 'SO' && prefix === 'E' ? 'CN' : upper) as CodeName; // by the pattern
}

/** Text as stored; numbers as they print. */
function codeText(value: ChartAttribute | undefined): string {
  return value === null || value === undefined ? '' : String(value).trim();
}

/** Codes in one string: names of two letters, values of two characters, three after CA, CB and CC. */
function splitCodes(text: string): Partial<Record<CodeName, string>> {
  const value = '(-9|\\d\\d)';
  const out: Partial<Record<CodeName, string>> = {};
  const grab = (pattern: string, names: readonly CodeName[]): void => {
    const match = new RegExp(pattern, 'i').exec(text);
    if (match) names.forEach((name, i) => (out[name] = match[i + 1] ?? ''));
  };
  grab(`CT${value}`, ['CT']);
  grab(`CA${value}${value}?${value}?`, ['CA', 'SA', 'FA']);
  grab(`CB${value}${value}?${value}?`, ['CB', 'SB', 'FB']);
  grab(`CC${value}${value}?${value}?`, ['CC', 'SC', 'FC']);
  grab(`CN${value}`, ['CN']);
  grab(`CD${value}`, ['CD']);
  grab(`CF(${value}${value}?)`, ['CF']);
  return out;
}

/** Whether total concentrations are tenths: `9+` or single digits above the codes 0, 1 and 2. */
function looksLikeEgg(codes: readonly ChartCodes[]): boolean {
  return codes.some(({ CT = '' }) => /^([3-9]|\d\+|9-10)$/.test(CT));
}
