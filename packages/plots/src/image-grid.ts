import { legend, type LegendItem } from './axes.js';
import { expectSome } from './errors.js';
import { expectImage, placeImage, type RgbImage } from './image.js';
import { element, label, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';
import { INK, SIZE } from './theme.js';

/** A picture with its caption. */
export interface ImageTile {
  readonly rgb: RgbImage;
  readonly title: string;
  /** A quieter second line. */
  readonly note?: string;
  /** Frames the picture: blue where right, vermilion where wrong. @default no frame */
  readonly verdict?: 'right' | 'wrong';
}

/** Pictures in rows. */
export interface ImageGridOptions extends Captions {
  readonly tiles: readonly ImageTile[];
  /** Pictures in a row. @default 4 */
  readonly columns?: number;
  /** Width of a picture, pixels. @default 190 */
  readonly size?: number;
  /** What colours in the pictures mean. @default none */
  readonly legend?: readonly LegendItem[];
}

const VERDICT_COLOR = { right: '#0072b2', wrong: '#d55e00' } as const;

/**
 * Captioned pictures in rows, as SVG.
 *
 * @throws {PlotError} when there is no tile or a picture does not fit its size.
 */
export function imageGrid(options: ImageGridOptions): Svg {
  const { tiles, size = 190 } = options;
  expectSome('tiles', tiles);
  tiles.forEach(({ rgb, title }) => expectImage(`tile "${title}"`, rgb));
  const columns = Math.max(1, Math.min(options.columns ?? 4, tiles.length));
  const tall = Math.max(...tiles.map(({ rgb }) => (size * rgb.height) / rgb.width));
  const caption = tiles.some(({ note }) => note !== undefined) ? 44 : 28;
  const top = topOf(options, 12);
  const drawn = tiles.map(({ rgb, title, note, verdict }, index) => {
    const x = 24 + (index % columns) * (size + 16);
    const y = top + Math.floor(index / columns) * (tall + caption);
    const height = (size * rgb.height) / rgb.width;
    return [
      placeImage(rgb, x, y, size, height),
      verdict === undefined
        ? ''
        : element('rect', {
            x: x + 1.5,
            y: y + 1.5,
            width: size - 3,
            height: height - 3,
            fill: 'none',
            stroke: VERDICT_COLOR[verdict],
            'stroke-width': 3,
          }),
      label(x, y + height + 17, title, {
        size: SIZE.tick,
        weight: 'bold',
        color: verdict === undefined ? INK.title : VERDICT_COLOR[verdict],
      }),
      note === undefined
        ? ''
        : label(x, y + height + 32, note, { size: SIZE.small, color: INK.quiet }),
    ].join('');
  });
  const bottom = top + Math.ceil(tiles.length / columns) * (tall + caption);
  const width = 24 + columns * (size + 16) + 8;
  const items: LegendItem[] = [
    ...(['right', 'wrong'] as const)
      .filter((name) => tiles.some(({ verdict }) => verdict === name))
      .map((name) => ({ name, color: VERDICT_COLOR[name], kind: 'box' as const })),
    ...(options.legend ?? []),
  ];
  const keys =
    items.length === 0 ? { svg: '', height: 0 } : legend(24, bottom + 14, width - 48, items);
  return figure(width, bottom + keys.height + 8, options, ...drawn, keys.svg);
}
