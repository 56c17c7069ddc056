import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as api from '../src/index.js';

test('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "DEFAULT_FRACTIONS",
      "PreprocessError",
      "SPLITS",
      "applyGeometryInto",
      "augmentSample",
      "blendTiles",
      "blendedRows",
      "channelStatistics",
      "classWeights",
      "createGenerator",
      "createTileBlender",
      "drawGeometry",
      "isPreprocessError",
      "loadProcessed",
      "loadStats",
      "outputSize",
      "preprocessChangePairs",
      "preprocessImagery",
      "preprocessSequences",
      "splitByDate",
      "splitByScene",
      "tiles",
      "timeWindows",
    ]
  `);
});

/** Runs the TypeScript examples of a file against the sources. */
function runExamples(file: string): number {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').replace(/^ \* ?/gm, '');
  const examples = [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? '');
  for (const example of examples) {
    const body = example.replace(
      /import (\{.*?\}) from '@arctic\/preprocess';/s,
      'const $1 = api;',
    );
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
