import { join } from 'node:path';
import { createClassifier, presets, type Classifier } from '@arctic/model-classifier';
import { confusionMatrix, imageGrid, reliabilityDiagram } from '@arctic/plots';
import { loadProcessed, loadStats, type ClassifierStats } from '@arctic/preprocess';
import type { RunConfig } from '../config.js';
import { paths } from '../context.js';
import type * as feeding from '../feeding/classifier-worker.js';
import { openFeeder } from '../feeding/open-feeder.js';
import { item, type LabelledImages } from '../imagery/arrays.js';
import {
  evaluateClassifier,
  fitClassifierBaselines,
  type ClassifierEvaluation,
} from '../imagery/evaluate-classifier.js';
import { namePatches, originOf } from '../imagery/origin.js';
import { writeModelCard } from '../model-card.js';
import { writePicture } from '../pictures.js';
import { spread } from '../spread.js';
import type { ClassifierSummary } from '../summary.js';
import { loadBest } from '../train-model.js';
import { classifierTask } from './classifier.js';
import type { Figure, Scores, TaskRunner } from './runner.js';

const PRESETS = {
  tiny: presets.tiny,
  resnet18: presets.resnet18,
  resnet34: presets.resnet34,
  resnet50: presets.default,
} as const;

function create(config: RunConfig, stats: ClassifierStats): Classifier {
  const { preset, inputSize } = config.classifier;
  return createClassifier(
    { ...PRESETS[preset], inputSize, classes: stats.classes },
    { seed: config.seed },
  );
}

export const classifierRunner: TaskRunner<Scores<ClassifierSummary>> = {
  async open({ config }) {
    const { processed } = paths(config);
    const stats = await loadStats(processed, 'classifier');
    const train = await loadProcessed(processed, 'classifier', 'train');
    const { images, n, height, width } = train;
    const normalisation = { mean: stats.mean, std: stats.std };
    const feeder = openFeeder<typeof feeding>('classifier-worker.ts', config.classifier.workers, {
      ...{ images, n, height, width, normalisation },
    });
    // After the threads were started: they load meanwhile.
    const model = create(config, stats);
    const validation = await loadProcessed(processed, 'classifier', 'val');
    const task = classifierTask(model, feeder, train, validation, {
      normalisation,
      classWeights: stats.classWeights,
      labelSmoothing: config.classifier.labelSmoothing,
    });
    return {
      task,
      curves: {
        title: 'Ice classifier',
        lossLabel: 'cross-entropy',
        metrics: [{ key: 'val_accuracy', label: 'validation accuracy' }],
      },
      async dispose() {
        await feeder.close();
        model.dispose();
      },
    };
  },

  async evaluate({ config }) {
    const { processed, model: folderOf, run, imageryTest } = paths(config);
    const origin = originOf(imageryTest);
    const folder = folderOf('classifier');
    const stats = await loadStats(processed, 'classifier');
    const model = create(config, stats);
    await loadBest(model.store.parameters, folder);
    const baselines = fitClassifierBaselines(
      await loadProcessed(processed, 'classifier', 'train'),
      stats.classes.length,
    );
    const test = await loadProcessed(processed, 'classifier', 'test');
    const evaluation = await evaluateClassifier(model, test, stats, baselines, config.seed);
    const figures = await drawClassifier(
      folder,
      stats.classes,
      test,
      evaluation,
      namePatches(origin),
    );
    const parameters = model.store.count();
    model.dispose();
    return {
      scores: {
        synthetic: origin.synthetic,
        test: evaluation.test,
        baselines: evaluation.baselines,
        parameters,
      },
      figures: [
        { path: 'curves.png', caption: 'Training: losses, validation accuracy and learning rate' },
        ...figures,
      ].map(({ path, caption }) => ({
        path: join(folder, path).slice(run.length + 1),
        caption,
      })),
    };
  },

  async release({ config }, scores) {
    const { processed, released, model: folderOf, imagery } = paths(config);
    const origin = originOf(imagery);
    const stats = await loadStats(processed, 'classifier');
    const model = create(config, stats);
    await loadBest(model.store.parameters, folderOf('classifier'));
    const baselines = fitClassifierBaselines(
      await loadProcessed(processed, 'classifier', 'train'),
      stats.classes.length,
    );
    const { mean, std, sceneSize } = stats;
    await model.save({
      folder: released('classifier'),
      meta: {
        sceneSize,
        normalisation: { mean, std },
        baselines,
        training: {
          source: origin.synthetic ? 'synthetic' : origin.source,
          run: config.name,
          seed: config.seed,
          samples: origin.samples,
        },
      },
    });
    await writeModelCard(released('classifier'), {
      title: 'Ice classifier',
      what: `Tells the prevailing surface of an RGB scene: ${stats.classes.join(', ')}.`,
      input: `[B,${stats.inputSize},${stats.inputSize},3] RGB, averaged from ${sceneSize}×${sceneSize} pixels of the image, divided by 255, normalised with the mean and standard deviation in config.json.`,
      output: `logits [B,${stats.classes.length}]`,
      training: `${origin.samples} ${namePatches(origin)} (70:15 training and validation), seed ${config.seed}.${origin.synthetic ? '' : ` Labels ${origin.labels}`}`,
      scores: [
        ['accuracy', scores.test.accuracy.toFixed(3)],
        ...Object.entries(scores.baselines).map(
          ([name, s]) => [`accuracy of ${name}`, s.accuracy.toFixed(3)] as const,
        ),
      ],
      limits: origin.synthetic
        ? 'Trained on generated scenes: it has not learned real ice. Judge it on your own labelled scenes before use.'
        : `Trained on few dates of ${origin.source}, one season and region, with the labels said above. Judge it on your own labelled scenes before use.`,
    });
    model.dispose();
  },
};

