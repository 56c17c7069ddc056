import { dayNumber, writeCube, type SicCube } from '@arctic/raster';
import { sourceEntry, type SourceName } from './catalogue.js';
import { DataRealError } from './errors.js';
import { cubeOf } from './series/cube-of-series.js';
import { fillInTime, fillPoleHole } from './series/fill.js';
import { readSeries } from './series/read-series.js';
import type { FieldKind } from './series/sic-field.js';
import { Unpacked } from './series/unpack.js';
import type { Hemisphere } from './polar-stereographic.js';

/** How far an import has come. */
export interface ImportProgress {
  readonly stage: 'read' | 'write';
  /** Files read, or steps of time written. */
  readonly done: number;
  /** Steps in all; null while reading, as an archive does not say how many files it holds. */
  readonly total: number | null;
}

export interface OpenSourceOptions {
  readonly source: SourceName;
  /**
   * A folder (searched with those below it), one file, or a .tar, .tar.gz or .tgz archive; files may
   * be gzipped.
   */
  readonly input: string;
  /** Days or monthly means. @default what the input holds, if it is one of them */
  readonly kind?: FieldKind;
  /** @default what the input holds, if it is one of them */
  readonly hemisphere?: Hemisphere;
  /** First date, ISO, inclusive; of a month its first day counts. @default the first there is */
  readonly from?: string;
  /** Last date, ISO, inclusive. @default the last there is */
  readonly to?: string;
  /**
   * Longest gap in days that is filled by a straight line between the observations before and after
   * it; marked in `filled`. @default 0, none
   */
  readonly fillDays?: number;
  /** Whether the pole hole gets the mean of the cells round it; marked in `filled`. @default false */
  readonly fillPoleHole?: boolean;
  /** @default nothing */
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportSourceOptions extends OpenSourceOptions {
  /** The Zarr folder to write; an earlier one is replaced at the end. */
  readonly output: string;
}

/**
 * A real source as one cube: fractions 0..1 on a regular daily or monthly axis, NaN on land, coast,
 * pole hole, and wherever the satellites saw nothing (missing swaths are not open water).
 *
 * Dates without a file become steps of NaN (`attrs.insertedDates`); of several files for a date the
 * best is taken (`attrs.duplicates`); `flags.missing` counts the unobserved ocean cells per step.
 *
 * @throws DataRealError; a damaged file ends it, named with what was expected and received.
 */
export async function openSource(options: OpenSourceOptions): Promise<SicCube> {
  const { source, input, kind, hemisphere, onProgress } = options;
  const { kinds } = sourceEntry(source);
  if (kind && !kinds.includes(kind)) {
    throw new DataRealError(
      'InvalidOption',
      `Expected a kind that ${source} comes in: ${kinds.join(', ')}. Received: ${kind}. Leave it out, or take another source.`,
    );
  }
  const query = {
    source,
    input,
    ...(kind && { kind }),
    ...(hemisphere && { hemisphere }),
    firstDay: dayOption('from', options.from, -Infinity),
    lastDay: dayOption('to', options.to, Infinity),
  };
  const onFile = (done: number) => onProgress?.({ stage: 'read', done, total: null });
  const unpacked = new Unpacked();
  let cube: SicCube;
  try {
    cube = await cubeOf(source, await readSeries(query, onFile, unpacked));
  } finally {
    await unpacked.remove();
  }
  const inTime = options.fillDays ? fillInTime(cube, options.fillDays) : cube;
  return options.fillPoleHole ? fillPoleHole(inTime) : inTime;
}

/**
 * Writes a real source as a Zarr store (see `writeCube`) and returns the cube.
 *
 * @throws DataRealError, and RasterError `WriteFailed`; an earlier store is untouched then.
 */
export async function importSource(options: ImportSourceOptions): Promise<SicCube> {
  const cube = await openSource(options);
  await writeCube(options.output, cube, {
    onProgress: ({ done, total }) => options.onProgress?.({ stage: 'write', done, total }),
  });
  return cube;
}

function dayOption(name: string, date: string | undefined, otherwise: number): number {
  if (date === undefined) return otherwise;
  try {
    return dayNumber(date);
  } catch (cause) {
    throw new DataRealError(
      'InvalidOption',
      `Expected ${name} as a date YYYY-MM-DD. Received: ${JSON.stringify(date)}. Write it like 2016-09-30.`,
      { cause },
    );
  }
}
