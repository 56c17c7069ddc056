import { clamp } from '../fields.js';
import { fractalNoise } from '../noise.js';
import type { Rng } from '../rng.js';
import { squaredReach } from './drift.js';
import type { Storm } from './storms.js';
import type { SeaWorld } from './world.js';

/** Values are stored in steps of this, as passive-microwave products do. */
const QUANTUM = 250;
/** Below this, the weather filter of a product takes ice for open water. */
const WEATHER_FILTER = 0.12;

/** How a satellite product errs. */
interface ObserverOptions {
  /** Standard deviation of the error at half cover; less over full ice and open water. */
  readonly noise: number;
  /** Share of days on which a swath is missing. */
  readonly missingDayShare: number;
}

/**
 * Writes the day's observation of the true concentration into `out`: errors that hang together over
 * some cells, false ice over open water in storms, the weather filter, 1/250 steps, missing swaths
 * as NaN. Land is NaN.
 */
export function observeInto(
  out: Float32Array,
  truth: Float32Array,
  rng: Rng,
  world: SeaWorld,
  storms: readonly Storm[],
  options: ObserverOptions,
): void {
  const { height, width, ocean } = world;
  const errors = fractalNoise(rng, width, height, { scale: 5, octaves: 2, gain: 0.7 });
  const bias = 0.12 * rng.normal();
  const falseIce = rng.chance(0.5);
  for (let i = 0; i < out.length; i++) {
    if (ocean[i] !== 1) {
      out[i] = Number.NaN;
      continue;
    }
    const value = truth[i] ?? 0;
    const deviation = options.noise * (0.25 + 3 * value * (1 - value));
    let seen = value + deviation * (2.6 * (errors[i] ?? 0) + bias);
    if (falseIce && value < 0.05)
      seen += weather(storms, i % width, Math.floor(i / width), errors[i] ?? 0);
    if (seen < WEATHER_FILTER) seen = 0;
    out[i] = Math.round(clamp(seen, 0, 1) * QUANTUM) / QUANTUM;
  }
  if (rng.chance(options.missingDayShare)) loseSwath(out, rng, height, width);
}

/** Wind and cloud over open water that look like ice. */
function weather(storms: readonly Storm[], column: number, row: number, error: number): number {
  let sum = 0;
  for (const storm of storms) {
    const q = squaredReach(storm, column, row);
    if (q < 4) sum += 0.25 * storm.strength * Math.exp(-q) * Math.max(0, error) * 2;
  }
  return sum;
}

function loseSwath(out: Float32Array, rng: Rng, height: number, width: number): void {
  const angle = rng.uniform(0, Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const middle = rng.uniform(0.15, 0.85) * width * cos + rng.uniform(0.15, 0.85) * height * sin;
  const half = rng.uniform(1.5, 6);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (Math.abs(column * cos + row * sin - middle) < half)
        out[row * width + column] = Number.NaN;
    }
  }
}
