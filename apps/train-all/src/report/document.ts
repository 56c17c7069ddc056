/** A report as data; `render-html.ts` and `render-markdown.ts` turn it into files. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  /** A sentence that must not be overlooked, such as a model worse than its reference. */
  | { readonly kind: 'warning'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly caption: string;
    }
  /** A PNG file; `path` is relative to the report. */
  | { readonly kind: 'figure'; readonly path: string; readonly caption: string };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly Section[];
}
