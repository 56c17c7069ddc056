import type { LegendItem } from './axes.js';
import { fromHex, mix } from './colormap.js';
import { expectLength, PlotError } from './errors.js';
import { expectImage, pixelAt, type RgbImage } from './image.js';
import { seriesColor } from './theme.js';

/** How a class map is laid over a picture. */
export interface ClassOverlayOptions {
  /** Colour of each class, `#rrggbb`. @default the Okabe–Ito colours in turn */
  readonly colors?: readonly string[];
  /** Strength of the colours, 0..1. @default 0.45 */
  readonly opacity?: number;
}

/**
 * The picture with each pixel tinted in its class's colour; pixels of no class (255) stay as they are.
 *
 * @param classes `[H,W]`, index of the class, 255 where unknown.
 * @throws {PlotError} when the class map does not fit the picture.
 */
export function classOverlay(
  rgb: RgbImage,
  classes: Uint8Array,
  { colors, opacity = 0.45 }: ClassOverlayOptions = {},
): RgbImage {
  expectImage('rgb', rgb);
  expectLength('classes', classes.length, rgb.width * rgb.height, `[${rgb.height},${rgb.width}]`);
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new PlotError(`opacity must be a number from 0 to 1. Received: ${opacity}.`);
  }
  const tints = Array.from({ length: 255 }, (_, k) => fromHex(colors?.[k] ?? seriesColor(k)));
  const data = new Uint8Array(classes.length * 3);
  classes.forEach((k, index) => {
    const [red, green, blue] = pixelAt(rgb, index);
    const tint = tints[k];
    data.set(tint ? mix([red, green, blue], tint, opacity) : [red, green, blue], index * 3);
  });
  return { data, width: rgb.width, height: rgb.height };
}

/** Legend entries for the classes, in the colours of {@link classOverlay}. */
export function classLegend(names: readonly string[], colors?: readonly string[]): LegendItem[] {
  return names.map((name, k) => ({
    name: name.replaceAll('_', ' '),
    color: colors?.[k] ?? seriesColor(k),
    kind: 'box',
  }));
}
