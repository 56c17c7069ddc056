import { element, escape, label, round, textWidth, type Svg } from './svg.js';
import { INK, SIZE } from './theme.js';

/** The words around a figure. */
export interface Captions {
  readonly title: string;
  /** A quieter line under the title. */
  readonly subtitle?: string;
  /** Small print at the bottom, such as "synthetic data". */
  readonly footer?: string;
}

/** Left and right margin of the words, pixels. */
export const MARGIN = 24;

/**
 * A whole SVG file on white paper: title at the top left, small print at the bottom left.
 *
 * @param width of the drawing; the figure is wider where its words are.
 * @param height of the drawing without the small print, which gets its own room below.
 */
export function figure(
  width: number,
  height: number,
  captions: Captions,
  ...children: readonly Svg[]
): Svg {
  const { title, subtitle = '', footer } = captions;
  const words = Math.max(
    textWidth(title, SIZE.title, 'bold'),
    textWidth(subtitle, SIZE.label),
    textWidth(footer ?? '', SIZE.small),
  );
  const [w, h] = [Math.max(width, words + 2 * MARGIN), height + (footer === undefined ? 0 : 24)];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: w,
      height: h,
      viewBox: `0 0 ${round(w)} ${round(h)}`,
      'font-family': "'DejaVu Sans', Verdana, sans-serif",
      role: 'img',
    },
    element('title', {}, escape(title)),
    element('rect', { width: w, height: h, fill: INK.paper }),
    label(MARGIN, 33, title, { size: SIZE.title, weight: 'bold', color: INK.title }),
    label(MARGIN, 53, subtitle, { color: INK.quiet }),
    ...children,
    label(MARGIN, h - 15, footer ?? '', { size: SIZE.small, color: INK.quiet }),
  );
}

/** Where the drawing begins under the words at the top, with `room` for what stands over it. */
export function topOf({ subtitle }: Captions, room: number): number {
  return (subtitle === undefined ? 44 : 62) + room;
}
