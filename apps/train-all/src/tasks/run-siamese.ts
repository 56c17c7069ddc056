import { join } from 'node:path';
import { createSiamese, presets, type Siamese } from '@arctic/model-siamese';
import { changePanel } from '@arctic/plots';
import { loadProcessed, loadStats } from '@arctic/preprocess';
import { type Normalisation, changeProbability } from '@arctic/inference';
import type { RunConfig } from '../config.js';
import { paths, readJsonIfThere, writeJson } from '../context.js';
import { openFeeder } from '../feeding/open-feeder.js';
import type * as feeding from '../feeding/siamese-worker.js';
import { item, type LabelledPairs } from '../imagery/arrays.js';
import {
  above,
  chooseThresholds,
  evaluateSiamese,
  type ChangeThresholds,
} from '../imagery/evaluate-siamese.js';
import { namePatches, originOf } from '../imagery/origin.js';
import { writeModelCard } from '../model-card.js';
import { writePicture } from '../pictures.js';
import { progressLine } from '../progress.js';
import { spread } from '../spread.js';
import type { SiameseSummary } from '../summary.js';
import { loadBest } from '../train-model.js';
import type { Figure, Scores, TaskRunner } from './runner.js';
import { siameseTask } from './siamese.js';

const PRESETS = {
  tiny: presets.tiny,
  small: presets.small,
  resnet18: presets.default,
  resnet34: presets.resnet34,
} as const;

/** Each date by itself: light and tint differ between dates, and are no change of the ice. */
const NORMALISATION: Normalisation = 'image';

/** Pairs shown in the report. */
const PANELS = 3;

function create({ siamese: { preset }, seed }: RunConfig): Siamese {
  return createSiamese(PRESETS[preset], { seed });
}

export const siameseRunner: TaskRunner<Scores<SiameseSummary>> = {
  async open({ config }) {
    const { processed } = paths(config);
    const stats = await loadStats(processed, 'siamese');
    const { cropSize, workers } = config.siamese;
    const train = await loadProcessed(processed, 'siamese', 'train');
    const { before, after, change, n, height, width } = train;
    const feeder = openFeeder<typeof feeding>('siamese-worker.ts', workers, {
      ...{ before, after, change, n, height, width },
      ...{ normalisation: NORMALISATION, cropSize },
    });
    // After the threads were started: they load meanwhile.
    const model = create(config);
    const validation = await loadProcessed(processed, 'siamese', 'val');
    const task = siameseTask(model, feeder, n, validation, {
      normalisation: NORMALISATION,
      // The full ratio of unchanged to changed pixels buys recall with false alarms: its root, as Dice balances too.
      positiveWeight: Math.sqrt(stats.positiveWeight),
    });
    return {
      task,
      curves: {
        title: 'Change detector',
        lossLabel: 'BCE + Dice',
        metrics: [{ key: 'val_f1', label: 'validation F1' }],
      },
      async dispose() {
        await feeder.close();
        model.dispose();
      },
    };
  },

  async evaluate({ config }) {
    const { processed, model: folderOf, run, pairsTest } = paths(config);
    const origin = originOf(pairsTest);
    const folder = folderOf('siamese');
    const model = create(config);
    await loadBest(model.store.parameters, folder);
    const thresholds = await chooseThresholds(
      model,
      await loadProcessed(processed, 'siamese', 'val'),
      NORMALISATION,
    );
    await writeJson(join(folder, 'thresholds.json'), thresholds);
    const test = await loadProcessed(processed, 'siamese', 'test');
    const { test: scores, baselines } = await evaluateSiamese(
      model,
      test,
      NORMALISATION,
      thresholds,
      config.seed,
      progressLine('change detector: test', test.n),
    );
    const figures = await drawPairs(
      folder,
      model,
      test,
      NORMALISATION,
      thresholds.model,
      namePatches(origin),
    );
    const parameters = model.store.count();
    model.dispose();
    return {
      scores: {
        synthetic: origin.synthetic,
        threshold: thresholds.model,
        test: scores,
        baselines,
        parameters,
      },
      figures: [
        { path: 'curves.png', caption: 'Training: losses, validation F1 and learning rate' },
        ...figures,
      ].map(({ path, caption }) => ({
        path: join(folder, path).slice(run.length + 1),
        caption,
      })),
    };
  },

  async release({ config }, scores) {
    const { processed, released, model: folderOf, pairs } = paths(config);
    const origin = originOf(pairs);
    const { inputSize, sceneSize } = await loadStats(processed, 'siamese');
    const model = create(config);
    await loadBest(model.store.parameters, folderOf('siamese'));
    const thresholds = readJsonIfThere(
      join(folderOf('siamese'), 'thresholds.json'),
    ) as ChangeThresholds; // written by evaluate
    await model.save({
      folder: released('siamese'),
      meta: {
        sceneSize,
        normalisation: NORMALISATION,
        inputSize,
        thresholds,
        training: {
          source: origin.synthetic ? 'synthetic' : origin.source,
          run: config.name,
          seed: config.seed,
          samples: origin.samples,
        },
      },
    });
    await writeModelCard(released('siamese'), {
      title: 'Change detector',
      what: 'Maps where the ice surface changed between two co-registered RGB scenes: by movement, melt or refreezing.',
      input: `two images [B,H,W,3] RGB, any size (trained at ${inputSize}×${inputSize}, from ${sceneSize}×${sceneSize} pixels of the image), each image and channel with its own mean taken off and divided by its own standard deviation.`,
      output:
        'logits [B,H,W,1]; changed where the probability reaches the threshold in config.json.',
      training: `${origin.samples} ${origin.synthetic ? 'generated pairs' : `pairs of ${namePatches(origin)}`} (70:15 training and validation), seed ${config.seed}.${origin.synthetic ? '' : ` Labels: ${origin.labels}`}`,
      scores: [
        ['F1', scores.test.f1.toFixed(3)],
        ['IoU', scores.test.iou.toFixed(3)],
        ...Object.entries(scores.baselines).map(
          ([name, s]) => [`F1 of ${name}`, s.f1.toFixed(3)] as const,
        ),
      ],
      limits: origin.synthetic
        ? 'Trained on generated scenes: it has not learned real ice. Judge it on your own labelled pairs before use.'
        : `Trained on few dates of ${origin.source}, one season and region, with the labels said above. Judge it on your own labelled pairs before use.`,
    });
    model.dispose();
  },
};

/** Panels of a few pairs, as PNG in a folder. */
export async function drawPairs(
  folder: string,
  model: Siamese,
  data: LabelledPairs,
  normalisation: Normalisation,
  threshold: number,
  footer: string,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const { n, width, height } = data;
  const all = Array.from({ length: n }, (_, i) => i);
  for (const [position, i] of spread(all, PANELS).entries()) {
    const before = item(data.before, i, n);
    const after = item(data.after, i, n);
    const probability = await changeProbability(model, before, after, height, width, normalisation);
    const path = `change-${position + 1}.png`;
    await writePicture(
      join(folder, path),
      changePanel({
        before: { data: before, width, height },
        after: { data: after, width, height },
        truth: item(data.change, i, n),
        prediction: above(probability, threshold, true),
        probability,
        title: 'Change between two dates',
        footer,
      }),
    );
    figures.push({
      path,
      caption: `Test pair ${i + 1}: before, after, truth, prediction, probability`,
    });
  }
  return figures;
}
