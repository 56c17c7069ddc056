import { toHex } from '@arctic/plots/colormap';
import { byId, draw, make } from './dom.js';
import { layerOf } from './layers.js';
import { evenPalette } from './palette.js';
import type { Page, State } from './state.js';
import { MAP_COLOURS } from './theme.js';

/** Colour stops of the bar. */
const STOPS = 32;

/** Colours and what they mean. */
export function startLegend(page: Page): void {
  const card = byId('legend', HTMLDivElement);
  const show = (state: State) => {
    const layer = layerOf(state.layer);
    const palette = evenPalette(layer.palette);
    const [low, high] = layer.range;
    const stops = Array.from({ length: STOPS + 1 }, (_, i) => {
      const color = palette[Math.round((i / STOPS) * (palette.length - 1))] ?? [0, 0, 0];
      return draw('stop', { offset: i / STOPS, 'stop-color': toHex(color) });
    });
    const bar = draw(
      'svg',
      { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true', class: 'bar' },
      draw('defs', {}, draw('linearGradient', { id: 'ramp' }, ...stops)),
      draw('rect', { width: 100, height: 10, fill: 'url(#ramp)' }),
    );
    const ticks = make('div', { class: 'scale' });
    for (const value of layer.ticks) {
      const tick = make('span', {}, String(Math.round(100 * value)).replace('-', '−'));
      tick.style.left = `${(100 * (value - low)) / (high - low)}%`;
      ticks.append(tick);
    }
    const { land, missing, sea, edge } = MAP_COLOURS[state.theme];
    const swatches = make('ul', { class: 'swatches' });
    const add = (className: string, color: string, text: string) => {
      const swatch = make('i', { class: className });
      swatch.style.setProperty('--swatch', color);
      swatches.append(make('li', {}, swatch, text));
      return swatch;
    };
    add('flat', `rgb(${land.join(' ')})`, 'land');
    add('striped', `rgb(${missing[0].join(' ')})`, 'missing').style.setProperty(
      '--stripe',
      `rgb(${missing[1].join(' ')})`,
    );
    if (state.layer !== 'observed') add('flat', `rgb(${sea.join(' ')})`, 'not forecast');
    if (state.edge) add('line', edge, '15 % edge');
    card.replaceChildren(make('p', { class: 'title' }, layer.title), bar, ticks, swatches);
  };
  show(page.now);
  page.on(['layer', 'theme', 'edge'], show);
}
