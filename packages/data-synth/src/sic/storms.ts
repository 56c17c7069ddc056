import type { Rng } from '../rng.js';

/** A travelling low; lengths in cells. */
export interface Storm {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Wind-driven drift at its rim, cells per day. */
  readonly strength: number;
}

interface TravellingStorm extends Storm {
  readonly xByDay: number;
  readonly yByDay: number;
  readonly daysLeft: number;
}

/** Creates the storms of a sea: `advance` moves them on by a day and returns those of that day. */
export function createStorms(
  rng: Rng,
  height: number,
  width: number,
): { advance(yearFraction: number): readonly Storm[] } {
  let storms: TravellingStorm[] = [];
  return {
    advance(yearFraction) {
      storms = storms
        .map((storm) => ({
          ...storm,
          x: storm.x + storm.xByDay,
          y: storm.y + storm.yByDay,
          daysLeft: storm.daysLeft - 1,
        }))
        .filter((storm) => storm.daysLeft > 0);
      // More lows in the dark half of the year.
      const season = Math.cos(2 * Math.PI * (yearFraction - 0.02));
      if (rng.chance(0.13 + 0.05 * season)) {
        storms.push({
          x: rng.uniform(-0.1, 0.8) * width,
          y: rng.uniform(0.1, 1) * height,
          xByDay: rng.uniform(1.5, 4.5),
          yByDay: rng.uniform(-2.5, 0.8),
          radius: rng.uniform(5, 9) * Math.sqrt(Math.min(height, width) / 64),
          strength: rng.uniform(0.35, 0.9),
          daysLeft: 3 + rng.int(4),
        });
      }
      return storms;
    },
  };
}
