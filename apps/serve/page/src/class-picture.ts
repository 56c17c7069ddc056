import { make } from './dom.js';
import type { MapSummary } from './shapes.js';

/** Colours that colour-blind eyes tell apart, by what a class means; others take turns. */
const MEANT: Readonly<Record<string, string>> = {
  open_water: '#123a66',
  thin_ice: '#56b4e9',
  thick_ice: '#f4f8fb',
  no_change: '#3d4a57',
  change: '#e69f00',
};
const OTHERS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

/** The map of an image's classes with its legend and shares. */
export function classPicture(
  { map, classes, fractions, missing, width, height }: MapSummary,
  kind: 'classify' | 'changes',
): readonly HTMLElement[] {
  const rows = map.classes.length;
  const columns = map.classes[0]?.length ?? 0;
  const colours = classes.map((name, i) => MEANT[name] ?? OTHERS[i % OTHERS.length] ?? '#888888');
  const said = classes.map((name) => `${words(name)} ${share(fractions[name] ?? 0)}`).join(', ');
  const canvas = make('canvas', {
    class: 'classes',
    role: 'img',
    'aria-label': `${kind === 'classify' ? 'Ice classes' : 'Changes'}: ${said}`,
  });
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  map.classes.forEach((row, y) => {
    row.forEach((value, x) => {
      if (!context || value === null) return;
      context.fillStyle = colours[value] ?? '#888888';
      context.fillRect(x, y, 1, 1);
    });
  });
  const legend = make('ul', { class: 'shares' });
  for (const [i, name] of classes.entries()) {
    const swatch = make('i', { class: 'flat' });
    swatch.style.setProperty('--swatch', colours[i] ?? '');
    const bar = make('meter', {
      min: '0',
      max: '1',
      value: String(fractions[name] ?? 0),
      'aria-label': words(name),
    });
    legend.append(
      make(
        'li',
        {},
        swatch,
        make('span', {}, words(name)),
        bar,
        make('b', {}, share(fractions[name] ?? 0)),
      ),
    );
  }
  const size = `${width} × ${height} pixels${missing > 0 ? `, ${missing} of them missing` : ''}`;
  return [canvas, legend, make('p', { class: 'hint' }, size)];
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

function share(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
