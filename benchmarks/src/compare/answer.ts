/** What Python says of one file: whether each thing agrees; absent where it is not compared. */
export interface Answer {
  readonly variables?: number;
  readonly names?: boolean;
  /** Types of the stored numbers. */
  readonly types?: boolean;
  readonly values?: boolean;
  readonly mask?: boolean;
  readonly crs?: boolean;
  readonly transform?: boolean;
  readonly time?: boolean;
  /** Areas of charts. */
  readonly area?: boolean;
  /** Largest difference of values, or of areas relative. */
  readonly largest?: number;
  readonly note?: string;
  /** What Python, or our reader, ended with. */
  readonly error?: string;
}

/** A row of the table. */
export interface Judged {
  readonly file: string;
  readonly reader: string;
  readonly answer: Answer;
}

/** Columns of the table. */
const COLUMNS = ['names', 'types', 'values', 'mask', 'crs', 'transform', 'time'] as const;
const CHECKS = [...COLUMNS, 'area'] as const;

/** Whether everything agrees. */
export function agrees({ answer }: Judged): boolean {
  return answer.error === undefined && CHECKS.every((check) => answer[check] !== false);
}

/** The rows as a table for a terminal. */
export function tableOf(rows: readonly Judged[]): string {
  const titles = ['file', 'reader', 'variables', ...COLUMNS, 'largest', ''];
  const cells = rows.map(({ file, reader, answer }) => [
    file,
    reader,
    `${answer.variables ?? ''}`,
    ...COLUMNS.map((check) =>
      answer[check] === undefined ? '' : answer[check] ? 'ok' : 'DIFFERENT',
    ),
    answer.largest === undefined ? '' : answer.largest.toExponential(1),
    answer.error ?? [answer.area === false ? 'AREA' : '', answer.note ?? ''].join(' ').trim(),
  ]);
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  return [titles, ...cells]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
