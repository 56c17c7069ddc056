import { join } from 'node:path';
import { writeFileAtomic } from '@arctic/raster';

/** What a model card says. */
export interface ModelCard {
  readonly title: string;
  readonly what: string;
  readonly input: string;
  readonly output: string;
  readonly training: string;
  readonly scores: readonly (readonly [string, string])[];
  readonly limits: string;
}

/** Writes `README.md` beside a model's files. */
export async function writeModelCard(folder: string, card: ModelCard): Promise<void> {
  const text = `# ${card.title}

${card.what}

- **Input:** ${card.input}
- **Output:** ${card.output}
- **Trained on:** ${card.training}
- **Limits:** ${card.limits}

| test score | value |
| --- | --: |
${card.scores.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}

Files: \`model.safetensors\` (weights, torch names and layouts), \`config.json\` (architecture and everything needed to prepare the input).
`;
  await writeFileAtomic(join(folder, 'README.md'), Buffer.from(text));
}
