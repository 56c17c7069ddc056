/** Changed areas of fewer pixels than this are dropped from the truth: nobody can see them. */
const LEAST_CHANGE_PIXELS = 12;

/**
 * Returns the change map, 1 where the class differs, uint8 [H,W], cleaned of what no eye could
 * trace: slivers under two pixels wide (3 × 3 majority) and specks under 12 pixels.
 */
export function changeMap(
  before: Uint8Array,
  after: Uint8Array,
  width: number,
  height: number,
): Uint8Array {
  const raw = before.map((value, i) => (value === after[i] ? 0 : 1));
  const out = majority(raw, width, height);
  dropSpecksInto(out, width, height);
  return out;
}

function majority(map: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(map.length);
  for (let row = 0; row < height; row++) {
    const up = Math.max(row - 1, 0) * width;
    const here = row * width;
    const down = Math.min(row + 1, height - 1) * width;
    for (let column = 0; column < width; column++) {
      const left = Math.max(column - 1, 0);
      const right = Math.min(column + 1, width - 1);
      const sum =
        (map[up + left] ?? 0) +
        (map[up + column] ?? 0) +
        (map[up + right] ?? 0) +
        (map[here + left] ?? 0) +
        (map[here + column] ?? 0) +
        (map[here + right] ?? 0) +
        (map[down + left] ?? 0) +
        (map[down + column] ?? 0) +
        (map[down + right] ?? 0);
      out[here + column] = sum >= 5 ? 1 : 0;
    }
  }
  return out;
}

function dropSpecksInto(out: Uint8Array, width: number, height: number): void {
  const seen = new Uint8Array(out.length);
  const area = new Int32Array(out.length);
  for (let start = 0; start < out.length; start++) {
    if (out[start] !== 1 || seen[start] === 1) continue;
    area[0] = start;
    seen[start] = 1;
    let count = 1;
    const visit = (cell: number): void => {
      if (out[cell] !== 1 || seen[cell] === 1) return;
      seen[cell] = 1;
      area[count++] = cell;
    };
    for (let k = 0; k < count; k++) {
      const cell = area[k] ?? 0;
      const column = cell % width;
      if (column > 0) visit(cell - 1);
      if (column < width - 1) visit(cell + 1);
      if (cell >= width) visit(cell - width);
      if (cell < (height - 1) * width) visit(cell + width);
    }
    if (count < LEAST_CHANGE_PIXELS) for (let k = 0; k < count; k++) out[area[k] ?? 0] = 0;
  }
}
