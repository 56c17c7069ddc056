import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromBufferPromise } from 'yauzl';
import { DataRealError, reasonOf } from '../errors.js';
import { inputFiles } from '../input-files.js';
import { damagedChart } from './chart-errors.js';

/** A file that may belong to a chart, on disk or in an archive. */
export interface ChartMember {
  /** For messages; `archive:member` in archives. */
  readonly path: string;
  read(): Promise<Uint8Array>;
}

/** Parts of charts; everything else in folders and archives is left. */
const PART = /\.(shp|dbf|shx|prj|cpg|gpkg)$/i;

const GEOPACKAGE = /\.gpkg$/i;
const ZIP = /\.zip$/i;
const TAR = /\.(tar|tgz|tar\.gz)$/i;

/** Zips inside zips at most, as Canada's archive delivers them. */
const DEEPEST = 4;

/** Bytes that an archive may unpack to: far above any chart, below what would fill memory. */
const LARGEST = 1 << 29;

/**
 * The files that may make up a chart at `path`: a folder (with those below it where it holds none
 * itself), the files beside one of them, or the members of a .zip (zips inside it too) or .tar.
 *
 * @throws DataRealError `MissingInput`, `DamagedFile`, `UnsupportedFormat`
 */
export async function chartMembers(path: string): Promise<ChartMember[]> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw missing(path, cause);
  });
  if (entry.isDirectory()) {
    const own = await filesIn(path, false);
    return membersOf(own.length > 0 ? own : await filesIn(path, true));
  }
  if (ZIP.test(path)) return unzip(path, await readWhole(path), { left: LARGEST }, 0);
  if (TAR.test(path)) return untar(path);
  if (PART.test(path)) return membersOf(await siblingsOf(path));
  throw new DataRealError(
    'UnsupportedFormat',
    `${path}: expected an ice chart as shapefile (.shp), GeoPackage (.gpkg), .zip, .tar or a folder with one. Received: another kind of file. Convert it first, for instance a coverage (.e00) with ogr2ogr.`,
  );
}

async function filesIn(folder: string, below: boolean): Promise<string[]> {
  const names = await readdir(folder, { recursive: below });
  const stem = (name: string) => name.replace(TAR, '').replace(/\.[^.]*$/, '');
  const unpacked = new Set(names.filter((name) => PART.test(name)).map(stem));
  // An archive beside what was in it says nothing new.
  const isNew = (name: string) => (ZIP.test(name) || TAR.test(name)) && !unpacked.has(stem(name));
  return names
    .filter((name) => PART.test(name) || isNew(name))
    .sort()
    .map((name) => join(folder, name));
}

/** A file of a shapefile and those of the same name with other endings, whatever their case. */
async function siblingsOf(path: string): Promise<string[]> {
  if (GEOPACKAGE.test(path)) return [path];
  const stem = path.replace(PART, '').toLowerCase();
  const all = await filesIn(dirname(path), false);
  return all.filter(
    (file) =>
      PART.test(file) && !GEOPACKAGE.test(file) && file.replace(PART, '').toLowerCase() === stem,
  );
}

async function membersOf(paths: readonly string[]): Promise<ChartMember[]> {
  const members: ChartMember[] = [];
  for (const path of paths) {
    if (PART.test(path)) members.push({ path, read: () => readWhole(path) });
    else if (ZIP.test(path)) {
      members.push(...(await unzip(path, await readWhole(path), { left: LARGEST }, 0)));
    } else members.push(...(await untar(path)));
  }
  return members;
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw missing(path, cause);
  }
}

async function untar(path: string): Promise<ChartMember[]> {
  const members: ChartMember[] = [];
  for await (const file of inputFiles(path, (name) => PART.test(name))) {
    members.push({ path: file.path, read: () => Promise.resolve(file.bytes) });
  }
  return members;
}

async function unzip(
  path: string,
  bytes: Uint8Array,
  budget: { left: number },
  depth: number,
): Promise<ChartMember[]> {
  const members: ChartMember[] = [];
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    for await (const entry of zip.eachEntry()) {
      const nested = ZIP.test(entry.fileName) && depth < DEEPEST;
      const hidden = /(^|\/)(__MACOSX\/|\._)/.test(entry.fileName);
      if (hidden || !(PART.test(entry.fileName) || nested)) continue;
      const name = `${path}:${entry.fileName}`;
      budget.left -= entry.uncompressedSize;
      if (budget.left < 0) {
        throw damagedChart(path, `members of at most ${LARGEST} bytes`, `more with ${name}`);
      }
      const parts: Uint8Array[] = [];
      const stream = await zip.openReadStreamPromise(entry);
      for await (const part of stream) if (part instanceof Uint8Array) parts.push(part);
      const content = Buffer.concat(parts);
      if (nested) members.push(...(await unzip(name, content, budget, depth + 1)));
      else members.push({ path: name, read: () => Promise.resolve(content) });
    }
  } catch (cause) {
    if (cause instanceof DataRealError) throw cause;
    throw damagedChart(path, 'a whole .zip archive', reasonOf(cause), cause);
  }
  return members;
}

function missing(path: string, cause: unknown): DataRealError {
  return new DataRealError(
    'MissingInput',
    `${path}: expected an ice chart (.shp, .gpkg, .zip, .tar or a folder with one). Received: ${reasonOf(cause)}. Check the path.`,
    { cause },
  );
}
