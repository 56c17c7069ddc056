import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { trainingCurves, renderPng } from '@arctic/plots';
import { writeFileAtomic } from '@arctic/raster';
import type { MetricsRow } from '@arctic/trainer-core';
import type { TrainingCurves } from './tasks/runner.js';

/** Writes an SVG picture as PNG, making the folder where it is missing. */
export async function writePicture(path: string, svg: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await writeFileAtomic(path, renderPng(svg));
}

/** The curves of a training, as `curves.png` of a run's model folder. */
export async function writeCurves(
  path: string,
  rows: readonly MetricsRow[],
  { title, lossLabel, metrics = [] }: TrainingCurves,
): Promise<void> {
  if (rows.length === 0) return;
  await writePicture(path, trainingCurves({ title, rows, metrics, lossLabel }));
}
