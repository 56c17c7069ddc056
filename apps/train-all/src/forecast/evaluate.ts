import {
  createLeadScores,
  leadSkill,
  REFERENCE_NAMES,
  referenceForecasts,
  type LeadScore,
  type LeadScores,
  type ReferenceName,
} from '@arctic/metrics';
import type { ConvLstm } from '@arctic/model-convlstm';
import { createForecaster, observation, type ForecastSeries } from '@arctic/inference';
import type { ConvlstmSummary, ForecastScores } from '../summary.js';

export type ForecastEvaluation = Pick<ConvlstmSummary, 'test' | 'baselines' | 'skill'>;

/**
 * The model and the four reference forecasts on the same issue days, active cells only.
 *
 * @param issues indices of the series, ascending.
 * @param onProgress called with the number of days done.
 */
export async function evaluateForecaster(
  model: ConvLstm,
  series: ForecastSeries,
  issues: readonly number[],
  seed: number,
  onProgress: (done: number) => void,
): Promise<ForecastEvaluation> {
  const leads = model.config.outputSteps;
  const cells = series.height * series.width;
  const create = () => createLeadScores({ leads, mask: series.active, area: series.area });
  const modelScores = create();
  const references = Object.fromEntries(REFERENCE_NAMES.map((name) => [name, create()])) as Record<
    ReferenceName,
    LeadScores
  >; // one for each name
  const forecaster = createForecaster(model, series);
  for (const [done, issue] of issues.entries()) {
    const day = series.days[issue] as number; // issues are indices of the series
    const field = (index: number) => series.sic.subarray(index * cells, (index + 1) * cells);
    const forecast = await forecaster(issue);
    const others = referenceForecasts({
      history: field(issue),
      day,
      climatology: series.climatology,
      damping: series.damping,
      leads,
    });
    for (const reference of others) {
      const { lead } = reference;
      const at = issue + lead;
      const truth = observation(series, at);
      // A cell counts only where every forecast has a value, so that all are scored on the same cells.
      for (let i = 0; i < cells; i++) {
        if (REFERENCE_NAMES.some((name) => Number.isNaN(reference[name][i]))) truth[i] = NaN;
      }
      modelScores.add(lead, forecast.subarray((lead - 1) * cells, lead * cells), truth, day);
      for (const name of REFERENCE_NAMES) references[name].add(lead, reference[name], truth, day);
    }
    onProgress(done + 1);
  }
  const test = modelScores.result();
  const baselines = REFERENCE_NAMES.map((name) => [name, references[name].result()] as const);
  return {
    test: scores(test),
    baselines: Object.fromEntries(baselines.map(([name, result]) => [name, scores(result)])),
    skill: Object.fromEntries(
      baselines.map(([name, result]) => [name, skills(test, result, seed)]),
    ),
  };
}

function scores(result: readonly LeadScore[]): ForecastScores {
  return {
    n: result[0]?.n ?? 0,
    leads: result.map(({ lead, n, rmse, mae, bias, iiee, binaryAccuracy }) => ({
      lead,
      n,
      rmse,
      mae,
      bias,
      iiee,
      binaryAccuracy,
    })),
  };
}

function skills(model: readonly LeadScore[], reference: readonly LeadScore[], seed: number) {
  return model.map((score, i) => {
    const { lead, rmsess } = leadSkill(score, reference[i] as LeadScore, { seed }); // as many leads
    const interval: [number, number] | null = Number.isFinite(rmsess.low)
      ? [rmsess.low, rmsess.high]
      : null;
    return { lead, skill: rmsess.value, interval };
  });
}
