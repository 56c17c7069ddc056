import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { useCpuBackend, useTemporaryFolder } from '../setup.js';
import { searchLine, suggestRate } from './line-search.js';

useCpuBackend();
const temporary = useTemporaryFolder();

it('is the example of the README', () => {
  const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const code = read('tests/search/line-search.ts').replaceAll(
    '../../src/index.js',
    '@arctic/trainer-core',
  );
  expect(read('README.md')).toContain(code);
});

it('suggests a rate that is neither tiny nor huge', async () => {
  const rate = await suggestRate();
  expect(rate).toBeGreaterThan(1e-3);
  expect(rate).toBeLessThan(3);
});

it('finds settings that fit the line', async () => {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const result = await searchLine(temporary()).finally(() => write.mockRestore());
  expect(result?.best?.budget).toBe(9);
  expect(result?.best?.score).toBeLessThan(0.1);
  expect(printed).toMatch(/^rank {2}trial {2}learningRate/);
});
