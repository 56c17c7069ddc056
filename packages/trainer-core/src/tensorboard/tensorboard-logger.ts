import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { check, wholeFrom } from '../check.js';
import type { Callback, MetricsRow } from '../events.js';
import type { Parameter } from '../task.js';
import { sessionEvent, summaryEvent, versionEvent, type SummaryValue } from './event.js';
import { histogramOf } from './histogram.js';
import { appendRecords } from './record-file.js';

/** Names of event files: when the session began, and its number. */
const NAME = /^events\.out\.tfevents\.(\d{10})\.(\d{4})\.arctic$/;

/** What is logged, and where. */
export interface TensorBoardOptions {
  /** Folder of the event files, for example `run/tensorboard`. */
  readonly folder: string;
  /** Loss, gradient norm and learning rate after every so many steps; 0 writes none. @default 10 */
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
 * A resumed run begins a new file, which tells TensorBoard to forget the steps that are made again;
 * one that begins afresh drops the event files of the one before.
 *
 * @throws OptionsError for numbers that make no sense and, later, for pictures that are not PNG.
 * @example
 * tensorBoardLogger({ folder: 'run/tensorboard', parameters: task.parameters, now: Date.now });
 */
export function tensorBoardLogger(options: TensorBoardOptions): Callback {
  const { folder, everySteps = 10, parameters = [], histogramEpochs = 1, images, now } = options;
  check('everySteps', everySteps, wholeFrom(0));
  check('histogramEpochs', histogramEpochs, wholeFrom(1));
  let path = '';
  const seconds = () => now() / 1000;
  const write = (step: number, values: readonly SummaryValue[]) =>
    appendRecords(path, [summaryEvent(seconds(), step, values)]);

  return async (event) => {
    switch (event.kind) {
      case 'start': {
        await mkdir(folder, { recursive: true });
        const earlier = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
        path = join(folder, nameAfter(earlier.at(-1), Math.floor(seconds())));
        // Also in the first file: TensorBoard takes the first start of a run for no restart.
        const session = sessionEvent(seconds(), event.step + 1);
        await appendRecords(path, [versionEvent(seconds()), session]);
        if (event.step === 0) for (const name of earlier) await rm(join(folder, name));
        return;
      }
      case 'batch':
        if (everySteps === 0 || event.step % everySteps !== 0) return;
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

/** The name of the next file: they are read in the order of their names, wherever the clock stands. */
function nameAfter(last: string | undefined, seconds: number): string {
  const [, stamp = '0', number = '-1'] = NAME.exec(last ?? '') ?? [];
  const at = String(Math.max(Number(stamp), seconds)).padStart(10, '0');
  return `events.out.tfevents.${at}.${String(Number(number) + 1).padStart(4, '0')}.arctic`;
}

function scalarsOf(row: MetricsRow): SummaryValue[] {
  return (
    Object.entries(row)
      // NaN stands for a score that has no value.
      .filter(([name, value]) => name !== 'step' && name !== 'epoch' && !Number.isNaN(value))
      .map(([name, scalar]) => ({ tag: `epoch/${name}`, scalar }))
  );
}

async function histogramsOf(parameters: readonly Parameter[]): Promise<SummaryValue[]> {
  const values: SummaryValue[] = [];
  for (const { name, variable, trainable } of parameters) {
    const histogram = trainable ? histogramOf(await variable.data<'float32'>()) : null;
    if (histogram) values.push({ tag: `parameters/${name}`, histogram });
  }
  return values;
}
