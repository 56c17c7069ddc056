import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { dayNumber } from '@arctic/raster';
import { CHART_CLASSES } from '../charts/chart-class.js';
import type { IceChart } from '../charts/ice-chart.js';
import { isChart } from '../charts/is-chart.js';
import { openChart } from '../charts/open-chart.js';
import { rasteriseChart } from '../charts/rasterise-chart.js';
import { DataRealError } from '../errors.js';
import { assertRgb } from '../rgb-scene.js';
import { classesByColour, COLOUR_RULE } from './colour-rule.js';
import { companionOf, dateInName, picturesIn } from './find-scenes.js';
import { onGrid, positioned, rowsOf, type Scene } from './scene.js';
import { SCENE_CLASSES, UNKNOWN } from './scene-classes.js';

/**
 * Where the labels of scenes come from:
 * - `rule`: colour and cloud of MODIS corrected reflectance, see `classesByColour`; needs the false
 *   colour picture beside the scene, and takes the land mask where there is one;
 * - `chart`: an ice chart of the same day or one next to it, or a folder of them, of which each
 *   pixel takes the nearest in time that knows it (charts of a day may cover different areas);
 * - `raster`: a picture with the numbers of the classes (0, 1, 2; others are unknown) on any grid, or
 *   a folder with one for each scene, its date in its name.
 */
export type LabelSource =
  { readonly kind: 'rule' } | { readonly kind: 'chart' | 'raster'; readonly path: string };

/** Reads the label map of rows of a scene, [count,W] uint8: 0, 1, 2 or 255. */
export type LabelReader = (scene: Scene, first: number, count: number) => Promise<Uint8Array>;

/** Days that a chart may lie before or after a scene. */
export const CHART_DAYS = 1;

/** Numbers of `rasteriseChart`, as label. Ice of unknown thickness is no class of the model's. */
const LABEL_OF_CHART = Uint8Array.from(CHART_CLASSES, (name) => {
  const label = (SCENE_CLASSES as readonly string[]).indexOf(name);
  return label < 0 ? UNKNOWN : label;
});

/** `rule`, or what lies at a path: charts or label pictures. @throws DataRealError `MissingInput` */
export async function labelSourceOf(text: string): Promise<LabelSource> {
  if (text === 'rule') return { kind: 'rule' };
  const entry = await stat(text).catch(() => null);
  if (!entry) {
    throw new DataRealError(
      'MissingInput',
      `Expected labels: rule, or the path of charts or label pictures. Received: ${text}, which is not there. Check the path.`,
    );
  }
  const candidates = entry.isDirectory()
    ? [text, ...(await readdir(text)).map((name) => join(text, name))]
    : [text];
  for (const path of candidates) if (await isChart(path)) return { kind: 'chart', path: text };
  return { kind: 'raster', path: text };
}

/** One sentence on where labels come from, for manifests. */
export function describeLabels({ kind }: LabelSource): string {
  const { openWaterBelow, thickIceFrom, cloudFrom, cloudWindow } = COLOUR_RULE;
  return {
    rule: `by colour: largest of R, G and B below ${openWaterBelow} open water, from ${thickIceFrom} bright (thick) ice, thin or broken ice between; unknown on land and where band 7 has a mean of ${cloudFrom} or more over ${cloudWindow}×${cloudWindow} pixels (cloud). Brightness, not thickness.`,
    chart: `from ice charts within ${CHART_DAYS} day of the scene, by concentration and stage of development; ice of unknown stage is unknown.`,
    raster: 'from a label picture, nearest pixel.',
  }[kind];
}

/** Opens the labels for scenes. @throws DataRealError where they cannot be had */
export async function openLabels(labels: LabelSource): Promise<LabelReader> {
  switch (labels.kind) {
    case 'rule':
      return labelsByRule;
    case 'chart':
      return labelsByChart(labels.path);
    case 'raster':
      return labelsByPicture(labels.path);
  }
}

