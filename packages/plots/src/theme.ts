/** Colours and sizes all figures share. */
export const INK = {
  title: '#16222e',
  text: '#2e3b47',
  quiet: '#64717d',
  axis: '#8793a0',
  grid: '#e4e9ee',
  panel: '#f7f9fa',
  paper: '#ffffff',
} as const;

/** Lines and categories that stay apart for colour-blind eyes (Okabe and Ito 2008), without the yellow. */
export const OKABE_ITO = [
  '#0072b2', // blue
  '#d55e00', // vermilion
  '#009e73', // bluish green
  '#cc79a7', // reddish purple
  '#e69f00', // orange
  '#56b4e9', // sky blue
  '#4d4d4d', // dark grey
] as const;

/** The colour of series or class number `index`, in turn. */
export function seriesColor(index: number): string {
  return OKABE_ITO[index % OKABE_ITO.length] ?? OKABE_ITO[0];
}

/** Font sizes in pixels. */
export const SIZE = { title: 17, panel: 12.5, label: 12, tick: 11, small: 10.5 } as const;
