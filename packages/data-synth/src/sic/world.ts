import { clamp, quantile, smoothstep } from '../fields.js';
import { fractalNoise } from '../noise.js';
import { createRng } from '../rng.js';

/** The part of a generated sea that never changes: coast, mean ice edge, mean current. */
export interface SeaWorld {
  readonly height: number;
  readonly width: number;
  /** 1 = ocean, 0 = land, uint8 [H,W]. */
  readonly ocean: Uint8Array;
  /** Nearest ocean cell of every cell (itself where ocean), [H,W]. */
  readonly shore: Int32Array;
  /** How far "south" a cell is, bent by the world's geography: about 0 at the pole to 1.2, [H,W]. */
  readonly southness: Float32Array;
  /** 0 at the coast to 1 three cells off it: how freely water moves, [H,W]. */
  readonly openness: Float32Array;
  /** Stream function of the mean current, cells² per day, [H,W]. */
  readonly gyre: Float32Array;
  /** Area of each cell in km², [H,W]. */
  readonly area: Float32Array;
}

const LAND_SHARE = 0.2;
/** Waters smaller than this many cells become land: they are lakes. */
const LEAST_SEA = 12;

/** Returns the geography and the mean currents of a world seed. */
export function makeWorld(
  seed: number,
  height: number,
  width: number,
  cellSizeKm: number,
): SeaWorld {
  const rng = createRng(seed).fork('sea world');
  const n = height * width;
  const extent = Math.min(height, width);
  const relief = fractalNoise(rng.fork('relief'), width, height, {
    scale: extent * 0.45,
    octaves: 4,
  });
  const bend = fractalNoise(rng.fork('bend'), width, height, { scale: extent * 0.8, octaves: 2 });
  const gyre = fractalNoise(rng.fork('gyre'), width, height, { scale: extent * 0.7, octaves: 2 });
  const poleX = rng.uniform(0.4, 0.6);
  const southness = new Float32Array(n);
  const area = new Float32Array(n);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const x = (column + 0.5) / width - poleX;
      const y = (row + 0.5) / height;
      southness[i] = Math.sqrt(0.6 * x * x + y * y) + 0.1 * (bend[i] ?? 0);
      // The middle of the sea stays open, so that land gathers along the rim.
      relief[i] = (relief[i] ?? 0) + 1.6 * (x * x + (y - 0.45) * (y - 0.45));
      // A polar stereographic grid stretches cells by a few percent away from its true latitude.
      area[i] = cellSizeKm * cellSizeKm * (0.95 + 0.1 * y);
    }
  }
  const level = quantile(relief, 1 - LAND_SHARE);
  const ocean = Uint8Array.from(relief, (value) => (value > level ? 0 : 1));
  fillLakes(ocean, height, width);
  const { shore } = nearest(ocean, height, width, 1);
  const fromLand = nearest(ocean, height, width, 0).distance;
  const openness = Float32Array.from(fromLand, (cells) => smoothstep(0, 3, cells));
  for (let i = 0; i < n; i++) gyre[i] = (gyre[i] ?? 0) * 0.16 * extent * 0.25;
  return { height, width, ocean, shore, southness, openness, gyre, area };
}

/**
 * Returns the concentration the season would settle at, 0..1.
 *
 * `shift` moves the ice edge south by that share of the grid's height.
 */
export function seasonalBalance(southness: number, yearFraction: number, shift: number): number {
  const season = Math.cos(2 * Math.PI * (yearFraction - 0.19));
  const edge = 0.62 + 0.25 * season - 0.03 * Math.cos(4 * Math.PI * (yearFraction - 0.19)) + shift;
  const halfWidth = 0.055 - 0.015 * season;
  const most = 0.93 + 0.055 * season;
  return most / (1 + Math.exp(clamp((southness - edge) / (0.5 * halfWidth), -30, 30)));
}

function fillLakes(ocean: Uint8Array, height: number, width: number): void {
  const seen = new Uint8Array(ocean.length);
  for (let start = 0; start < ocean.length; start++) {
    if (ocean[start] !== 1 || seen[start] === 1) continue;
    const water = [start];
    seen[start] = 1;
    for (let k = 0; k < water.length; k++) {
      for (const next of neighbours(water[k] ?? 0, height, width)) {
        if (ocean[next] !== 1 || seen[next] === 1) continue;
        seen[next] = 1;
        water.push(next);
      }
    }
    if (water.length < LEAST_SEA) for (const cell of water) ocean[cell] = 0;
  }
}

/** Nearest cell of the given kind, and how many steps away it is, by flooding outwards. */
function nearest(
  ocean: Uint8Array,
  height: number,
  width: number,
  kind: 0 | 1,
): { shore: Int32Array; distance: Float32Array } {
  const shore = new Int32Array(ocean.length).fill(-1);
  const distance = new Float32Array(ocean.length).fill(1e6);
  const queue: number[] = [];
  for (let i = 0; i < ocean.length; i++) {
    if (ocean[i] !== kind) continue;
    shore[i] = i;
    distance[i] = 0;
    queue.push(i);
  }
  for (let k = 0; k < queue.length; k++) {
    const cell = queue[k] ?? 0;
    for (const next of neighbours(cell, height, width)) {
      if (shore[next] !== -1) continue;
      shore[next] = shore[cell] ?? 0;
      distance[next] = (distance[cell] ?? 0) + 1;
      queue.push(next);
    }
  }
  return { shore, distance };
}

function neighbours(cell: number, height: number, width: number): number[] {
  const column = cell % width;
  const out: number[] = [];
  if (column > 0) out.push(cell - 1);
  if (column < width - 1) out.push(cell + 1);
  if (cell >= width) out.push(cell - width);
  if (cell < (height - 1) * width) out.push(cell + width);
  return out;
}
