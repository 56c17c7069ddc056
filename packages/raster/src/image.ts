/**
 * An 8-bit picture in memory: photographs, and label maps whose values are class numbers.
 *
 * `data` is [H,W,C], row-major, rows from the top, channels last: `data[(y * width + x) * channels + c]`.
 * One channel is grey or a label map, three RGB, four RGB and alpha (255 opaque).
 */
export interface Image {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
}
