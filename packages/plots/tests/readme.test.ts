import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as api from '../src/index.js';

/** Runs the first code block of a text; returns its `svg`. */
function run(text: string): unknown {
  const block = /```[jt]s\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const body = block
    .replaceAll(/^ \* ?/gm, '')
    .replace(/^import (\{.*\}) from '@arctic\/plots';$/m, 'const $1 = api;')
    .replaceAll(/^import .*$/gm, '')
    .replace('await writeFile', 'void writeFile');
  return new Function('api', 'writeFile', `${body}; return svg;`)(api, () => undefined);
}

it.each(['../README.md', '../src/index.ts'])('the example of %s draws', (file) => {
  expect(run(readFileSync(new URL(file, import.meta.url), 'utf8'))).toContain('persistence');
});
