import { damagedFile, type ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';

/** What the header of a PNG or JPEG says of its decoded pixels. */
export interface PictureHeader {
  readonly format: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
  /** Bands of the file, with alpha: 1 to 4. Palettes count as the three of RGB. */
  readonly bands: number;
  /** Whether the last band is alpha. */
  readonly alpha: boolean;
  /** Whether a colour of the file stands for missing, and decodes to an alpha band on top. */
  readonly transparent: boolean;
  /** Bits per sample of the values: 1, 2, 4 (grey alone), 8 or 16. */
  readonly bits: number;
}

/** Markers of a JPEG's frame: every SOF but those of differential and arithmetic coding. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

/** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
export async function readPictureHeader(file: ByteFile): Promise<PictureHeader> {
  const magic = Buffer.from(await file.read(0, Math.min(8, file.size)));
  if (magic.toString('hex') === '89504e470d0a1a0a') return readPng(file);
  if (magic.toString('hex', 0, 2) === 'ffd8') return readJpeg(file);
  throw new RasterError(
    file.size < 8 ? 'DamagedFile' : 'UnsupportedFormat',
    `${file.path}: expected a PNG or JPEG. Received: first bytes ${magic.toString('hex')}. Convert it to PNG.`,
  );
}

async function readPng(file: ByteFile): Promise<PictureHeader> {
  const chunk = Buffer.from(await file.read(8, Math.min(25, file.size - 8)));
  if (chunk.length < 25 || chunk.toString('latin1', 4, 8) !== 'IHDR') {
    throw damagedFile(file.path, 'a PNG header', `${file.size} bytes`);
  }
  const [width, height] = [chunk.readUInt32BE(8), chunk.readUInt32BE(12)];
  const [depth, colour] = [chunk.readUInt8(16), chunk.readUInt8(17)];
  const grey = colour === 0 || colour === 4;
  const alpha = colour === 4 || colour === 6;
  if (width === 0 || height === 0 || ![1, 2, 4, 8, 16].includes(depth)) {
    throw damagedFile(file.path, 'a PNG of 1 to 16 bits', `${width}×${height} of ${depth} bits`);
  }
  return {
    format: 'png',
    width,
    height,
    bands: (grey ? 1 : 3) + (alpha ? 1 : 0),
    alpha,
    transparent: !alpha && (await hasTransparency(file)),
    bits: colour === 3 ? 8 : depth,
  };
}

/** Whether a tRNS chunk, which stands before the pixels, makes colours transparent. */
async function hasTransparency(file: ByteFile): Promise<boolean> {
  for (let at = 8; at + 8 <= file.size;) {
    const head = Buffer.from(await file.read(at, 8));
    const type = head.toString('latin1', 4, 8);
    if (type === 'tRNS') return true;
    if (type === 'IDAT' || type === 'IEND') return false;
    at += 12 + head.readUInt32BE(0);
  }
  return false;
}

async function readJpeg(file: ByteFile): Promise<PictureHeader> {
  for (let at = 2; at + 4 <= file.size;) {
    const head = Buffer.from(await file.read(at, 4));
    const marker = head.readUInt8(1);
    if (head.readUInt8(0) !== 0xff) break;
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2; // Fill bytes, and markers without a length.
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const frame = Buffer.from(await file.read(at + 4, Math.min(6, file.size - at - 4)));
      if (frame.length < 6) break;
      return frameHeader(file, marker, frame);
    }
    if (marker === 0xd9 || marker === 0xda) break;
    at += 2 + head.readUInt16BE(2);
  }
  throw damagedFile(file.path, 'a JPEG with a frame header', 'none in it');
}

function frameHeader(file: ByteFile, marker: number, frame: Buffer): PictureHeader {
  const bits = frame.readUInt8(0);
  const [height, width, components] = [
    frame.readUInt16BE(1),
    frame.readUInt16BE(3),
    frame.readUInt8(5),
  ];
  if (!FRAMES.has(marker) || bits !== 8 || (components !== 1 && components !== 3)) {
    throw new RasterError(
      'UnsupportedFormat',
      `${file.path}: expected a baseline or progressive JPEG of 8 bits, grey or colour (1 or 3 components). Received: frame ${marker.toString(16)}, ${bits} bits, ${components} components. Convert it to PNG.`,
    );
  }
  if (width === 0 || height === 0) {
    throw damagedFile(file.path, 'a JPEG with pixels', `${width}×${height}`);
  }
  return {
    format: 'jpeg',
    width,
    height,
    bands: components,
    alpha: false,
    transparent: false,
    bits,
  };
}
