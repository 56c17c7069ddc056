/** What went wrong: an option out of range, or a folder that cannot be written. */
export type DataSynthErrorKind = 'invalid-option' | 'write-failed';

/** The error of this package; `_tag` survives bundling and duplicate copies of the package. */
export class DataSynthError extends Error {
  readonly _tag = 'DataSynthError';
  readonly kind: DataSynthErrorKind;

  constructor(kind: DataSynthErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'DataSynthError';
    this.kind = kind;
  }
}

/** True when `error` was thrown by this package. */
export function isDataSynthError(error: unknown): error is DataSynthError {
  return error instanceof Error && '_tag' in error && error._tag === 'DataSynthError';
}

/** Throws unless `value` is a whole number within the bounds. */
export function requireInteger(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new DataSynthError(
      'invalid-option',
      `${name}: expected a whole number from ${low} to ${high}. Received: ${String(value)}.`,
    );
  }
}

/** Throws unless `value` is a finite number within the bounds. */
export function requireNumber(name: string, value: number, low: number, high: number): void {
  if (!Number.isFinite(value) || value < low || value > high) {
    throw new DataSynthError(
      'invalid-option',
      `${name}: expected a number from ${low} to ${high}. Received: ${String(value)}.`,
    );
  }
}

/** Throws unless `seed` can seed a generator. */
export function requireSeed(name: string, seed: number): void {
  requireInteger(name, seed, 0, Number.MAX_SAFE_INTEGER);
}
