import type {
  ChangeScores,
  ClassificationScores,
  ConvlstmSummary,
  ForecastScores,
  Summary,
} from '../summary.js';
import type { Block, ReportDocument, Section } from './document.js';

/** Figures of one model: paths relative to the run folder, with captions. */
export type Figures = Readonly<
  Record<string, readonly { readonly path: string; readonly caption: string }[]>
>;

const percent = (x: number, digits = 1) => `${(100 * x).toFixed(digits)} %`;
const signed = (x: number) => `${x < 0 ? '−' : '+'}${Math.abs(100 * x).toFixed(1)} %`;
const words = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

/** The whole report of a run: every score beside its baselines. */
export function describeRun(summary: Summary, figures: Figures): ReportDocument {
  const { classifier, convlstm, siamese } = summary.models;
  const sections: Section[] = [];
  if (classifier) {
    sections.push({
      title: 'Ice classifier',
      blocks: [
        origin(classifier),
        classificationTable(classifier.test, classifier.baselines),
        perClassTable(classifier.test),
        ...behind(
          classifier.test.accuracy,
          Object.entries(classifier.baselines).map(([name, b]) => [name, b.accuracy]),
          'accuracy',
        ),
        ...figureBlocks(figures.classifier),
      ],
    });
  }
  if (convlstm) {
    sections.push({
      title: 'Concentration forecaster',
      blocks: [
        origin(convlstm),
        forecastTable('RMSE', convlstm, (s, i) => s.leads[i]?.rmse.toFixed(4) ?? ''),
        skillTable(convlstm),
        forecastTable('IIEE, 10³ km²', convlstm, (s, i) =>
          ((s.leads[i]?.iiee ?? NaN) / 1000).toFixed(0),
        ),
        forecastTable(
          'binary accuracy, %',
          convlstm,
          (s, i) => s.leads[i]?.binaryAccuracy.toFixed(2) ?? '',
        ),
        ...negativeSkill(convlstm),
        ...convlstm.notes.map((text): Block => ({ kind: 'text', text })),
        ...figureBlocks(figures.convlstm),
      ],
    });
  }
  if (siamese) {
    sections.push({
      title: 'Change detector',
      blocks: [
        origin(siamese),
        changeTable(siamese.test, siamese.baselines, siamese.threshold),
        ...behind(
          siamese.test.f1,
          Object.entries(siamese.baselines).map(([name, b]) => [name, b.f1]),
          'F1',
        ),
        ...figureBlocks(figures.siamese),
      ],
    });
  }
  sections.push(provenance(summary));
  return {
    title: `Sea-ice models: ${summary.name}`,
    subtitle: `${summary.createdAt.slice(0, 16).replace('T', ' ')} UTC, data: ${summary.source}, seed ${summary.seed}. Every score stands beside the baselines computed on the same cases.`,
    sections,
  };
}

function origin(model: {
  synthetic: boolean;
  parameters: number;
  seconds: number | null;
  peakMemoryMb: number | null;
}): Block {
  const data = model.synthetic
    ? 'Synthetic data: these scores say that the pipeline works, not how well it does on real ice.'
    : 'Real observations.';
  const cost =
    model.seconds === null
      ? ''
      : ` Trained in ${(model.seconds / 60).toFixed(1)} min, at most ${(model.peakMemoryMb ?? 0).toFixed(0)} MB of memory.`;
  return {
    kind: 'text',
    text: `${data} ${model.parameters.toLocaleString('en')} trainable parameters.${cost}`,
  };
}

function classificationTable(
  test: ClassificationScores,
  baselines: Readonly<Record<string, ClassificationScores>>,
): Block {
  const row = (name: string, s: ClassificationScores) => [
    name,
    percent(s.accuracy),
    percent(s.balancedAccuracy),
    s.macroF1.toFixed(3),
    s.kappa.toFixed(3),
    s.ece === null ? '–' : s.ece.toFixed(3),
  ];
  const interval = test.accuracyInterval
    ? ` 95 % interval of the accuracy ${percent(test.accuracyInterval[0])} to ${percent(test.accuracyInterval[1])}.`
    : '';
  return {
    kind: 'table',
    head: ['', 'accuracy', 'balanced', 'macro F1', 'κ', 'ECE'],
    rows: [
      row('model', test),
      ...Object.entries(baselines).map(([name, s]) => row(words(name), s)),
    ],
    caption: `Test set, ${test.n} scenes.${interval}`,
  };
}

