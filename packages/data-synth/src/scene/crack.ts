import { smoothstep } from '../fields.js';
import type { Rng } from '../rng.js';

/** A crack to draw; lengths in pixels. */
interface Crack {
  readonly x: number;
  readonly y: number;
  /** Direction it starts in, radians. */
  readonly heading: number;
  readonly length: number;
  readonly halfWidth: number;
  /** Change of brightness along it. */
  readonly depth: number;
}

/** Draws a jagged line that wanders and may branch into `out`, [H,W]. */
export function drawCrack(
  out: Float32Array,
  rng: Rng,
  width: number,
  height: number,
  crack: Crack,
): void {
  let { x, y, heading } = crack;
  let left = crack.length;
  while (left > 0) {
    heading += 0.28 * rng.normal();
    const step = rng.uniform(5, 18);
    const nextX = x + step * Math.cos(heading);
    const nextY = y + step * Math.sin(heading);
    drawSegment(out, width, height, [x, y, nextX, nextY], crack);
    x = nextX;
    y = nextY;
    left -= step;
    if (left > 40 && rng.chance(0.1)) {
      drawCrack(out, rng, width, height, {
        ...crack,
        x,
        y,
        heading: heading + (rng.chance(0.5) ? 1 : -1) * rng.uniform(0.5, 1.2),
        length: left * 0.5,
        halfWidth: crack.halfWidth * 0.7,
      });
    }
  }
}

function drawSegment(
  out: Float32Array,
  width: number,
  height: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  { halfWidth, depth }: Crack,
): void {
  const reach = halfWidth + 1;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const square = dx * dx + dy * dy;
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach));
  const first = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const last = Math.min(width - 1, Math.ceil(Math.max(x0, x1) + reach));
  for (let row = top; row <= bottom; row++) {
    for (let column = first; column <= last; column++) {
      const t = ((column - x0) * dx + (row - y0) * dy) / square;
      // Half open, so that joined segments do not darken their joint twice.
      if (t < 0 || t >= 1) continue;
      const ex = column - x0 - t * dx;
      const ey = row - y0 - t * dy;
      const ink = 1 - smoothstep(halfWidth - 0.5, reach, Math.sqrt(ex * ex + ey * ey));
      if (ink > 0) out[row * width + column] = (out[row * width + column] ?? 0) + depth * ink;
    }
  }
}
