import type { Rng } from './rng.js';

/** How a field of Voronoi cells looks. Lengths in pixels. */
interface CellOptions {
  /** Mean width of a cell. */
  readonly scale: number;
  /** 0 = a square lattice, 1 = wholly irregular. @default 0.9 */
  readonly jitter?: number;
  /** Chance that a cell joins its neighbour into a larger one. @default 0 */
  readonly merge?: number;
  /** Offsets that bend the borders, [H,W] in pixels each. */
  readonly warp?: { readonly x: Float32Array; readonly y: Float32Array };
}

/** Voronoi cells over a picture. */
interface Cells {
  /** Number of the cell of each pixel, [H,W], from 0. */
  readonly id: Int32Array;
  /** Distance to the nearest border of the cell, [H,W], in pixels; at most `scale`. */
  readonly border: Float32Array;
  /** Distance to the nearest lattice point of the cell, [H,W], in pixels. */
  readonly centre: Float32Array;
  /** Numbers run below this. */
  readonly count: number;
}

/** Returns Voronoi cells round jittered lattice points: the floes, plates and pancakes of a scene. */
export function voronoiCells(rng: Rng, width: number, height: number, options: CellOptions): Cells {
  const { scale, jitter = 0.9, merge = 0, warp } = options;
  const margin = 3;
  const across = Math.ceil(width / scale) + 2 * margin;
  const down = Math.ceil(height / scale) + 2 * margin;
  const px = new Float32Array(across * down);
  const py = new Float32Array(across * down);
  const group = new Int32Array(across * down);
  for (let gy = 0; gy < down; gy++) {
    for (let gx = 0; gx < across; gx++) {
      const i = gy * across + gx;
      px[i] = (gx - margin + 0.5 + jitter * (rng.next() - 0.5)) * scale;
      py[i] = (gy - margin + 0.5 + jitter * (rng.next() - 0.5)) * scale;
      const friend = rng.chance(0.5) ? i - 1 : i - across;
      group[i] = rng.next() < merge && friend >= 0 ? (group[friend] ?? i) : i;
    }
  }
  const halfInverse = halfInverseDistances(px, py, across, down);
  const id = new Int32Array(width * height);
  const border = new Float32Array(width * height);
  const centre = new Float32Array(width * height);
  const inverse = 1 / scale;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const x = column + (warp?.x[at] ?? 0);
      const y = row + (warp?.y[at] ?? 0);
      const gx = clampInt(Math.floor(x * inverse) + margin, 1, across - 2);
      const gy = clampInt(Math.floor(y * inverse) + margin, 1, down - 2);
      let nearest = Infinity;
      let best = 0;
      for (let ny = gy - 1; ny <= gy + 1; ny++) {
        for (let i = ny * across + gx - 1; i <= ny * across + gx + 1; i++) {
          const dx = (px[i] ?? 0) - x;
          const dy = (py[i] ?? 0) - y;
          const distance = dx * dx + dy * dy;
          if (distance < nearest) {
            nearest = distance;
            best = i;
          }
        }
      }
      const own = group[best] ?? 0;
      const table = best * REACH * REACH;
      const bestX = best % across;
      const bestY = (best - bestX) / across;
      // Distance to the line half way to each neighbour that is not of the same group.
      let edge = scale;
      for (let ny = gy - 1; ny <= gy + 1; ny++) {
        const line = table + (ny - bestY + 2) * REACH + 2 - bestX;
        for (let nx = gx - 1; nx <= gx + 1; nx++) {
          const i = ny * across + nx;
          if (group[i] === own) continue;
          const dx = (px[i] ?? 0) - x;
          const dy = (py[i] ?? 0) - y;
          const distance = (dx * dx + dy * dy - nearest) * (halfInverse[line + nx] ?? 0);
          if (distance < edge) edge = distance;
        }
      }
      id[at] = own;
      centre[at] = Math.sqrt(nearest);
      border[at] = edge;
    }
  }
  return { id, border, centre, count: across * down };
}

/** Two points near one pixel are at most two lattice steps apart each way. */
const REACH = 5;

/** Returns 1 / (2 × distance) from every point to those up to two lattice steps off, [points,5,5]. */
function halfInverseDistances(
  px: Float32Array,
  py: Float32Array,
  across: number,
  down: number,
): Float32Array {
  const out = new Float32Array(across * down * REACH * REACH);
  let k = 0;
  for (let gy = 0; gy < down; gy++) {
    for (let gx = 0; gx < across; gx++) {
      const here = gy * across + gx;
      for (let ny = gy - 2; ny <= gy + 2; ny++) {
        for (let nx = gx - 2; nx <= gx + 2; nx++, k++) {
          const there = ny * across + nx;
          const dx = (px[there] ?? 0) - (px[here] ?? 0);
          const dy = (py[there] ?? 0) - (py[here] ?? 0);
          out[k] = 0.5 / Math.sqrt(dx * dx + dy * dy);
        }
      }
    }
  }
  return out;
}

function clampInt(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