function perClassTable(test: ClassificationScores): Block {
  return {
    kind: 'table',
    head: ['class', 'n', 'precision', 'recall', 'F1', 'IoU'],
    rows: test.perClass.map((c) => [
      c.class.replace('_', ' '),
      String(c.n),
      c.precision.toFixed(3),
      c.recall.toFixed(3),
      c.f1.toFixed(3),
      c.iou.toFixed(3),
    ]),
    caption: 'Model, per class; rows of truth.',
  };
}

function forecastTable(
  what: string,
  model: ConvlstmSummary,
  cell: (s: ForecastScores, lead: number) => string,
): Block {
  const leads = model.test.leads;
  const row = (name: string, s: ForecastScores) => [name, ...leads.map((_, i) => cell(s, i))];
  return {
    kind: 'table',
    head: [what, ...leads.map(({ lead }) => `day ${lead}`)],
    rows: [
      row('model', model.test),
      ...Object.entries(model.baselines).map(([name, s]) => row(words(name), s)),
    ],
    caption: `${what} over the active cells, ${model.test.n} issue dates.`,
  };
}

function skillTable(model: ConvlstmSummary): Block {
  return {
    kind: 'table',
    head: ['RMSE skill against', ...model.test.leads.map(({ lead }) => `day ${lead}`)],
    rows: Object.entries(model.skill).map(([name, leads]) => [
      words(name),
      ...leads.map(
        ({ skill, interval }) =>
          signed(skill) + (interval ? ` [${signed(interval[0])}, ${signed(interval[1])}]` : ''),
      ),
    ]),
    caption:
      '1 − RMSE/RMSE of the reference on the same cases, 95 % interval by block bootstrap (blocks of 30 days). Positive: the model is better; negative: it is worse.',
  };
}

function negativeSkill(model: ConvlstmSummary): Block[] {
  return Object.entries(model.skill).flatMap(([name, leads]): Block[] => {
    const worse = leads.filter(({ skill }) => skill < 0);
    if (worse.length === 0) return [];
    const list = worse.map(({ lead, skill }) => `day ${lead} (${signed(skill)})`).join(', ');
    return [{ kind: 'warning', text: `The model is worse than ${words(name)} at ${list}.` }];
  });
}

function changeTable(
  test: ChangeScores,
  baselines: Readonly<Record<string, ChangeScores>>,
  threshold: number,
): Block {
  const row = (name: string, s: ChangeScores) => [
    name,
    s.precision.toFixed(3),
    s.recall.toFixed(3),
    s.f1.toFixed(3),
    s.iou.toFixed(3),
  ];
  const interval = test.f1Interval
    ? ` 95 % interval of F1 ${test.f1Interval[0].toFixed(3)} to ${test.f1Interval[1].toFixed(3)}.`
    : '';
  return {
    kind: 'table',
    head: ['', 'precision', 'recall', 'F1', 'IoU'],
    rows: [
      row('model', test),
      ...Object.entries(baselines).map(([name, s]) => row(words(name), s)),
    ],
    caption: `Changed pixels pooled over ${test.n} test pairs; threshold ${threshold.toFixed(2)} chosen on the validation pairs.${interval}`,
  };
}

function behind(
  model: number,
  baselines: readonly (readonly [string, number])[],
  score: string,
): Block[] {
  return baselines
    .filter(([, value]) => value >= model)
    .map(([name, value]): Block => ({
      kind: 'warning',
      text: `The model does not beat ${words(name)} in ${score}: ${model.toFixed(3)} against ${value.toFixed(3)}.`,
    }));
}

function figureBlocks(figures: Figures[string] = []): Block[] {
  return figures.map(({ path, caption }) => ({ kind: 'figure', path, caption }));
}

function provenance(summary: Summary): Section {
  const rows = [
    ...Object.entries(summary.backend).map(([key, value]) => [
      words(key),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
    ...Object.entries(summary.versions),
  ];
  return {
    title: 'Made with',
    blocks: [
      {
        kind: 'table',
        head: ['what', 'value'],
        rows,
        caption:
          'Backend and versions. The full configuration is in config.json beside this report.',
      },
    ],
  };
}
