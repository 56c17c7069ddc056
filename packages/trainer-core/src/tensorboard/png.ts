import { OptionsError } from '../errors.js';

/** What the head of a PNG says. */
export interface PngHead {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Channels once a palette is resolved: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Channels by the colour type of a PNG. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/**
 * Size and channels of a PNG; the pixels are not looked at.
 *
 * @param name Names the image in errors.
 * @throws OptionsError for bytes that do not begin as a PNG does.
 */
export function pngHead(png: Uint8Array, name: string): PngHead {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const channels = png.length < 26 ? undefined : CHANNELS[view.getUint8(25)];
  if (channels === undefined || SIGNATURE.some((byte, i) => png[i] !== byte)) {
    const start = [...png.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'));
    throw new OptionsError(
      `Expected image "${name}" as the bytes of a PNG. ` +
        `Received: ${png.length} bytes that begin with ${start.join(' ') || 'nothing'}.`,
    );
  }
  return { width: view.getUint32(16), height: view.getUint32(20), channels };
}
