import { Buffer } from 'node:buffer';
import { PNG } from 'pngjs';
import { PlotError } from './errors.js';
import { element, type Svg } from './svg.js';
import { INK } from './theme.js';

/** A picture in memory: rows from the north, 8 bits, three (RGB) or four (RGBA) values a pixel. */
export interface RgbImage {
  /** `[height,width,3]` or `[height,width,4]`, 0..255. */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** @throws {PlotError} unless the data fit the size. */
export function expectImage(name: string, { data, width, height }: RgbImage): void {
  const pixels = width * height;
  if (pixels > 0 && (data.length === pixels * 3 || data.length === pixels * 4)) return;
  throw new PlotError(
    `${name} must hold ${width}×${height} pixels of 3 or 4 values. Received: ${data.length} values.`,
  );
}

/** The picture as an SVG image in a thin frame; enlarged pixels stay square, reduced ones are averaged. */
export function placeImage(
  image: RgbImage,
  x: number,
  y: number,
  width: number,
  height: number,
): Svg {
  const enlarged = width >= image.width;
  return (
    element('image', {
      x,
      y,
      width,
      height,
      preserveAspectRatio: 'none',
      'image-rendering': enlarged ? 'optimizeSpeed' : 'optimizeQuality',
      href: dataUri(image),
    }) +
    element('rect', { x, y, width, height, fill: 'none', stroke: INK.axis, 'stroke-width': 0.75 })
  );
}

/** The red, green, blue and alpha of a pixel. */
export function pixelAt(
  { data, width, height }: RgbImage,
  index: number,
): [number, number, number, number] {
  const channels = data.length / (width * height);
  const at = index * channels;
  return [
    data[at] ?? 0,
    data[at + 1] ?? 0,
    data[at + 2] ?? 0,
    channels === 4 ? (data[at + 3] ?? 255) : 255,
  ];
}

function dataUri(image: RgbImage): string {
  const png = new PNG({ width: image.width, height: image.height });
  for (let index = 0; index < image.width * image.height; index++) {
    png.data.set(pixelAt(image, index), index * 4);
  }
  return `data:image/png;base64,${Buffer.from(PNG.sync.write(png)).toString('base64')}`;
}
