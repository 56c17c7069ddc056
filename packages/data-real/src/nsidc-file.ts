import { isoDate } from '@arctic/raster';
import { DataRealError } from './errors.js';
import { parseNsidcName, type NsidcName } from './nsidc-name.js';
import { gridShape, type Hemisphere } from './polar-stereographic.js';

/** One NSIDC binary file, checked, its values still the bytes of the file. */
export interface NsidcField extends NsidcName {
  /** Path, or `archive:entry`, for messages. */
  readonly path: string;
  /** [H,W] uint8: 0..250 concentration × 250; above that a flag. */
  readonly codes: Uint8Array;
}

/** The values of `codes` that are no concentration. */
export const NSIDC_FLAG = {
  poleHole: 251,
  unused: 252,
  coast: 253,
  land: 254,
  missing: 255,
} as const;

/** Codes up to this one are concentrations. */
export const MAX_CONCENTRATION_CODE = 250;

const HEADER_BYTES = 300;

/**
 * Checks a file of NSIDC-0051 or NSIDC-0081, version 1, against its name and its 300-byte header.
 * The header is ASCII in fields of fixed width, padded with spaces or NULs; versions 01 and 1.1
 * differ in titles only. `undefined` where the name is not one of the product's.
 *
 * @throws DataRealError `DamagedFile` (with bytes or values expected and received), `UnsupportedFormat`
 */
export function parseNsidcFile(path: string, bytes: Uint8Array): NsidcField | undefined {
  const name = parseNsidcName(path);
  if (!name) return undefined;
  assertSize(path, bytes.length, name.hemisphere);
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, HEADER_BYTES).toString('latin1');
  const { height, width } = gridShape(name.hemisphere);
  assertField(path, 'columns in the header', number(header, 6, 12), width);
  assertField(path, 'rows in the header', number(header, 12, 18), height);
  if (
    number(header, 120, 126) !== MAX_CONCENTRATION_CODE ||
    number(header, 0, 6) !== NSIDC_FLAG.missing
  ) {
    throw new DataRealError(
      'UnsupportedFormat',
      `${path}: expected scale 250 and missing value 255 in the header. Received: scale ${text(header, 120, 126)}, missing ${text(header, 0, 6)}. Only NSIDC-0051 and NSIDC-0081 of version 1 are read.`,
    );
  }
  assertDate(path, name, header);
  return { ...name, path, codes: bytes.subarray(HEADER_BYTES) };
}

function assertSize(path: string, received: number, hemisphere: Hemisphere): void {
  const size = (pole: Hemisphere) => HEADER_BYTES + gridShape(pole).height * gridShape(pole).width;
  if (received === size(hemisphere)) return;
  const other: Hemisphere = hemisphere === 'north' ? 'south' : 'north';
  const hint =
    received === size(other)
      ? `That is the size of the ${other}: give the file its original name.`
      : received < size(hemisphere)
        ? 'The file is truncated: download it again.'
        : 'The file is too long: download it again.';
  throw new DataRealError(
    'DamagedFile',
    `${path}: expected ${size(hemisphere)} bytes (${HEADER_BYTES} of header, then the ${hemisphere} grid). Received: ${received} bytes. ${hint}`,
  );
}

/** The date in the name rules; a header that says another one means a mixed-up file. */
function assertDate(path: string, name: NsidcName, header: string): void {
  const date = isoDate(name.day);
  const fullYear = Number(date.slice(0, 4));
  const year = number(header, 102, 108);
  if (year !== undefined) {
    // Early headers give the year in two digits.
    assertField(path, 'the year in the header', year, year < 100 ? fullYear % 100 : fullYear);
  }
  if (name.kind === 'daily') {
    const dayOfYear = number(header, 108, 114);
    const expected = (Date.parse(date) - Date.UTC(fullYear, 0, 1)) / 86_400_000 + 1;
    if (dayOfYear !== undefined)
      assertField(path, 'the day of the year in the header', dayOfYear, expected);
    return;
  }
  const month = /\b(\d{2})\/\d{4}\b/.exec(text(header, 150, 230))?.[1];
  if (month) assertField(path, 'the month in the header', Number(month), Number(date.slice(5, 7)));
}

function assertField(path: string, what: string, received: number | undefined, expected: number) {
  if (received === expected) return;
  throw new DataRealError(
    'DamagedFile',
    `${path}: expected ${expected} as ${what}. Received: ${received ?? 'no number'}. Download the file again, under its original name.`,
  );
}

function text(header: string, from: number, to: number): string {
  return header.slice(from, to).replaceAll('\0', ' ').trim();
}

function number(header: string, from: number, to: number): number | undefined {
  const digits = text(header, from, to);
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}
