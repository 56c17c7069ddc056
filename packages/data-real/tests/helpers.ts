import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { SicCube } from '@arctic/raster';
import { afterAll } from 'vitest';
import { isDataRealError, type DataRealErrorTag, type Hemisphere } from '../src/index.js';

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'arctic-data-real-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The message of the DataRealError that `action` must end in. */
export async function failure(action: () => unknown, tag: DataRealErrorTag): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (isDataRealError(error, tag)) return error.message;
    throw error;
  }
  throw new Error(`expected a DataRealError ${tag}`);
}

export const SIZES = {
  north: { height: 448, width: 304 },
  south: { height: 332, width: 316 },
} as const;

/** Indices of cells that the made files treat specially; all others are open ocean. */
export const CELLS = { ice: 1000, land: 0, coast: 1, unused: 2, hole: 5000, missing: 7000 };

export interface MadeFile {
  readonly name: string;
  readonly hemisphere?: Hemisphere;
  /** Code at `CELLS.ice`. */
  readonly code?: number;
  /** Further codes by cell. */
  readonly codes?: Readonly<Record<number, number>>;
  /** Header fields by offset, overriding the right ones. */
  readonly header?: Readonly<Record<number, string>>;
  /** Byte between header fields and after them: NUL as in nrt files, or a space. */
  readonly pad?: string;
}

/** The bytes of an NSIDC binary file with a header that fits its name. */
export function nsidcBytes(file: MadeFile): Buffer {
  const { name, code = 200, hemisphere = 'north', pad = '\0' } = file;
  const { height, width } = SIZES[hemisphere];
  const [, year = '', month = '', day] = /nt_(\d{4})(\d{2})(\d{2})?_/.exec(name) ?? [];
  const dayOfYear =
    (Date.UTC(+year, +month - 1, +(day ?? 1)) - Date.UTC(+year, 0, 1)) / 86_400_000 + 1;
  const number = (value: number, digits: number) => String(value).padStart(digits, '0');
  const fields: Record<number, string> = {
    0: '00255',
    6: String(width).padStart(5),
    12: String(height).padStart(5),
    102: ` ${year}`,
    108: `  ${number(dayOfYear, 3)}`,
    120: '00250',
    126: name.slice(0, -4).padStart(23),
    150: `ARCTIC  TOTAL ICE CONCENTRATION  ${day ? `DAY ${number(dayOfYear, 3)} ${month}/${day}/${year}` : `${month}/${year}`}`,
    ...file.header,
  };
  const bytes = Buffer.alloc(300 + height * width);
  bytes.fill(pad, 0, 300, 'latin1');
  for (const [at, value] of Object.entries(fields)) bytes.write(value, Number(at), 'latin1');
  const codes = {
    [CELLS.ice]: code,
    [CELLS.land]: 254,
    [CELLS.coast]: 253,
    [CELLS.unused]: 252,
    [CELLS.hole]: 251,
    [CELLS.missing]: 255,
    ...file.codes,
  };
  for (const [cell, value] of Object.entries(codes)) bytes[300 + Number(cell)] = value;
  return bytes;
}

/** Writes made files into a folder and gives its path back. */
export function writeFiles(folder: string, files: readonly MadeFile[]): string {
  for (const file of files) {
    const path = join(folder, file.name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, nsidcBytes({ ...file, name: file.name.replace(/^.*\//, '') }));
  }
  return folder;
}

const REAL = resolve(
  process.env['ARCTIC_REAL_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
);

/** The path of a real file, or undefined where the files are not on this machine. */
export function realFile(name: string): string | undefined {
  const path = join(REAL, name);
  return existsSync(path) ? path : undefined;
}

export const SKIP_NOTE = 'skipped: no real files here (ARCTIC_REAL_DATA names their folder)';

/** The same cube with its arrays as digests, which compare at once. */
export function digested(cube: SicCube): object {
  const digest = (key: string, value: unknown) =>
    ArrayBuffer.isView(value)
      ? `${key} ${createHash('sha1')
          .update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
          .digest('hex')}`
      : value;
  return JSON.parse(JSON.stringify(cube, digest));
}
