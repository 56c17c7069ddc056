import type { Position, Ring } from './geometry.js';

/** A side of a ring, from a position to the next; `next` is the side after it. */
interface Side {
  readonly from: Position;
  readonly to: Position;
  next: number;
}

/**
 * The same area with rings that pass no position twice, nor touch so that they part its inside:
 * where rings meet, each goes on along the inside (on its left), and loops become rings of their own.
 */
export function untangleRings(rings: readonly Ring[]): readonly Ring[] {
  const sides = sidesOf(withStops(rings));
  const ending = new Map<string, number[]>();
  sides.forEach(({ to }, i) => {
    const key = to.join();
    const others = ending.get(key);
    if (others) others.push(i);
    else ending.set(key, [i]);
  });
  for (const meeting of ending.values()) if (meeting.length > 1) pairUp(sides, meeting);
  return loopsOf(sides).flatMap(withoutLoops);
}

/** Gives sides along the antimeridian the positions of other rings there. */
function withStops(rings: readonly Ring[]): readonly Ring[] {
  const onLine = rings.flatMap((ring) => ring.filter(([lon]) => Math.abs(lon) === 180));
  const stops = new Map(
    [180, -180].map((side) => {
      const here = onLine.filter(([lon]) => lon === side).sort((a, b) => a[1] - b[1]);
      return [side, here.filter(([, lat], i) => lat !== here[i - 1]?.[1])];
    }),
  );
  return rings.map((ring) =>
    ring.flatMap((to, i) => {
      const from = ring[i - 1];
      if (!from || from[0] !== to[0] || Math.abs(to[0]) !== 180) return [to];
      const low = Math.min(from[1], to[1]);
      const high = Math.max(from[1], to[1]);
      const between = (stops.get(to[0]) ?? []).filter(([, lat]) => lat > low && lat < high);
      return [...(to[1] > from[1] ? between : between.reverse()), to];
    }),
  );
}

function sidesOf(rings: readonly Ring[]): Side[] {
  const sides: Side[] = [];
  for (const ring of rings) {
    const first = sides.length;
    for (let i = 1; i < ring.length; i++) {
      const [from, to] = [ring[i - 1], ring[i]];
      const next = i + 1 < ring.length ? sides.length + 1 : first;
      if (from && to) sides.push({ from, to, next });
    }
  }
  return sides;
}

/** Lets each side that ends in a position go on with the first side clockwise from where it came. */
function pairUp(sides: readonly Side[], meeting: readonly number[]): void {
  const after = meeting.map((i) => sides[i]?.next ?? 0);
  const chosen = meeting.map((i) => {
    const back = direction(sides[i], true);
    const turn = (j: number) => clockwise(back, direction(sides[j], false));
    return after.reduce((best, j) => (turn(j) < turn(best) ? j : best));
  });
  // Sides that lie on one another may claim the same: these stay as they were.
  if (new Set(chosen).size < chosen.length) return;
  meeting.forEach((i, k) => {
    const side = sides[i];
    if (side) side.next = chosen[k] ?? side.next;
  });
}

function direction(side: Side | undefined, backwards: boolean): number {
  if (!side) return 0;
  const angle = Math.atan2(side.to[1] - side.from[1], side.to[0] - side.from[0]);
  return backwards ? angle + Math.PI : angle;
}

/** The angle from one direction clockwise to another, above 0. */
function clockwise(from: number, to: number): number {
  const turn = (from - to) % (2 * Math.PI);
  return turn > 0 ? turn : turn + 2 * Math.PI;
}

function loopsOf(sides: readonly Side[]): readonly Ring[] {
  const rings: Ring[] = [];
  const used = new Uint8Array(sides.length);
  for (let start = 0; start < sides.length; start++) {
    const ring: Position[] = [];
    for (let at = start; used[at] === 0;) {
      used[at] = 1;
      const side = sides[at];
      if (!side) break;
      if (ring.length === 0) ring.push(side.from);
      ring.push(side.to);
      at = side.next;
    }
    if (ring.length > 0) rings.push(ring);
  }
  return rings;
}

/** A ring as rings that pass no position twice. */
function withoutLoops(ring: Ring): readonly Ring[] {
  const rings: Ring[] = [];
  const path: Position[] = [];
  const places = new Map<string, number>();
  for (const position of ring) {
    const key = position.join();
    const before = places.get(key);
    if (before === undefined) {
      places.set(key, path.length);
      path.push(position);
      continue;
    }
    const loop = path.splice(before + 1);
    for (const passed of loop) places.delete(passed.join());
    rings.push([position, ...loop, position]);
  }
  return rings;
}
