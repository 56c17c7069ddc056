import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeModelCard } from '../src/model-card.js';

it('writes a README with every part of the card and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'card-'));
  await writeModelCard(folder, {
    title: 'Model',
    what: 'Does it.',
    input: 'images',
    output: 'logits',
    training: '100 scenes',
    scores: [
      ['accuracy', '0.91'],
      ['accuracy of majority', '0.40'],
    ],
    limits: 'Generated scenes only.',
  });
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(text).toContain('# Model\n\nDoes it.\n');
  expect(text).toContain('| accuracy | 0.91 |\n| accuracy of majority | 0.40 |');
  for (const part of ['**Input:** images', '**Output:** logits', '**Limits:** Generated scenes'])
    expect(text).toContain(part);
  expect(readdirSync(folder)).toEqual(['README.md']);
  rmSync(folder, { recursive: true });
});
