/** Data that cannot be drawn: wrong lengths, empty lists, images of the wrong size. */
export class PlotError extends Error {
  readonly _tag = 'PlotError';
  override readonly name = 'PlotError';
}

/** Whether `error` is a {@link PlotError}, also one from another copy of this package. */
export function isPlotError(error: unknown): error is PlotError {
  return error instanceof Error && '_tag' in error && error._tag === 'PlotError';
}

/** @throws {PlotError} unless `length` is `expected`. */
export function expectLength(name: string, length: number, expected: number, shape: string): void {
  if (length === expected) return;
  throw new PlotError(
    `${name} must hold ${expected} values, shape ${shape}. Received: ${length} values.`,
  );
}

/** @throws {PlotError} when the list is empty. */
export function expectSome(name: string, list: { readonly length: number }): void {
  if (list.length > 0) return;
  throw new PlotError(`${name} must hold at least one item. Received: none.`);
}
