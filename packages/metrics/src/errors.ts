/** What a wrong input to a score raises: says what was expected, what was received, what to do. */
export class MetricsError extends Error {
  readonly _tag = 'MetricsError' as const;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MetricsError';
  }
}

/** Whether a caught value is a {@link MetricsError} (works across copies of the package). */
export function isMetricsError(value: unknown): value is MetricsError {
  return value instanceof Error && (value as { _tag?: unknown })._tag === 'MetricsError';
}
