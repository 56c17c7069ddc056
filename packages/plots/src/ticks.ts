/**
 * Round numbers in [low, high] at equal distances of 1, 2 or 5 times a power of ten, ascending.
 *
 * @param count how many are wanted; about half as many to twice as many come.
 */
export function niceTicks(low: number, high: number, count = 5): number[] {
  if (!(high > low)) return [low];
  const step = niceStep((high - low) / Math.max(1, count));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => clean((first + index) * step));
}

/** The range widened to whole steps of {@link niceTicks}; a single value gets room on both sides. */
export function niceDomain(low: number, high: number, count = 5): [number, number] {
  if (!(high > low)) {
    const room = Math.abs(low) / 2 || 0.5;
    return niceDomain(low - room, low + room, count);
  }
  const step = niceStep((high - low) / Math.max(1, count));
  return [clean(Math.floor(low / step + 1e-9) * step), clean(Math.ceil(high / step - 1e-9) * step)];
}

/** Powers of ten in [low, high], with 2 and 5 between them where there are few; both ends above 0. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const factors = decades < 0.7 ? [1, 1.5, 2, 3, 4, 5, 6, 7, 8] : decades < 2.5 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / 6));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high * (1 + 1e-9); power += 1) {
    if (factors.length === 1 && power % stride !== 0) continue;
    for (const factor of factors) {
      const value = clean(factor * 10 ** power);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) ticks.push(value);
    }
  }
  return ticks;
}

/** The labels of ticks, all with the decimals the finest needs; powers of ten where they are far from 1. */
export function formatTicks(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs));
  const smallest = Math.min(...ticks.filter((tick) => tick !== 0).map(Math.abs));
  if (largest >= 1e6 || (Number.isFinite(smallest) && smallest < 1e-3))
    return ticks.map(scientific);
  const decimals = Math.max(0, ...ticks.map(decimalsOf));
  const ratio = largest / smallest;
  // Ticks of a log axis carry their own decimals: 0.001, 0.01, 0.1, 1.
  return ticks.map((tick) => minus(tick.toFixed(ratio > 50 ? decimalsOf(tick) : decimals)));
}

function scientific(value: number): string {
  if (value === 0) return '0';
  const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const mantissa = clean(value / 10 ** power);
  const ten = `10${superscript(power)}`;
  return mantissa === 1 ? ten : `${minus(String(mantissa))}·${ten}`;
}

function superscript(power: number): string {
  return [...String(power)]
    .map((c) => (c === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? '')))
    .join('');
}

function minus(text: string): string {
  return text.replace('-', '−');
}

function decimalsOf(value: number): number {
  return Math.min(6, (String(clean(value)).split('.')[1] ?? '').length);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
}

/** The number without the dust that binary fractions leave. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
