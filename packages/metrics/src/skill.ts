/**
 * The mean-square-error skill score 1 − MSE_f / MSE_ref: 1 perfect, 0 as good as the reference,
 * negative worse. It keeps its sign: a forecast far worse than persistence scores far below 0.
 *
 * Both errors must come from the same cases and the same cells. NaN where both are 0.
 *
 * Reference: Murphy & Epstein 1989, Mon. Weather Rev., doi:10.1175/1520-0493(1989)117<0572:SSACCI>2.0.CO;2.
 */
export function meanSquareSkill(mse: number, referenceMse: number): number {
  return 1 - mse / referenceMse;
}

/**
 * The root-mean-square-error skill score 1 − RMSE_f / RMSE_ref; never clipped, like
 * {@link meanSquareSkill}. "29 % below persistence" is this score times 100.
 */
export function rootMeanSquareSkill(rmse: number, referenceRmse: number): number {
  return 1 - rmse / referenceRmse;
}

/**
 * A skill as a sentence for a report: signed, in percent, and in so many words when the forecast
 * is worse than its reference.
 *
 * @param skill - From {@link rootMeanSquareSkill} or {@link meanSquareSkill}.
 * @param reference - Name of the reference, for example `persistence`.
 */
export function describeSkill(skill: number, reference: string): string {
  if (Number.isNaN(skill)) return `skill against ${reference} is undefined`;
  const percent = Math.abs(skill * 100).toFixed(1);
  if (skill < 0) return `WORSE than ${reference} by ${percent} % (skill −${percent} %)`;
  return `better than ${reference} by ${percent} % (skill +${percent} %)`;
}
