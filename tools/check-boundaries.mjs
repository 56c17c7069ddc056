// The table of docs/architecture.md holds: imports that it forbids are lint errors, those that it allows are not.
import process from 'node:process';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';

const FORBIDDEN = [
  ['packages/model-convlstm/src/forbidden.ts', 'geotiff'],
  ['packages/model-convlstm/src/forbidden.ts', '@arctic/model-classifier'],
  ['packages/metrics/src/forbidden.ts', '@arctic/raster'],
  ['packages/preprocess/src/forbidden.ts', '@tensorflow/tfjs-core'],
  ['packages/nn/src/forbidden.ts', '@tensorflow/tfjs-node'],
  ['packages/data-real/src/forbidden.ts', 'zarrita'],
];
const ALLOWED = [
  ['packages/model-convlstm/src/allowed.ts', '@arctic/nn'],
  ['packages/preprocess/src/allowed.ts', '@arctic/raster'],
  ['packages/nn/src/allowed.ts', '@tensorflow/tfjs-core'],
  ['packages/raster/src/allowed.ts', 'geotiff'],
];

await createProjectGraphAsync(); // the lint rule reads the cached graph
const eslint = new ESLint();

async function isRefused([filePath, library]) {
  const code = `import * as library from '${library}';\n\nexport const used = library;\n`;
  const [result] = await eslint.lintText(code, { filePath });
  return result.messages.some(({ ruleId }) => ruleId === '@nx/enforce-module-boundaries');
}

let wrong = 0;
for (const [cases, expected] of [
  [FORBIDDEN, true],
  [ALLOWED, false],
]) {
  for (const entry of cases) {
    const refused = await isRefused(entry);
    if (refused === expected) continue;
    wrong += 1;
    console.error(
      `${entry[0]} importing ${entry[1]}: expected ${expected ? 'a lint error' : 'no error'}. Received: the opposite`,
    );
  }
}
if (wrong === 0)
  console.log(
    `${FORBIDDEN.length} forbidden imports refused, ${ALLOWED.length} allowed ones accepted`,
  );
process.exitCode = wrong === 0 ? 0 : 1;