/** Confusion matrix, reliability diagram and example scenes, as PNG in a folder. */
export async function drawClassifier(
  folder: string,
  classes: readonly string[],
  data: LabelledImages,
  { test, bins, predicted, probabilities }: ClassifierEvaluation,
  kind: string,
): Promise<Figure[]> {
  const footer = `${data.n} ${kind}`;
  await writePicture(
    join(folder, 'confusion.png'),
    confusionMatrix({ classes, matrix: test.confusion, title: 'Ice classifier: test', footer }),
  );
  await writePicture(
    join(folder, 'reliability.png'),
    reliabilityDiagram({
      bins,
      ece: test.ece ?? NaN,
      title: 'Ice classifier: reliability',
      footer,
    }),
  );
  const all = Array.from({ length: data.n }, (_, i) => i);
  const wrong = all.filter((i) => predicted[i] !== data.labels[i]);
  const shown = [
    ...spread(
      all.filter((i) => predicted[i] === data.labels[i]),
      8,
    ),
    ...spread(wrong, 4),
  ];
  const name = (k: number | undefined) => (classes[k ?? -1] ?? '').replace('_', ' ');
  const tiles = shown.map((i) => {
    const right = predicted[i] === data.labels[i];
    const confidence = probabilities[i * classes.length + (predicted[i] ?? 0)] ?? NaN;
    return {
      rgb: { data: item(data.images, i, data.n), width: data.width, height: data.height },
      title: name(predicted[i]),
      note: `${(100 * confidence).toFixed(0)} %${right ? '' : `, truth: ${name(data.labels[i])}`}`,
      verdict: right ? ('right' as const) : ('wrong' as const),
    };
  });
  await writePicture(
    join(folder, 'samples.png'),
    imageGrid({
      tiles,
      columns: 4,
      title: 'Ice classifier: examples',
      footer,
    }),
  );
  return [
    { path: 'confusion.png', caption: 'Confusion matrix, rows of truth' },
    { path: 'reliability.png', caption: 'Confidence against accuracy' },
    { path: 'samples.png', caption: 'Examples: eight right ones and up to four wrong ones' },
  ];
}
