import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Folder of real files; tests that need it skip where it is missing. */
export const realData = process.env['ARCTIC_REAL_DATA'] ?? `${root}/../shared/data`;
export const dailyFile = `${realData}/nsidc-0081-daily/north_20150101-20170731.tar.gz`;
export const monthlyFile = `${realData}/nsidc-0051-monthly/north_197811-201612.tar.gz`;
export const areaFile = `${realData}/grids/psn25area_v3.dat`;
export const haveRealData = [dailyFile, monthlyFile, areaFile].every((file) => existsSync(file));

/** One NSIDC binary file of an archive: date digits of its name and bytes after the header. */
export interface Member {
  readonly date: string;
  readonly bytes: Uint8Array;
}

/** The .bin members of a .tar.gz in order of date (just enough of tar for these archives). */
export function readMembers(file: string): Member[] {
  const tar = gunzipSync(readFileSync(file));
  const members: Member[] = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const text = (from: number, to: number): string =>
      tar.toString('latin1', at + from, at + to).replace(/\0.*$/s, '');
    const size = parseInt(text(124, 136), 8);
    const date = /_(\d{6,8})_/.exec(text(0, 100))?.[1];
    if (date) members.push({ date, bytes: tar.subarray(at + 512 + 300, at + 512 + size) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return members.sort((a, b) => a.date.localeCompare(b.date));
}

/** Days since 1970-01-01 of `yyyymm` (its 15th) or `yyyymmdd`. */
export function dayOf(date: string): number {
  const day = date.length > 6 ? Number(date.slice(6)) : 15;
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, day) / 86_400_000;
}

/** [T,N] concentration of the chosen cells; flag codes above 250 become NaN. */
export function decode(members: readonly Member[], cells: ArrayLike<number>): Float32Array {
  const sic = new Float32Array(members.length * cells.length);
  members.forEach(({ bytes }, step) => {
    for (let j = 0; j < cells.length; j++) {
      const code = bytes[cells[j] as number] as number;
      sic[step * cells.length + j] = code <= 250 ? code / 250 : NaN;
    }
  });
  return sic;
}
