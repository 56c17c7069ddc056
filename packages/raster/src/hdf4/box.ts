import { elementCount } from '../make-variable.js';
import type { Region } from '../raster-file.js';

/**
 * Copies the elements that two boxes of an array share, from the bytes of one into those of the
 * other; boxes are row-major.
 */
export function copyBox(
  from: Uint8Array,
  fromBox: Region,
  to: Uint8Array,
  toBox: Region,
  itemBytes: number,
): void {
  const start = fromBox.start.map((first, axis) => Math.max(first, toBox.start[axis] ?? 0));
  const count = start.map((first, axis) => Math.min(end(fromBox, axis), end(toBox, axis)) - first);
  if (count.some((length) => length <= 0)) return;
  for (const { place, length } of runsOf({ start, count })) {
    const source = offsetIn(fromBox, place) * itemBytes;
    to.set(from.subarray(source, source + length * itemBytes), offsetIn(toBox, place) * itemBytes);
  }
}

function end({ start, count }: Region, axis: number): number {
  return (start[axis] ?? 0) + (count[axis] ?? 0);
}

/** Row-major place of an element in a box. */
function offsetIn({ start, count }: Region, place: readonly number[]): number {
  return place.reduce((sum, at, axis) => sum * (count[axis] ?? 1) + at - (start[axis] ?? 0), 0);
}

/** Rows of a box along the last axis. */
function* runsOf({ start, count }: Region) {
  const axes = start.length;
  const length = count[axes - 1] ?? 1;
  const rows = elementCount(count.slice(0, -1));
  const place = [...start];
  for (let row = 0; row < rows; row++) {
    yield { place, length };
    for (let axis = axes - 2; axis >= 0; axis--) {
      const next = (place[axis] ?? 0) + 1;
      const first = start[axis] ?? 0;
      if (next < first + (count[axis] ?? 0)) {
        place[axis] = next;
        break;
      }
      place[axis] = first;
    }
  }
}

/** Bytes that one read may bring along for nothing. */
const SPAN_BYTES = 1 << 20;

/**
 * Bytes of a region of an array that lies row-major in one piece: rows near each other are read at
 * once.
 *
 * @param read bytes of the piece, from an offset.
 */
export async function readBox(
  read: (at: number, length: number) => Promise<Uint8Array>,
  shape: readonly number[],
  region: Region,
  itemBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(elementCount(region.count) * itemBytes);
  if (out.length === 0) return out;
  const whole: Region = { start: shape.map(() => 0), count: shape };
  let filled = 0;
  let pending: { at: number; length: number }[] = [];
  const flush = async () => {
    const [first] = pending;
    const last = pending[pending.length - 1];
    if (!first || !last) return;
    const bytes = await read(first.at, last.at + last.length - first.at);
    for (const { at, length } of pending) {
      out.set(bytes.subarray(at - first.at, at - first.at + length), filled);
      filled += length;
    }
    pending = [];
  };
  for (const { place, length } of runsOf(region)) {
    const run = { at: offsetIn(whole, place) * itemBytes, length: length * itemBytes };
    const last = pending[pending.length - 1];
    const lastEnd = last ? last.at + last.length : 0;
    const [first] = pending;
    if (last && run.at === lastEnd) {
      last.length += run.length;
      continue;
    }
    if (first && run.at + run.length - first.at > SPAN_BYTES) await flush();
    pending.push(run);
  }
  await flush();
  return out;
}
