import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as api from '../src/index.js';

test('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "MetricsError",
      "REFERENCE_NAMES",
      "activeCells",
      "anomalyCorrelation",
      "anomalyPersistence",
      "assertConcentration",
      "bestThreshold",
      "binaryAccuracy",
      "blockBootstrapInterval",
      "bootstrapInterval",
      "brierScore",
      "changeCounts",
      "changeScores",
      "classificationScores",
      "climatologyFromDaily",
      "climatologyFromMonthly",
      "climatologyOn",
      "climatologyOnInto",
      "confusionMatrix",
      "createLeadScores",
      "createThresholdSearch",
      "dampedAnomalyPersistence",
      "dampedAnomalyPersistenceInto",
      "describeSkill",
      "ensembleCrps",
      "expectedCalibrationError",
      "fieldErrors",
      "fillFromDayBefore",
      "fillFromDayBeforeInto",
      "fitDamping",
      "fitLogisticRegression",
      "fitTemperature",
      "iceEdgeError",
      "intervalCoverage",
      "isMetricsError",
      "leadInterval",
      "leadScoreOf",
      "leadSkill",
      "marginalIceZoneErrors",
      "meanSquareSkill",
      "nashSutcliffe",
      "otsuThreshold",
      "persistence",
      "poolFieldErrors",
      "predictLogisticRegression",
      "rankHistogram",
      "referenceForecasts",
      "reliabilityTable",
      "rootMeanSquareSkill",
      "softmaxRows",
      "spatialProbabilityScore",
      "spreadSkill",
      "topClass",
    ]
  `);
});

/** Runs the TypeScript examples of a file against the sources. */
function runExamples(file: string): number {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').replace(/^ \* ?/gm, '');
  const examples = [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? '');
  for (const example of examples) {
    const body = example.replace(/import (\{.*?\}) from '@arctic\/metrics';/s, 'const $1 = api;');
    const { outputText } = ts.transpileModule(body, {
      compilerOptions: { target: ts.ScriptTarget.ES2022 },
    });
    new Function('api', outputText)(api);
  }
  return examples.length;
}

test.each(['src/index.ts', 'README.md'])('the examples of %s run', (file) => {
  expect(runExamples(file)).toBeGreaterThan(0);
});
