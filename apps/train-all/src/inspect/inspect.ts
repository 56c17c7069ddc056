import { basename, join } from 'node:path';
import {
  chartSummary,
  isChart,
  openChart,
  openProduct,
  type ChartSummary,
} from '@arctic/data-real';
import { isTaggedError } from '../errors.js';
import { writePicture } from '../pictures.js';
import { progressLine } from '../progress.js';
import { describeFile, type FileReport } from './describe.js';
import { describeFolder, isDatasetFolder } from './dataset-folder.js';
import { drawChart } from './draw-chart.js';
import { drawFile } from './draw.js';

export interface InspectOptions {
  readonly path: string;
  readonly json: boolean;
  /** Folder that gets `inspect/<name>.png`. */
  readonly out: string;
}

/** A file that cannot be read ends with this code. */
const UNREADABLE_EXIT_CODE = 2;

/** Prints what a file or dataset holds, and draws it; with `json` prints one line of JSON alone. */
export async function inspect({ path, json, out }: InspectOptions): Promise<void> {
  try {
    const { report, svg } = await look(path, !json);
    if (json) {
      process.stdout.write(`${JSON.stringify(report)}\n`);
      return;
    }
    process.stdout.write('polygons' in report ? chartText(report) : fileText(report));
    if (svg === null) return;
    const picture = join(out, 'inspect', `${basename(path)}.png`);
    await writePicture(picture, svg);
    process.stdout.write(`\npicture: ${picture}\n`);
  } catch (error) {
    if (!json || !isTaggedError(error)) throw error;
    process.stdout.write(
      `${JSON.stringify({ error: { tag: error._tag, message: error.message } })}\n`,
    );
    process.exitCode = UNREADABLE_EXIT_CODE;
  }
}

interface Look {
  readonly report: FileReport | ChartSummary;
  readonly svg: string | null;
}

async function look(path: string, drawn: boolean): Promise<Look> {
  if (await isChart(path)) {
    const chart = await openChart(path);
    return { report: chartSummary(chart), svg: drawn ? drawChart(chart) : null };
  }
  if (isDatasetFolder(path)) return { report: await describeFolder(path), svg: null };
  const file = await openProduct(path);
  try {
    let show: ((done: number) => void) | undefined;
    const onProgress = (done: number, total: number) => {
      if (!process.stderr.isTTY) return;
      show ??= progressLine('reading', total);
      show(done);
    };
    // For people a table is its columns; programs get what the contract says.
    const isTable = file.variables.every(({ shape }) => shape.length < 2);
    const report = await describeFile(file, onProgress, drawn && isTable ? 1 : 2);
    return { report, svg: drawn ? await drawFile(file, report) : null };
  } finally {
    await file.close();
  }
}

function fileText({ path, crs, transform, times, variables }: FileReport): string {
  const span =
    times.length > 1
      ? `${times[0]} to ${times.at(-1)}, ${times.length} steps`
      : (times[0] ?? 'none');
  const head = [
    `file       ${path}`,
    `crs        ${crs ?? 'none'}`,
    `transform  ${transform?.join(', ') ?? 'none'}`,
    `time       ${span}`,
  ];
  const rows = variables.map((v) => [
    v.name,
    `${v.dtype} [${v.dims.map((dim, i) => `${dim} ${v.shape[i]}`).join(', ')}]`,
    v.units ?? '',
    `${v.valid}`,
    `${v.missing}`,
    number(v.min),
    number(v.max),
    number(v.mean),
  ]);
  return `${head.join('\n')}\n\n${table(['variable', 'stored as', 'units', 'valid', 'missing', 'min', 'max', 'mean'], rows)}`;
}

function chartText({ path, crs, polygons, codes, areaKm2 }: ChartSummary): string {
  const head = [`chart      ${path}`, `crs        ${crs ?? 'none'}`, `polygons   ${polygons}`];
  const rows = Object.entries(codes).flatMap(([column, counts]) =>
    Object.entries(counts).map(([code, count]) => [
      column,
      code || '(none)',
      `${count}`,
      column === 'CT' ? `${Math.round(areaKm2[code] ?? 0)}` : '',
    ]),
  );
  return `${head.join('\n')}\n\n${table(['column', 'code', 'polygons', 'area, km²'], rows)}`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  return [titles, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}

function number(value: number | null): string {
  return value === null ? '' : Number(value.toPrecision(7)).toString();
}
