import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Callback, MetricsRow } from '../events.js';
import type { Parameter } from '../task.js';
import { restartEvent, summaryEvent, versionEvent, type SummaryValue } from './event.js';
import { histogramOf } from './histogram.js';
import { appendRecords } from './record-file.js';

/** What is logged, and where. */
export interface TensorBoardOptions {
  /** Folder of the event files, for example `run/tensorboard`. */
  readonly folder: string;
  /** Loss, gradient norm and learning rate after every so many steps. @default 10 */
  readonly everySteps?: number;
  /** Parameters whose values are shown as histograms. @default none */
  readonly parameters?: readonly Parameter[];
  /** Histograms after every so many epochs. @default 1 */
  readonly histogramEpochs?: number;
  /** Pictures of an epoch, PNG bytes by name. @default none */
  readonly images?: (epoch: number) => Promise<Readonly<Record<string, Uint8Array>>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A callback that writes event files for TensorBoard: `train/…` of steps, the metrics of each epoch,
 * histograms of parameters and pictures. Steps are optimizer steps.
 *
 * A resumed run begins a new file, which tells TensorBoard to forget the steps that are made again.
 *
 * @example
 * tensorBoardLogger({ folder: 'run/tensorboard', parameters: task.parameters, now: Date.now });
 */
export function tensorBoardLogger(options: TensorBoardOptions): Callback {
  const { folder, everySteps = 10, parameters = [], histogramEpochs = 1, images, now } = options;
  let path = '';
  const seconds = () => now() / 1000;
  const write = (step: number, values: readonly SummaryValue[]) =>
    appendRecords(path, [summaryEvent(seconds(), step, values)]);

  return async (event) => {
    switch (event.kind) {
      case 'start': {
        await mkdir(folder, { recursive: true });
        const earlier = (await readdir(folder)).filter((name) => name.includes('tfevents'));
        // Files are read in the order of their names.
        const number = String(earlier.length).padStart(4, '0');
        const stamp = String(Math.floor(seconds())).padStart(10, '0');
        path = join(folder, `events.out.tfevents.${stamp}.${number}.arctic`);
        const restart = earlier.length > 0 ? [restartEvent(seconds(), event.step + 1)] : [];
        await appendRecords(path, [versionEvent(seconds()), ...restart]);
        return;
      }
      case 'batch':
        if (event.step % everySteps !== 0) return;
        await write(event.step, [
          { tag: 'train/loss', scalar: event.loss },
          { tag: 'train/gradient_norm', scalar: event.gradientNorm },
          { tag: 'train/learning_rate', scalar: event.learningRate },
        ]);
        return;
      case 'epoch': {
        const { epoch, metrics } = event;
        const histograms = epoch % histogramEpochs === 0 ? await histogramsOf(parameters) : [];
        const pictures = Object.entries((await images?.(epoch)) ?? {});
        await write(metrics.step, [
          ...scalarsOf(metrics),
          ...histograms,
          ...pictures.map(([tag, png]) => ({ tag, png })),
        ]);
        return;
      }
      default:
        return;
    }
  };
}

function scalarsOf(row: MetricsRow): SummaryValue[] {
  return Object.entries(row)
    .filter(([name]) => name !== 'step' && name !== 'epoch')
    .map(([name, scalar]) => ({ tag: `epoch/${name}`, scalar }));
}

async function histogramsOf(parameters: readonly Parameter[]): Promise<SummaryValue[]> {
  const values: SummaryValue[] = [];
  for (const { name, variable, trainable } of parameters) {
    const histogram = trainable ? histogramOf(await variable.data<'float32'>()) : null;
    if (histogram) values.push({ tag: `parameters/${name}`, histogram });
  }
  return values;
}
