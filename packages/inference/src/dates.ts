/** The date of a day since 1970-01-01, YYYY-MM-DD: here, so that the forecaster needs no reader of files. */
export function isoDate(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
