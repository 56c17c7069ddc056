import type { Rgb } from '@arctic/plots/colormap';
import { byId } from './dom.js';
import type { Page, State } from './state.js';

/** Colours of what is drawn on the map beside the values. */
export interface MapColours {
  readonly sea: Rgb;
  readonly land: Rgb;
  readonly coast: string;
  readonly line: string;
  readonly label: string;
  readonly halo: string;
  /** Two stripes where there is no value. */
  readonly missing: readonly [Rgb, Rgb];
  readonly edge: string;
  readonly box: string;
}

/** The sea is dark in both: ice is bright, and the lowest value is open water. */
export const MAP_COLOURS: Readonly<Record<State['theme'], MapColours>> = {
  light: {
    sea: [46, 68, 94],
    land: [214, 207, 196],
    coast: 'rgb(120 111 99)',
    line: 'rgb(255 255 255 / 0.28)',
    label: 'rgb(255 255 255 / 0.92)',
    halo: 'rgb(20 34 51 / 0.8)',
    missing: [
      [150, 141, 132],
      [196, 187, 177],
    ],
    edge: 'rgb(255 120 30)',
    box: 'rgb(255 214 64)',
  },
  dark: {
    sea: [36, 47, 60],
    land: [70, 66, 60],
    coast: 'rgb(138 130 119)',
    line: 'rgb(255 255 255 / 0.2)',
    label: 'rgb(232 238 244)',
    halo: 'rgb(8 14 22 / 0.9)',
    missing: [
      [98, 92, 86],
      [134, 127, 119],
    ],
    edge: 'rgb(255 120 30)',
    box: 'rgb(255 214 64)',
  },
};

const STORED = 'arctic-theme';

export function firstTheme(): State['theme'] {
  const stored = localStorage.getItem(STORED);
  if (stored === 'light' || stored === 'dark') return stored;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** The toggle; follows the system until it is used. */
export function startTheme(page: Page): void {
  const button = byId('theme', HTMLButtonElement);
  const show = ({ theme }: State) => {
    document.documentElement.dataset['theme'] = theme;
    button.setAttribute('aria-pressed', String(theme === 'dark'));
  };
  show(page.now);
  page.on(['theme'], show);
  button.addEventListener('click', () => {
    const theme = page.now.theme === 'dark' ? 'light' : 'dark';
    localStorage.setItem(STORED, theme);
    page.set({ theme });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    page.set({ theme: firstTheme() });
  });
}
