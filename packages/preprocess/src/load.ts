import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNpy } from '@arctic/raster';
import type { ChangeStats } from './change-pairs.js';
import { PreprocessError } from './errors.js';
import type { ClassifierStats } from './imagery.js';
import { readRecord, type Task } from './records.js';
import type { SequenceInfo, SequenceStats } from './sequences.js';
import type { Split } from './split-scenes.js';

/** Labelled images of one split. */
export interface ClassifierData {
  /** [N,H,W,3] uint8, 0..255. */
  readonly images: Uint8Array;
  /** [N] uint8, class index. */
  readonly labels: Uint8Array;
  /** [N] */
  readonly ids: readonly string[];
  readonly n: number;
  readonly height: number;
  readonly width: number;
}

/** Change pairs of one split. */
export interface SiameseData {
  /** [N,H,W,3] uint8, 0..255. */
  readonly before: Uint8Array;
  /** [N,H,W,3] uint8, 0..255. */
  readonly after: Uint8Array;
  /** [N,H,W] uint8, 1 = changed. */
  readonly change: Uint8Array;
  /** [N] */
  readonly ids: readonly string[];
  readonly n: number;
  readonly height: number;
  readonly width: number;
}

/** Windows of one split; the fields are in the Zarr store that `info.cube` names. */
export interface ConvlstmData {
  /** [n] int32, position of the first input day of each window. */
  readonly starts: Int32Array;
  /** [T] int32, days since 1970-01-01 of the series. */
  readonly days: Int32Array;
  /** [H,W] uint8, 1 = active cell of the training days. */
  readonly active: Uint8Array;
  readonly info: SequenceInfo;
}

/** What {@link loadProcessed} returns for each task. */
export interface ProcessedData {
  readonly classifier: ClassifierData;
  readonly siamese: SiameseData;
  readonly convlstm: ConvlstmData;
}

/** What {@link loadStats} returns for each task. */
export interface ProcessedStats {
  readonly classifier: ClassifierStats;
  readonly siamese: ChangeStats;
  readonly convlstm: SequenceStats;
}

/**
 * The arrays of one task and split of a processed folder.
 *
 * @throws PreprocessError `WrongShape` where arrays do not belong together, `InvalidInput` for a
 * damaged list; RasterError where a file is missing or damaged.
 */
export async function loadProcessed<K extends Task>(
  folder: string,
  task: K,
  split: Split,
): Promise<ProcessedData[K]> {
  const loaders: { [T in Task]: () => Promise<ProcessedData[T]> } = {
    classifier: () => loadClassifier(join(folder, split, 'classifier')),
    siamese: () => loadSiamese(join(folder, split, 'siamese')),
    convlstm: () => loadConvlstm(join(folder, 'sequences'), split),
  };
  return loaders[task]();
}

/**
 * The training statistics of one task: its entry in `stats.json`.
 *
 * @throws PreprocessError `InvalidInput` where there is none.
 */
export async function loadStats<K extends Task>(
  folder: string,
  task: K,
): Promise<ProcessedStats[K]> {
  const entry = await readRecord(folder, 'stats', task);
  if (entry === undefined) {
    throw new PreprocessError(
      'InvalidInput',
      `${join(folder, 'stats.json')}: expected an entry "${task}". Received: none. Preprocess the ` +
        'data of this task first.',
    );
  }
  return entry as ProcessedStats[K]; // written by this package, schema checked on reading
}

async function loadClassifier(folder: string): Promise<ClassifierData> {
  const images = await readBytes(join(folder, 'images.npy'), 4);
  const labels = await readBytes(join(folder, 'labels.npy'), 1);
  const ids = (await readJson(join(folder, 'ids.json'))) as string[]; // checked with the counts
  const [n = 0, height = 0, width = 0] = images.shape;
  expectSame(folder, n, [labels.shape[0], ids.length]);
  return { images: images.data, labels: labels.data, ids, n, height, width };
}

async function loadSiamese(folder: string): Promise<SiameseData> {
  const before = await readBytes(join(folder, 'before.npy'), 4);
  const after = await readBytes(join(folder, 'after.npy'), 4);
  const change = await readBytes(join(folder, 'change.npy'), 3);
  const ids = (await readJson(join(folder, 'ids.json'))) as string[]; // checked with the counts
  const [n = 0, height = 0, width = 0] = before.shape;
  expectSame(folder, n, [after.shape[0], change.shape[0], ids.length]);
  expectSame(folder, before.data.length, [after.data.length, 3 * change.data.length]);
  return { before: before.data, after: after.data, change: change.data, ids, n, height, width };
}

async function loadConvlstm(folder: string, split: Split): Promise<ConvlstmData> {
  const info = (await readJson(join(folder, 'sequences.json'))) as SequenceInfo; // own file
  const starts = await readIntegers(join(folder, `${split}.npy`));
  const days = await readIntegers(join(folder, 'days.npy'));
  const active = await readBytes(join(folder, 'active.npy'), 2);
  expectSame(folder, info.height * info.width, [active.data.length]);
  return { starts, days, active: active.data, info };
}

async function readBytes(
  path: string,
  rank: number,
): Promise<{ data: Uint8Array; shape: readonly number[] }> {
  const { data, shape } = await readNpy(path);
  if (data instanceof Uint8Array && shape.length === rank) return { data, shape };
  throw wrongArray(path, `uint8 with ${rank} axes`, data.constructor.name, shape);
}

async function readIntegers(path: string): Promise<Int32Array> {
  const { data, shape } = await readNpy(path);
  if (data instanceof Int32Array) return data;
  throw wrongArray(path, 'int32', data.constructor.name, shape);
}

function wrongArray(
  path: string,
  expected: string,
  type: string,
  shape: readonly number[],
): PreprocessError {
  return new PreprocessError(
    'WrongShape',
    `${path}: expected ${expected}. Received: ${type} [${shape.join(', ')}]. Preprocess again.`,
  );
}

function expectSame(
  folder: string,
  expected: number,
  received: readonly (number | undefined)[],
): void {
  if (received.every((value) => value === expected)) return;
  throw new PreprocessError(
    'WrongShape',
    `${folder}: expected arrays of ${expected} entries each. Received: ${received.join(', ')}. ` +
      'Preprocess again.',
  );
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new PreprocessError(
      'InvalidInput',
      `${path}: expected JSON. Received: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Preprocess again.',
      { cause },
    );
  }
}
