import type { Block, ReportDocument } from './document.js';

/** The report as Markdown; figures are linked by their paths relative to it. */
export function renderMarkdown(report: ReportDocument): string {
  const sections = report.sections.flatMap(({ title, blocks }) => [
    `## ${title}`,
    ...blocks.map(renderBlock),
  ]);
  return [`# ${report.title}`, report.subtitle, ...sections].join('\n\n') + '\n';
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'warning':
      return `> **Mind:** ${block.text}`;
    case 'table': {
      const row = (cells: readonly string[]) =>
        `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
      const rule = block.head.map((_, i) => (i === 0 ? '---' : '--:'));
      return [row(block.head), row(rule), ...block.rows.map(row), '', `*${block.caption}*`].join(
        '\n',
      );
    }
    case 'figure':
      return `![${block.caption}](${encodeURI(block.path)})`;
  }
}
