import { INK, SIZE } from './theme.js';

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A piece of SVG as text, already escaped. */
export type Svg = string;

/** An element; numbers are rounded to hundredths, attributes that are `undefined` left out. */
export function element(name: string, attributes: Attributes, ...children: readonly Svg[]): Svg {
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === 'number' ? round(value) : escape(String(value))}"`,
    )
    .join('');
  return children.length === 0
    ? `<${name}${text}/>`
    : `<${name}${text}>${children.join('')}</${name}>`;
}

/** How a text is set. */
export interface TextStyle {
  /** Pixels. @default 12 */
  readonly size?: number;
  readonly weight?: 'normal' | 'bold';
  readonly color?: string;
  /** Which part of the text stands at x. @default 'start' */
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Turn about its point, degrees clockwise. @default 0 */
  readonly rotate?: number;
  /** Colour of a rim that keeps the text apart from what lies under it. @default none */
  readonly halo?: string;
}

/** A line of text whose baseline starts at x, y. */
export function label(x: number, y: number, content: string, style: TextStyle = {}): Svg {
  if (content === '') return '';
  const { size = SIZE.label, weight, color = INK.text, anchor, rotate, halo } = style;
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      'font-weight': weight,
      fill: color,
      'text-anchor': anchor,
      stroke: halo,
      'stroke-width': halo === undefined ? undefined : 4,
      'stroke-linejoin': halo === undefined ? undefined : 'round',
      'paint-order': halo === undefined ? undefined : 'stroke',
      transform: rotate === undefined ? undefined : `rotate(${rotate} ${round(x)} ${round(y)})`,
    },
    escape(content),
  );
}

/** A straight line. */
export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  width = 1,
): Svg {
  return element('line', { x1, y1, x2, y2, stroke, 'stroke-width': width });
}

/** The path through the points; it breaks where a coordinate is not finite. */
export function pathThrough(points: readonly (readonly [number, number])[]): string {
  let pen = 'M';
  let path = '';
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      path += `${pen}${round(x)} ${round(y)}`;
      pen = 'L';
    } else pen = 'M';
  }
  return path;
}

/** Roughly how wide a text is in DejaVu Sans, in pixels: enough to lay out legends. */
export function textWidth(
  content: string,
  size: number,
  weight: 'normal' | 'bold' = 'normal',
): number {
  let ems = 0;
  for (const letter of content) {
    if (/[ iljtfr.,:;'|!()[\]/-]/.test(letter)) ems += 0.36;
    else if (/[mwMW@%—]/.test(letter)) ems += 0.92;
    else ems += /[A-Z]/.test(letter) ? 0.68 : 0.61;
  }
  return ems * size * (weight === 'bold' ? 1.1 : 1);
}

/** The text with XML's own characters, and those XML forbids, replaced. */
export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

/** To hundredths of a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
