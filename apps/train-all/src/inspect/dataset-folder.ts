import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from '@arctic/raster';
import { imageFiles } from '../steps/dataset.js';
import type { FileReport, VariableReport } from './describe.js';

/** Folders of a dataset of images: scenes with labels, or pairs of dates with a change map. */
const PARTS = ['images', 'labels', 'A', 'B', 'label'] as const;

/** Whether a folder has the layout of labelled imagery or of change pairs. */
export function isDatasetFolder(path: string): boolean {
  return (
    existsSync(join(path, 'manifest.json')) ||
    (existsSync(join(path, 'A')) && existsSync(join(path, 'B')))
  );
}

/** What the images of a dataset hold, one variable per folder of it. @throws RasterError */
export async function describeFolder(path: string): Promise<FileReport> {
  const variables: VariableReport[] = [];
  for (const part of PARTS) {
    if (!existsSync(join(path, part))) continue;
    const files = imageFiles(join(path, part));
    const shapes = new Set<string>();
    let [sum, count, min, max] = [0, 0, Infinity, -Infinity];
    for (const file of files) {
      const { data, height, width, channels } = await readImage(file);
      shapes.add([height, width, channels].join());
      for (const value of data) {
        sum += value;
        if (value < min) min = value;
        if (value > max) max = value;
      }
      count += data.length;
    }
    const [only = ''] = shapes;
    const shape = shapes.size === 1 ? only.split(',').map(Number) : [];
    variables.push({
      name: part,
      shape: [files.length, ...shape],
      dims: ['sample', ...['y', 'x', 'band'].slice(0, shape.length)],
      dtype: 'uint8',
      units: null,
      valid: count,
      missing: 0,
      min,
      max,
      mean: sum / count,
    });
  }
  return { path, crs: null, transform: null, times: [], variables };
}
