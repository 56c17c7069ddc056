import { smoothstep } from '../fields.js';
import { fractalNoise } from '../noise.js';
import type { Rng } from '../rng.js';
import { MARGIN, type Floe, type FloePose } from './floes.js';

/** What happens to the ice between two dates. */
export type ChangeKind = 'drift' | 'opening' | 'closing' | 'melt' | 'refreeze';

/** Every kind of change, in a fixed order. */
export const CHANGE_KINDS: readonly ChangeKind[] = [
  'drift',
  'opening',
  'closing',
  'melt',
  'refreeze',
];

/** State of the ice on one date. */
export interface IceState {
  readonly poses: readonly FloePose[];
  /** Added to the level of the background at each pixel: above 0 thin ice grows, below 0 it melts. */
  readonly freezing: Float32Array;
}

/** Something that happened, ready to be applied at any strength. */
type IceEvent = (state: IceState, strength: number) => IceState;

/** Returns an event of the kind; all its choices are made here, so strength only scales it. */
export function makeEvent(rng: Rng, kind: ChangeKind, size: number): IceEvent {
  switch (kind) {
    case 'drift':
      return drift(rng, size);
    case 'opening':
    case 'closing':
      return lead(rng, size);
    case 'melt':
      return melt(rng, size);
    case 'refreeze':
      return refreeze(rng, size);
  }
}

/** Floes of a part of the scene drift together and turn, each a little in its own way. */
function drift(rng: Rng, size: number): IceEvent {
  const place = region(rng.fork('place'), size, rng.uniform(0.2, 0.5));
  const angle = rng.uniform(0, 2 * Math.PI);
  const distance = rng.uniform(10, 20);
  const own = rng.fork('own');
  return moveEach((floe, strength) => {
    if (!place(floe)) return { dx: 0, dy: 0, turn: 0 };
    const luck = own.fork(`floe ${floe.id}`);
    const direction = angle + 0.35 * luck.normal();
    const length = Math.min(distance * strength * luck.uniform(0.75, 1.25), MARGIN - 4);
    return {
      dx: length * Math.cos(direction),
      dy: length * Math.sin(direction),
      turn: Math.min(strength, 1.5) * luck.uniform(-0.3, 0.3),
    };
  });
}

/** The pack parts along a line: one side moves off as a whole. */
function lead(rng: Rng, size: number): IceEvent {
  const angle = rng.uniform(0, 2 * Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const slant = rng.uniform(-0.6, 0.6);
  const width = rng.uniform(10, 22);
  const x = MARGIN + size * rng.uniform(0.3, 0.7);
  const y = MARGIN + size * rng.uniform(0.3, 0.7);
  return moveEach((floe, strength) => {
    const beyond = (floe.x - x) * cos + (floe.y - y) * sin > 0;
    const length = beyond ? Math.min(width * strength, MARGIN - 4) : 0;
    return { dx: length * Math.cos(angle + slant), dy: length * Math.sin(angle + slant), turn: 0 };
  });
}

/** Floes of a region shrink, small ones vanish, thin ice there turns to water. */
function melt(rng: Rng, size: number): IceEvent {
  const place = region(rng.fork('place'), size, rng.uniform(0.4, 0.9));
  const loss = rng.uniform(4, 8);
  const thaw = spot(rng.fork('thaw'), size);
  return (state, strength) => ({
    poses: state.poses.map((pose) =>
      place(pose.floe) ? { ...pose, melted: pose.melted + loss * strength } : pose,
    ),
    freezing: state.freezing.map((level, i) => level - 0.35 * strength * (thaw[i] ?? 0)),
  });
}

/** New thin ice spreads over open water. */
function refreeze(rng: Rng, size: number): IceEvent {
  const where = spot(rng.fork('where'), size);
  return (state, strength) => ({
    poses: state.poses,
    freezing: state.freezing.map((level, i) => level + 0.45 * strength * (where[i] ?? 0)),
  });
}

function moveEach(
  motion: (floe: Floe, strength: number) => { dx: number; dy: number; turn: number },
): IceEvent {
  return (state, strength) => ({
    poses: state.poses.map((pose) => {
      const { dx, dy, turn } = motion(pose.floe, strength);
      return { ...pose, dx: pose.dx + dx, dy: pose.dy + dy, turn: pose.turn + turn };
    }),
    freezing: state.freezing,
  });
}

/** Whether a floe lies on the chosen side of a soft line that leaves about `share` of them in. */
function region(rng: Rng, size: number, share: number): (floe: Floe) => boolean {
  const angle = rng.uniform(0, 2 * Math.PI);
  const half = MARGIN + size / 2;
  const limit = (share - 0.5) * size;
  return (floe) => (floe.x - half) * Math.cos(angle) + (floe.y - half) * Math.sin(angle) < limit;
}

/** A patch of the picture, 0..1, [size,size]. */
function spot(rng: Rng, size: number): Float32Array {
  const field = fractalNoise(rng, size, size, { scale: size * 0.6, octaves: 2 });
  return field.map((value) => smoothstep(-0.3, 0.4, value));
}
