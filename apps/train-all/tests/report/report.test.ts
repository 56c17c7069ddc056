import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../src/report/document.js';
import { renderHtml } from '../../src/report/render-html.js';
import { renderMarkdown } from '../../src/report/render-markdown.js';
import { describeRun } from '../../src/report/sections.js';
import { makeSummary } from '../sample-summary.js';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
writeFileSync(join(folder, 'a b.png'), 'pixels');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const report = describeRun(makeSummary(), {
  classifier: [{ path: 'a b.png', caption: 'Curves' }],
});
const markdown = renderMarkdown(report);
const html = renderHtml(report, folder);

describe('describeRun', () => {
  it('shows every baseline beside the model', () => {
    for (const name of [
      'majority',
      'logistic regression',
      'persistence',
      'damped anomaly persistence',
      'difference otsu',
      'all changed',
    ]) {
      expect(markdown).toContain(`| ${name} |`);
      expect(html).toContain(`<td>${name}</td>`);
    }
  });

  it('keeps the sign of a skill and warns of a negative one', () => {
    expect(markdown).toContain('−25.0 % [−40.0 %, −10.0 %]');
    expect(markdown).toContain('+9.1 % [−2.0 %, +20.0 %]');
    expect(markdown).toContain(
      '> **Mind:** The model is worse than damped anomaly persistence at day 2 (−25.0 %).',
    );
    expect(html).toMatch(/class="warning"[^>]*>The model is worse than damped anomaly persistence/);
    expect(markdown).not.toContain('worse than persistence');
  });

  it('never shows a small negative skill as positive', () => {
    const summary = makeSummary();
    const { convlstm } = summary.models;
    if (!convlstm) throw new Error('the sample has one');
    const skill = { persistence: [{ lead: 1, skill: -0.0001, interval: null }] };
    const text = renderMarkdown(
      describeRun({ ...summary, models: { convlstm: { ...convlstm, skill } } }, {}),
    );
    expect(text).toContain('−0.0 %');
    expect(text).toContain('The model is worse than persistence at day 1 (−0.0 %).');
  });

  it('warns of a classifier and a change detector that do not beat a baseline', () => {
    const summary = makeSummary();
    const { classifier, siamese } = summary.models;
    if (!classifier || !siamese) throw new Error('the sample has both');
    const text = renderMarkdown(
      describeRun(
        {
          ...summary,
          models: {
            classifier: { ...classifier, baselines: { majority: classifier.test } },
            siamese: { ...siamese, baselines: { differenceOtsu: { ...siamese.test, f1: 0.99 } } },
          },
        },
        {},
      ),
    );
    expect(text).toContain('The model does not beat majority in accuracy: 0.900 against 0.900.');
    expect(text).toContain('The model does not beat difference otsu in F1: 0.800 against 0.990.');
  });

  it('says what is synthetic and what real, n, intervals, cost, threshold and notes', () => {
    expect(markdown.match(/Synthetic data/g)).toHaveLength(2);
    expect(markdown.match(/Real observations/g)).toHaveLength(1);
    expect(markdown).toContain('Test set, 30 scenes. 95 % interval of the accuracy 80.0 % to');
    expect(markdown).toContain('309,424 trainable parameters. Trained in 1.5 min, at most 812 MB');
    expect(markdown).toContain('threshold 0.45 chosen on the validation pairs');
    expect(markdown).toContain('86 issue dates.');
  });

  it('leaves out models that the run did not train', () => {
    const { siamese } = makeSummary().models;
    const titles = describeRun({ ...makeSummary(), models: { siamese } }, {}).sections;
    expect(titles.map(({ title }) => title)).toEqual(['Change detector', 'Made with']);
  });
});

describe('renderMarkdown', () => {
  it('writes tables with as many cells in every row', () => {
    const tables = markdown.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) {
      const cells = table.split('\n').map((row) => row.split(' | ').length);
      expect(new Set(cells).size).toBe(1);
    }
    expect(markdown).toContain('| --- | --: |');
  });

  it('keeps bars and line breaks of a cell inside it', () => {
    const text = renderMarkdown(oneTable('a|b\nc'));
    expect(text).toContain('| a\\|b c |');
  });

  it('links pictures whose names hold blanks', () => {
    expect(markdown).toContain('![Curves](a%20b.png)');
  });
});

describe('renderHtml', () => {
  it('needs nothing beside itself', () => {
    expect(html).toContain(
      `src="data:image/png;base64,${Buffer.from('pixels').toString('base64')}"`,
    );
    const links = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link ?? '');
    expect(links.every((link) => link.startsWith('data:'))).toBe(true);
    expect(html).not.toMatch(/<script|<link|@import|url\(/);
  });

  it('escapes what it shows', () => {
    const text = renderHtml(oneTable('<script>"a" & b</script>'), folder);
    expect(text).toContain('&lt;script&gt;&quot;a&quot; &amp; b&lt;/script&gt;');
    expect(text).not.toContain('<script>');
  });
});

function oneTable(cell: string): ReportDocument {
  return {
    title: cell,
    subtitle: cell,
    sections: [
      {
        title: cell,
        blocks: [
          { kind: 'table', head: ['x'], rows: [[cell]], caption: cell },
          { kind: 'warning', text: cell },
        ],
      },
    ],
  };
}
