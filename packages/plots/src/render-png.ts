import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { PlotError } from './errors.js';
import type { Svg } from './svg.js';

/**
 * The figure as a PNG file, without a browser.
 *
 * @throws {PlotError} when the text is not SVG.
 */
export function renderPng(
  svg: Svg,
  {
    scale = 2,
  }: {
    /** Pixels of the file for one of the figure; 2 is sharp on most screens. @default 2 */
    readonly scale?: number;
  } = {},
): Uint8Array {
  if (!(scale > 0)) {
    throw new PlotError(`scale must be a number above 0. Received: ${scale}.`);
  }
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
    resolve(`dejavu-fonts-ttf/ttf/${file}`),
  );
  try {
    const image = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
    });
    return new Uint8Array(image.render().asPng());
  } catch (cause) {
    throw new PlotError(`The figure must be SVG. Received: ${svg.slice(0, 60)}`, { cause });
  }
}
