import { expectCellOptions, expectLength, type CellOptions, type Field } from './cells.js';

/**
 * The Nash–Sutcliffe efficiency 1 − Σ(f − o)² / Σ(o − ō)²: 1 is perfect, 0 is as good as the
 * observed mean, and it has no lower bound. NaN where the observation does not vary.
 *
 * Reference: Nash & Sutcliffe 1970, J. Hydrol., doi:10.1016/0022-1694(70)90255-6.
 *
 * @param forecast - [N].
 * @param observation - [N], same unit; NaN in either removes the cell.
 * @throws MetricsError where lengths differ.
 */
export function nashSutcliffe(
  forecast: Field,
  observation: Field,
  options: CellOptions = {},
): number {
  const cells = observation.length;
  expectLength('forecast', forecast, cells);
  expectCellOptions(options, cells);
  const { mask, weights } = options;
  let total = 0;
  let mean = 0;
  let scatter = 0;
  let squared = 0;
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const o = observation[i] as number;
    const error = (forecast[i] as number) - o;
    if (Number.isNaN(error)) continue;
    const w = weights ? (weights[i] as number) : 1;
    if (w === 0) continue;
    total += w;
    const step = o - mean; // Welford: one pass, no cancellation
    mean += (w / total) * step;
    scatter += w * step * (o - mean);
    squared += w * error * error;
  }
  return scatter > 0 ? 1 - squared / scatter : NaN;
}

/** How the anomaly correlation treats the mean anomaly. */
export interface AnomalyCorrelationOptions extends CellOptions {
  /** `centred` takes the domain-mean anomaly off first; `uncentred` does not. Report which. */
  readonly kind: 'centred' | 'uncentred';
}

/**
 * The anomaly correlation coefficient of f − c and o − c, −1..1; NaN if a variance is 0.
 *
 * Reference: WMO Manual on the Global Data-processing and Forecasting System; ECMWF.
 *
 * @param forecast - [N].
 * @param observation - [N].
 * @param climatology - [N], from training years only.
 * @throws MetricsError where lengths differ.
 */
export function anomalyCorrelation(
  forecast: Field,
  observation: Field,
  climatology: Field,
  options: AnomalyCorrelationOptions,
): number {
  const cells = observation.length;
  expectLength('forecast', forecast, cells);
  expectLength('climatology', climatology, cells);
  expectCellOptions(options, cells);
  const { mask, weights } = options;
  let total = 0;
  let sumF = 0;
  let sumO = 0;
  let sumFF = 0;
  let sumOO = 0;
  let sumFO = 0;
  let f0 = NaN; // anomalies are shifted by the first, so that constant ones give exactly 0
  let o0 = NaN;
  const centred = options.kind === 'centred';
  for (let i = 0; i < cells; i++) {
    if (mask && !mask[i]) continue;
    const c = climatology[i] as number;
    let f = (forecast[i] as number) - c;
    let o = (observation[i] as number) - c;
    if (Number.isNaN(f) || Number.isNaN(o)) continue;
    if (centred) {
      if (Number.isNaN(f0)) {
        f0 = f;
        o0 = o;
      }
      f -= f0;
      o -= o0;
    }
    const w = weights ? (weights[i] as number) : 1;
    total += w;
    sumF += w * f;
    sumO += w * o;
    sumFF += w * f * f;
    sumOO += w * o * o;
    sumFO += w * f * o;
  }
  if (centred) {
    sumFF -= (sumF * sumF) / total;
    sumOO -= (sumO * sumO) / total;
    sumFO -= (sumF * sumO) / total;
  }
  return sumFF > 0 && sumOO > 0 ? sumFO / Math.sqrt(sumFF * sumOO) : NaN;
}
