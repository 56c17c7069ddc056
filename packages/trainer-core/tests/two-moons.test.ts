import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { useCpuBackend, useTemporaryFolder } from './setup.js';
import { trainTwoMoons } from './two-moons.js';

useCpuBackend();
const temporary = useTemporaryFolder();

it('is the example of the README, which learns to tell the moons apart', async () => {
  const shown: string[] = [];
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown.push(String(text));
    return true;
  });
  const result = await trainTwoMoons(temporary()).finally(() => stderr.mockRestore());
  expect(result.best?.score).toBeGreaterThan(0.97);
  expect(shown.join('')).toContain('val_accuracy');
  const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const code = read('tests/two-moons.ts').replaceAll('../src/index.js', '@arctic/trainer-core');
  expect(read('README.md')).toContain(code);
});