async function labelsByRule(scene: Scene, first: number, count: number): Promise<Uint8Array> {
  const falsePath = await companionOf(scene, 'falsecolor');
  if (falsePath === null) {
    throw new DataRealError(
      'MissingInput',
      `${scene.path}: expected the false colour picture (bands 7-2-1) beside it, named the same but for truecolor. Received: none. Download it too, or give charts or label pictures: without band 7 cloud passes for ice.`,
    );
  }
  const landPath = await companionOf(scene, 'landmask');
  const margin = (COLOUR_RULE.cloudWindow - 1) / 2;
  const from = Math.max(0, first - margin);
  const rows = Math.min(scene.grid.height, first + count + margin) - from;
  const truth = await scene.rows(from, rows);
  const other = assertRgb(falsePath, await onGrid(falsePath, scene, from, rows));
  const land = landPath === null ? null : await onGrid(landPath, scene, from, rows);
  const { width } = scene.grid;
  const classes = classesByColour({
    height: rows,
    width,
    trueColour: truth.array.data,
    falseColour: other.array.data,
    valid: truth.mask.map((valid, i) => (valid && other.mask[i] ? 1 : 0)),
    // Land is painted on a transparent sheet; a mask of one band is not 0 there.
    land: land
      ? land.mask.map((painted, i) => {
          const bands = land.array.shape[2] ?? 1;
          return painted && land.array.data.subarray(i * bands, (i + 1) * bands).some(Boolean)
            ? 1
            : 0;
        })
      : new Uint8Array(rows * width),
  });
  return classes.subarray((first - from) * width, (first - from + count) * width);
}

async function labelsByChart(path: string): Promise<LabelReader> {
  const charts = await chartsAt(path);
  return (scene, first, count) => {
    const far = (chart: IceChart): number =>
      Math.abs(dayNumber((chart.date ?? '').slice(0, 10)) - dayNumber(scene.date));
    const near = charts.filter((one) => far(one) <= CHART_DAYS).sort((a, b) => far(a) - far(b));
    if (near.length === 0) {
      throw new DataRealError(
        'NoData',
        `${path}: expected a chart within ${CHART_DAYS} day of ${scene.date} (${scene.path}). Received: charts of ${charts.map(({ date }) => date?.slice(0, 10)).join(', ')}. Add the chart, or leave the scene out with from and to.`,
      );
    }
    const grid = positioned(scene.path, rowsOf(scene.grid, first, count));
    const classes = new Uint8Array(grid.height * grid.width);
    for (const chart of near) {
      const own = rasteriseChart(chart, grid, 'class');
      own.forEach((code, i) => (classes[i] ||= code)); // 0 is unknown
    }
    return Promise.resolve(classes.map((code) => LABEL_OF_CHART[code] ?? UNKNOWN));
  };
}

/** The charts at a path that have a date: one, or one in each entry of a folder. */
async function chartsAt(path: string): Promise<IceChart[]> {
  const entry = await stat(path);
  const inside = entry.isDirectory()
    ? (await readdir(path, { withFileTypes: true }))
        .filter((one) => one.isDirectory() || /\.(shp|gpkg|zip|tar|tgz|tar\.gz)$/i.test(one.name))
        .map(({ name }) => join(path, name))
    : [path];
  const charts: IceChart[] = [];
  for (const one of inside.sort()) {
    if (!(await isChart(one))) continue;
    const chart = await openChart(one);
    if (chart.date !== null) charts.push(chart);
  }
  if (charts.length > 0) return charts;
  throw new DataRealError(
    'NoData',
    `${path}: expected ice charts with their date in the name. Received: none. Name them like chart_20220913.shp.`,
  );
}

async function labelsByPicture(path: string): Promise<LabelReader> {
  const pictures = await picturesIn(path);
  return async (scene, first, count) => {
    const one =
      pictures.length === 1
        ? pictures[0]
        : (pictures.find((candidate) => basename(candidate).startsWith(scene.name)) ??
          pictures.find((candidate) => dateInName(basename(candidate)) === scene.date));
    if (one === undefined) {
      throw new DataRealError(
        'NoData',
        `${path}: expected a label picture for ${scene.name}, of that name or with ${scene.date} in its name. Received: ${pictures.length} others. Add it, or leave the scene out.`,
      );
    }
    const { array, mask } = await onGrid(one, scene, first, count);
    const bands = array.shape[2] ?? 1;
    return Uint8Array.from(mask, (valid, i) => {
      const value = array.data[i * bands] ?? NaN;
      return valid && Number.isInteger(value) && value >= 0 && value < SCENE_CLASSES.length
        ? value
        : UNKNOWN;
    });
  };
}
