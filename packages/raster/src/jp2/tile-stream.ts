import { MARKER, type MainHeader, type Rectangle, type Segment } from './codestream.js';

/** What a decoder is asked for: components of one tile, all of one sample type. */
export interface Channels {
  /** Numbers of components. */
  readonly components: readonly number[];
  /** Sample type that they come as: 8 unsigned, or 16. */
  readonly bits: 8 | 16;
  readonly signed: boolean;
}

/** Marker segments that count or measure tiles of the whole image. */
const OF_ALL_TILES: ReadonlySet<number> = new Set([MARKER.SIZ, MARKER.TLM, MARKER.PLM]);

/**
 * A JP2 file of one tile: the main header with the image cut down to `tile`, then its tile-parts.
 *
 * The file's palette box maps no colours: it only selects `channels`, since the decoder hands out
 * one component of 16 bit, or three of 8 bit, and nothing else.
 *
 * @param parts contents after SOT of each tile-part, with part and parts as in the file.
 */
export function tileStream(
  header: MainHeader,
  tile: Rectangle,
  parts: readonly { readonly bytes: Uint8Array; readonly part: number; readonly parts: number }[],
  channels: Channels,
): Uint8Array {
  const stream: Uint8Array[] = [u16(MARKER.SOC), cutSize(header.segments[0], tile)];
  for (const { code, bytes } of header.segments) if (!OF_ALL_TILES.has(code)) stream.push(bytes);
  for (const { bytes, part, parts: count } of parts) {
    stream.push(u16(MARKER.SOT, 10, 0), u32(12 + bytes.length), Uint8Array.of(part, count), bytes);
  }
  stream.push(u16(MARKER.EOC));
  const { components, bits, signed } = channels;
  const count = components.length;
  const palette = box(
    'pclr',
    u16(1),
    Uint8Array.of(count, ...components.map(() => (bits - 1) | (signed ? 0x80 : 0))),
    new Uint8Array((count * bits) / 8),
  );
  const mapping = components.map((component) => join([u16(component), Uint8Array.of(0, 0)]));
  return join([
    box('jP  ', u32(0x0d0a870a)),
    box('ftyp', latin('jp2 '), u32(0), latin('jp2 ')),
    box(
      'jp2h',
      box(
        'ihdr',
        u32(tile.y1 - tile.y0, tile.x1 - tile.x0),
        u16(header.components.length),
        Uint8Array.of(255, 7, 0, 0),
      ),
      box(
        'bpcc',
        Uint8Array.from(header.components, (c) => (c.bits - 1) | (c.signed ? 0x80 : 0)),
      ),
      // Grey or RGB: no conversion of colours.
      box('colr', Uint8Array.of(1, 0, 0), u32(count === 1 ? 17 : 16)),
      palette,
      box('cmap', ...mapping),
    ),
    box('jp2c', ...stream),
  ]);
}

function cutSize(siz: Segment | undefined, { x0, y0, x1, y1 }: Rectangle): Uint8Array {
  const bytes = Uint8Array.from(siz?.bytes ?? []);
  bytes.set(u32(x1, y1, x0, y0, x1 - x0, y1 - y0, x0, y0), 6);
  return bytes;
}

function box(type: string, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = join(contents);
  return join([u32(8 + body.length), latin(type), body]);
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function u16(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >>> 8, value & 255]));
}

function u32(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap((value) => [
      value >>> 24,
      (value >>> 16) & 255,
      (value >>> 8) & 255,
      value & 255,
    ]),
  );
}
