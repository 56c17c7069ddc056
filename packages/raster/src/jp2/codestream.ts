import type { ByteFile } from '../byte-file.js';
import { damagedFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { viewOf } from './box.js';

/** A rectangle of the reference grid: [x0, x1) × [y0, y1). */
export interface Rectangle {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Sample type of a component. */
export interface Component {
  /** 1 to 38. */
  readonly bits: number;
  readonly signed: boolean;
}

/** How a tile-component is cut into wavelet levels, precincts and code-blocks (COD, COC). */
export interface CodingStyle {
  /** Wavelet decompositions; there are one more resolutions. */
  readonly levels: number;
  /** log2 of the code-block's width and height. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** log2 of the precincts' [width, height], smallest resolution first. */
  readonly precincts: readonly (readonly [number, number])[];
}

/** A marker segment: its code and its bytes, marker and length included. */
export interface Segment {
  readonly code: number;
  readonly bytes: Uint8Array;
}

/** The main header of a JPEG 2000 codestream. */
export interface MainHeader {
  readonly image: Rectangle;
  /** Tile 0 on the reference grid, before it is cut to the image. */
  readonly firstTile: Rectangle;
  readonly tilesAcross: number;
  readonly tilesDown: number;
  readonly components: readonly Component[];
  /** Of COD, then of every COC. */
  readonly styles: readonly CodingStyle[];
  readonly layers: number;
  /** In file order, from SIZ on. */
  readonly segments: readonly Segment[];
  /** Offset of the first tile-part in the file. */
  readonly end: number;
}

export const MARKER = {
  SOC: 0xff4f,
  SIZ: 0xff51,
  COD: 0xff52,
  COC: 0xff53,
  TLM: 0xff55,
  PLM: 0xff57,
  PPM: 0xff60,
  SOT: 0xff90,
  SOD: 0xff93,
  EOC: 0xffd9,
} as const;

/** Headers are a few hundred bytes; comments and packed lengths may make them larger. */
const MOST_SEGMENTS = 10_000;

/**
 * Reads the main header of the codestream at `start`.
 *
 * @throws RasterError `DamagedFile`, `UnsupportedFormat`
 */
export async function readMainHeader(
  file: ByteFile,
  start: number,
  end: number,
): Promise<MainHeader> {
  const soc = viewOf(await file.read(start, 2)).getUint16(0);
  if (soc !== MARKER.SOC) throw wrong(file, 'a codestream that begins with FF4F', hex(soc));
  const segments: Segment[] = [];
  let at = start + 2;
  for (;;) {
    const segment = await readSegment(file, at, end);
    if (segment.code === MARKER.SOT) break;
    segments.push(segment);
    at += segment.bytes.length;
    if (segment.bytes.length === 0 || segments.length > MOST_SEGMENTS) {
      throw wrong(file, 'a main header that ends with SOT', `${hex(segment.code)} at ${at}`);
    }
  }
  const [siz] = segments;
  if (siz?.code !== MARKER.SIZ) throw wrong(file, 'SIZ as first marker', hex(siz?.code ?? 0));
  if (segments.some(({ code }) => code === MARKER.PPM)) {
    throw new RasterError(
      'UnsupportedFormat',
      `${file.path}: expected packet headers beside their packets. Received: all of them in the main header (PPM). Convert the file with gdal_translate.`,
    );
  }
  const size = readSize(file, viewOf(siz.bytes));
  const cod = segments.find(({ code }) => code === MARKER.COD);
  if (!cod || cod.bytes.length < 14) throw wrong(file, 'a COD marker of 14 bytes', 'none');
  return {
    ...size,
    styles: stylesOf(file, segments, size.components.length),
    layers: viewOf(cod.bytes).getUint16(6),
    segments,
    end: at,
  };
}

/** The marker segment at `at`; SOT, SOD and EOC come without contents. */
export async function readSegment(file: ByteFile, at: number, end: number): Promise<Segment> {
  if (at + 2 > end) throw wrong(file, `a marker at ${at}`, 'the end of the codestream');
  const head = viewOf(await file.read(at, Math.min(4, end - at)));
  const code = head.getUint16(0);
  if (code === MARKER.SOT || code === MARKER.SOD || code === MARKER.EOC) {
    return { code, bytes: new Uint8Array(0) };
  }
  const length = head.byteLength < 4 ? 0 : head.getUint16(2);
  if (code < 0xff50 || length < 2 || at + 2 + length > end) {
    throw wrong(file, `a marker segment at ${at}`, `${hex(code)} of ${length} bytes`);
  }
  return { code, bytes: await file.read(at, 2 + length) };
}

/** The coding styles that COD and COC segments name. */
export function stylesOf(
  file: ByteFile,
  segments: readonly Segment[],
  components: number,
): CodingStyle[] {
  const styles: CodingStyle[] = [];
  for (const { code, bytes } of segments) {
    if (code === MARKER.COD) styles.push(styleAt(file, bytes, 9, (bytes[4] ?? 0) & 1));
    if (code === MARKER.COC) {
      const wide = components < 257 ? 0 : 1;
      styles.push(styleAt(file, bytes, 6 + wide, (bytes[5 + wide] ?? 0) & 1));
    }
  }
  return styles;
}

function styleAt(file: ByteFile, bytes: Uint8Array, at: number, ownPrecincts: number): CodingStyle {
  const levels = bytes[at] ?? 255;
  const blockWidth = ((bytes[at + 1] ?? 255) & 15) + 2;
  const blockHeight = ((bytes[at + 2] ?? 255) & 15) + 2;
  const length = at + 5 + (ownPrecincts ? levels + 1 : 0);
  if (levels > 32 || blockWidth > 10 || blockHeight > 10 || bytes.length < length) {
    throw wrong(
      file,
      'a coding style of up to 32 levels and blocks of up to 1024 samples a side',
      `${levels} levels, blocks of 2^${blockWidth} × 2^${blockHeight}, ${bytes.length} bytes`,
    );
  }
  const precincts = Array.from({ length: levels + 1 }, (_, resolution) => {
    const packed = ownPrecincts ? (bytes[at + 5 + resolution] ?? 0xff) : 0xff;
    return [packed & 15, packed >> 4] as const;
  });
  return { levels, blockWidth, blockHeight, precincts };
}

function readSize(
  file: ByteFile,
  siz: DataView,
): Pick<MainHeader, 'image' | 'firstTile' | 'tilesAcross' | 'tilesDown' | 'components'> {
  const count = siz.byteLength < 40 ? 0 : siz.getUint16(38);
  if (count === 0 || siz.byteLength < 40 + 3 * count) {
    throw wrong(file, 'SIZ with one component or more', `${siz.byteLength} bytes`);
  }
  const [x1 = 0, y1 = 0, x0 = 0, y0 = 0, dx = 0, dy = 0, tx = 0, ty = 0] = Array.from(
    { length: 8 },
    (_, i) => siz.getUint32(6 + 4 * i),
  );
  const tilesAcross = Math.ceil((x1 - tx) / dx);
  const tilesDown = Math.ceil((y1 - ty) / dy);
  const sound = x0 < x1 && y0 < y1 && tx <= x0 && ty <= y0 && tx + dx > x0 && ty + dy > y0;
  if (!sound || !(tilesAcross * tilesDown <= 65_535)) {
    throw wrong(
      file,
      'an image cut into up to 65,535 tiles',
      `x ${x0} to ${x1}, y ${y0} to ${y1}, tiles of ${dx} × ${dy} from ${tx}, ${ty}`,
    );
  }
  const components = Array.from({ length: count }, (_, i) => {
    const depth = siz.getUint8(40 + 3 * i);
    if (siz.getUint8(41 + 3 * i) !== 1 || siz.getUint8(42 + 3 * i) !== 1) {
      throw new RasterError(
        'UnsupportedFormat',
        `${file.path}: expected components of the image's own size. Received: component ${i + 1} is subsampled. Convert the file with gdal_translate to one without chroma subsampling.`,
      );
    }
    return { bits: (depth & 0x7f) + 1, signed: depth > 0x7f };
  });
  return {
    image: { x0, y0, x1, y1 },
    firstTile: { x0: tx, y0: ty, x1: tx + dx, y1: ty + dy },
    tilesAcross,
    tilesDown,
    components,
  };
}

function wrong(file: ByteFile, expected: string, received: string): RasterError {
  return damagedFile(file.path, expected, received);
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
