import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildTargets, recipe } from '../src/targets.js';
import { findTfjsNode } from '../src/tfjs-node.js';
import { temporaryFolder } from './fake-system.js';

it('builds from files that are there', () => {
  const targets = buildTargets(findTfjsNode());
  expect(targets.map(({ output }) => output)).toContain('tfjs_binding.node');
  for (const source of targets.flatMap(({ sources }) => sources))
    expect(existsSync(source)).toBe(true);
});

it('has a recipe that changes with the sources and not with their place', () => {
  const inFolder = (source: string, header = '') => {
    const folder = join(temporaryFolder(), 'native');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.cc'), source);
    writeFileSync(join(folder, 'a.h'), header);
    return [{ output: 'a.node', sources: [join(folder, 'a.cc')], includes: [folder], links: [] }];
  };
  expect(recipe(inFolder('int a;'))).toMatch(/^[0-9a-f]{12}$/);
  expect(recipe(inFolder('int a;'))).toBe(recipe(inFolder('int a;')));
  expect(recipe(inFolder('int b;'))).not.toBe(recipe(inFolder('int a;')));
  expect(recipe(inFolder('int a;', 'int b;'))).not.toBe(recipe(inFolder('int a;')));
});
