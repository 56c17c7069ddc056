import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { dayNumber, isoDate, openRaster } from '@arctic/raster';
import { DataRealError, reasonOf } from '../errors.js';

/** A picture of ice from one overpass. */
export interface SceneFile {
  readonly path: string;
  /** File name without its ending. */
  readonly name: string;
  /** ISO date, UTC. */
  readonly date: string;
}

/** Which scenes of a folder. */
export interface FindScenesOptions {
  /** First and last date, ISO, inclusive. @default all */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const PICTURE = /\.(tiff?|png|jpe?g|jp2|j2k)$/i;

/** Of the pictures in a product of Sentinel-2, the one in true colour, at its finest. */
const IN_SAFE = /(\.SAFE|[/\\]GRANULE)[/\\]/i;
const TRUE_COLOUR = /_TCI(_10m)?\.(jp2|tiff?)$/i;

/** Pictures that belong to a scene: see `companionOf`. */
const COMPANION = /(^|[._-])(false-?colou?r|cloud|land-?mask|labels?)([._-]|$)/i;

/**
 * The scenes of a file or folder (with those below it), by date: pictures that are neither false
 * colour, cloud, land mask nor label; of a Sentinel-2 product its picture in true colour. Their
 * date is in their name (`20220913`, `2022-09-13`, or `A2022256` with the day of the year), else in
 * the file.
 *
 * @throws DataRealError `MissingInput`; `NoData` where there is none, or none with a date;
 * `InvalidOption` where two have one name
 */
export async function findScenes(
  input: string,
  options: FindScenesOptions = {},
): Promise<SceneFile[]> {
  const { from = '', to = '~' } = options;
  const paths = await picturesIn(input);
  const scenes: SceneFile[] = [];
  for (const path of paths.filter((candidate) => !COMPANION.test(basename(candidate)))) {
    const date = dateInName(basename(path)) ?? (await dateInFile(path));
    if (date === null) {
      throw new DataRealError(
        'NoData',
        `${path}: expected a scene with its date in the name or the file. Received: neither. Put it into the name, like ice.20220913.tif.`,
      );
    }
    const name = basename(path, extname(path));
    const twin = scenes.find((scene) => scene.name === name);
    if (twin) {
      throw new DataRealError(
        'InvalidOption',
        `${input}: expected scenes of different names. Received: ${twin.path} and ${path}. Take one away, or rename it.`,
      );
    }
    if (date >= from && date <= to) scenes.push({ path, name, date });
  }
  if (scenes.length === 0) {
    throw new DataRealError(
      'NoData',
      `${input}: expected scenes (GeoTIFF, JPEG 2000, PNG or JPEG)${from === '' && to === '~' ? '' : ' of the dates asked for'}. Received: ${paths.length} pictures, none of them one. Check the folder and the dates.`,
    );
  }
  return scenes.sort((a, b) => (a.date + a.path < b.date + b.path ? -1 : 1));
}

/**
 * The picture of another kind beside a scene: of the same name but for that word, so that
 * `x.20220913.truecolor.tiff` has `x.20220913.falsecolor.tiff`; null where there is none. Of a land
 * mask that of another date will do.
 */
export async function companionOf(
  scene: SceneFile,
  kind: 'falsecolor' | 'landmask',
): Promise<string | null> {
  const plain = (name: string): string =>
    name
      .toLowerCase()
      .replace(PICTURE, '')
      .replace(/(true|false)-?colou?r|land-?mask/, '*');
  const word = kind === 'falsecolor' ? /false-?colou?r/i : /land-?mask/i;
  const names = (await readdir(dirname(scene.path))).filter(
    (name) => word.test(name) && PICTURE.test(name),
  );
  const own = plain(basename(scene.path));
  const undated = (name: string): string => plain(name).replace(DIGITS, '*');
  const found =
    names.find((name) => plain(name) === own) ??
    (kind === 'landmask'
      ? names.find((name) => undated(name) === undated(basename(scene.path)))
      : undefined);
  return found === undefined ? null : join(dirname(scene.path), found);
}

const DIGITS = /(19|20)\d{2}([-_]?)\d{2}\2\d{2}/;

/** The picture at a path, or every one below it, in order of their names. */
export async function picturesIn(input: string): Promise<string[]> {
  const entry = await stat(input).catch((cause: unknown) => {
    throw new DataRealError(
      'MissingInput',
      `${input}: expected a picture or a folder of them. Received: ${reasonOf(cause)}. Check the path.`,
      { cause },
    );
  });
  if (!entry.isDirectory()) return [input];
  const names = await readdir(input, { recursive: true });
  return names
    .filter((name) => PICTURE.test(name) && !basename(name).startsWith('.'))
    .sort()
    .map((name) => join(input, name))
    .filter((path) => !IN_SAFE.test(path) || TRUE_COLOUR.test(path));
}

/** The ISO date in a file name; null where it has none. */
export function dateInName(name: string): string | null {
  const match = /(?<!\d)((?:19|20)\d{2})([-_]?)(\d{2})\2(\d{2})(?!\d)/.exec(name);
  if (match) {
    const date = `${match[1]}-${match[3]}-${match[4]}`;
    const ms = Date.parse(date);
    if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)) return date;
  }
  const [, year, day] = /(?<![a-z\d])A?((?:19|20)\d{2})([0-3]\d{2})(?!\d)/i.exec(name) ?? [];
  if (year === undefined || Number(day) < 1 || Number(day) > 366) return null;
  return isoDate(dayNumber(`${year}-01-01`) + Number(day) - 1);
}

async function dateInFile(path: string): Promise<string | null> {
  const file = await openRaster(path);
  try {
    return file.variables[0]?.times[0]?.slice(0, 10) ?? null;
  } finally {
    await file.close();
  }
}
