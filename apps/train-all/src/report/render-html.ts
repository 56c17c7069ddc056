import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, ReportDocument } from './document.js';

const STYLE = `
:root { color-scheme: light dark; --ink: #14202b; --soft: #5b6b7a; --line: #d8e0e7; --paper: #fff; --tint: #f3f7fa; --warn: #fff4e0; --warn-ink: #7a4a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9fb0bf; --line: #2c3a47; --paper: #10171e; --tint: #18222c; --warn: #3a2a0c; --warn-ink: #ffd591; } }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.25rem 5rem; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.9rem; margin: 0 0 .25rem; letter-spacing: -.01em; } h1 + p { color: var(--soft); margin-top: 0; }
h2 { margin: 2.75rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0; }
th, td { padding: .35rem .8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; } th:first-child, td:first-child { text-align: left; }
thead th { background: var(--tint); } tbody tr:first-child td { font-weight: 600; }
caption, figcaption { caption-side: bottom; text-align: left; color: var(--soft); font-size: .875rem; padding-top: .35rem; white-space: normal; }
figure { margin: 1.25rem 0; } img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; background: #fff; }
.warning { background: var(--warn); color: var(--warn-ink); border-left: 4px solid currentColor; padding: .6rem 1rem; border-radius: 4px; }
`;

function escape(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c,
  );
}

/** The report as one self-contained HTML page; figures are read from `folder` and embedded. */
export function renderHtml(report: ReportDocument, folder: string): string {
  const sections = report.sections
    .map(
      ({ title, blocks }) =>
        `<section><h2>${escape(title)}</h2>\n${blocks.map((b) => renderBlock(b, folder)).join('\n')}</section>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(report.title)}</title><style>${STYLE}</style></head>
<body><h1>${escape(report.title)}</h1><p>${escape(report.subtitle)}</p>
${sections}
</body></html>
`;
}

function renderBlock(block: Block, folder: string): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escape(block.text)}</p>`;
    case 'warning':
      return `<p class="warning" role="note">${escape(block.text)}</p>`;
    case 'table': {
      const cells = (tag: string, row: readonly string[]) =>
        `<tr>${row.map((c) => `<${tag}>${escape(c)}</${tag}>`).join('')}</tr>`;
      return `<div class="scroll"><table><caption>${escape(block.caption)}</caption><thead>${cells('th', block.head)}</thead><tbody>${block.rows.map((r) => cells('td', r)).join('')}</tbody></table></div>`;
    }
    case 'figure': {
      const png = readFileSync(join(folder, block.path)).toString('base64');
      return `<figure><img src="data:image/png;base64,${png}" alt="${escape(block.caption)}"><figcaption>${escape(block.caption)}</figcaption></figure>`;
    }
  }
}
