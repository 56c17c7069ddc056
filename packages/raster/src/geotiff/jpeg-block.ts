import { getDecoder } from 'geotiff';
import sharp from 'sharp';
import { COMPRESSION, PHOTOMETRIC } from './tags.js';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** Adobe's marker says whether three components are YCbCr (1) or as they are (0). */
const ADOBE = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0];

/**
 * The pixels of one JPEG block of a TIFF: [rows, width, samples] uint8. YCbCr becomes RGB; colours
 * that the TIFF calls RGB stay as they are.
 *
 * @throws Error on damaged data or a picture of another size.
 */
export async function decodeJpegBlock(
  bytes: Uint8Array,
  tables: Uint8Array | null,
  size: { readonly rows: number; readonly width: number; readonly samples: number },
  photometric: number,
): Promise<Uint8Array> {
  const { rows, width, samples } = size;
  const frame = frameOf(bytes);
  if (frame.bits !== 8) throw new Error(`JPEG of ${frame.bits} bits unsupported`);
  if (frame.width !== width || frame.rows < rows || frame.rows > rows + 16) {
    throw new Error(`a JPEG of ${frame.rows}×${frame.width} for ${rows}×${width} pixels`);
  }
  if (frame.samples !== samples) throw new Error(`${frame.samples} components for ${samples}`);
  const length = rows * width * samples;
  if (samples !== 1 && samples !== 3) {
    const decoder = await getDecoder(COMPRESSION.jpeg, {
      tileWidth: width,
      tileHeight: rows,
      predictor: 1,
      bitsPerSample: 8,
      planarConfiguration: 1,
      // Its type lacks the field that its JPEG decoder reads.
      ...{ JPEGTables: tables ?? undefined },
    });
    const whole = Uint8Array.from(bytes).buffer;
    return wholeBlock(new Uint8Array(await decoder.decodeBlock(whole)), length);
  }
  // Tables first, without their end marker and the picture's own start marker.
  const shared = tables && tables.length > 4 ? tables.subarray(2, endOf(tables)) : new Uint8Array();
  const adobe = [...ADOBE, photometric === PHOTOMETRIC.ycbcr ? 1 : 0];
  const jpeg = Buffer.concat([
    Uint8Array.of(0xff, SOI),
    Uint8Array.from(samples === 3 ? adobe : []),
    shared,
    bytes.subarray(2),
  ]);
  const image = sharp(jpeg, { limitInputPixels: frame.rows * width, failOn: 'error' });
  const { data, info } = await image
    .toColourspace(samples === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== samples) throw new Error(`${info.channels} components for ${samples}`);
  return wholeBlock(data, length);
}

function wholeBlock(pixels: Uint8Array, length: number): Uint8Array {
  if (pixels.length < length) throw new Error(`${pixels.length} of ${length} bytes`);
  return pixels.subarray(0, length);
}

function endOf(tables: Uint8Array): number {
  const { length } = tables;
  return tables[length - 2] === 0xff && tables[length - 1] === EOI ? length - 2 : length;
}

/** What the frame header says, found before anything is decoded. */
function frameOf(jpeg: Uint8Array) {
  for (let at = 2; at + 9 < jpeg.length;) {
    const marker = jpeg[at + 1] ?? 0;
    if (jpeg[at] !== 0xff || marker === SOS) break;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) {
      return {
        bits: jpeg[at + 4] ?? 0,
        rows: word(jpeg, at + 5),
        width: word(jpeg, at + 7),
        samples: jpeg[at + 9] ?? 0,
      };
    }
    at += 2 + word(jpeg, at + 2);
  }
  throw new Error('a JPEG without a frame header');
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
