import type { Tile } from '@arctic/preprocess';
import type { Image } from '@arctic/raster';

/** A rectangle of an image as an image of its own. */
export function cut(image: Image, { x, y, width, height }: Tile): Image {
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * image.width + x) * channels;
    data.set(image.data.subarray(start, start + width * channels), row * width * channels);
  }
  return { data, width, height, channels };
}
