/** Shares of pixels that a polygon covers, in a box of pixels. */
export interface Coverage {
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly columns: number;
  readonly rows: number;
  /** [rows, columns + 1] 0 … 1; the last entry of each row is spare. */
  readonly shares: Float64Array;
}

/**
 * Makes a function that computes exact coverage of quadrilaterals, by the signed areas to the right
 * of their edges summed along each row, as font rasterisers do. The result is overwritten by the
 * next call.
 *
 * @param cut - pixels outside [0, height) are left out; columns too unless they come round
 */
export function quadCoverage(cut: {
  readonly width: number;
  readonly height: number;
  readonly isRound: boolean;
}): (xs: readonly number[], ys: readonly number[]) => Coverage | null {
  let shares = new Float64Array(64);
  let firstColumn = 0;
  let firstRow = 0;
  let columns = 0;
  let rows = 0;

  /** An edge inside one row and one column. */
  const addPiece = (row: number, x0: number, x1: number, fall: number): void => {
    const middle = Math.min(Math.max((x0 + x1) / 2, 0), columns);
    const column = Math.min(Math.floor(middle), columns - 1);
    const at = row * (columns + 1) + column;
    const beyond = middle - column;
    shares[at] = (shares[at] as number) + fall * (1 - beyond); // inside the box
    shares[at + 1] = (shares[at + 1] as number) + fall * beyond;
  };

  /** An edge inside one row, cut at column borders. */
  const addSpan = (row: number, x0: number, x1: number, fall: number): void => {
    const [low, high] = x0 < x1 ? [x0, x1] : [x1, x0];
    if (high - low < 1e-14) {
      addPiece(row, low, high, fall);
      return;
    }
    const perColumn = fall / (high - low);
    if (low < 0) addPiece(row, 0, 0, perColumn * (Math.min(0, high) - low));
    if (high > columns)
      addPiece(row, columns, columns, perColumn * (high - Math.max(columns, low)));
    let x = Math.max(0, low);
    const end = Math.min(columns, high);
    while (x < end) {
      const next = Math.min(end, Math.floor(x) + 1);
      addPiece(row, x, next, perColumn * (next - x));
      x = next;
    }
  };

  const addEdge = (ax: number, ay: number, bx: number, by: number): void => {
    if (ay === by) return;
    const sign = ay < by ? 1 : -1;
    const [x0, y0, x1, y1] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
    const slope = (x1 - x0) / (y1 - y0);
    let y = Math.max(0, y0);
    const end = Math.min(rows, y1);
    while (y < end) {
      const row = Math.floor(y);
      const next = Math.min(end, row + 1);
      addSpan(row, x0 + (y - y0) * slope, x0 + (next - y0) * slope, sign * (next - y));
      y = next;
    }
  };

  return (xs, ys) => {
    firstColumn = Math.floor(Math.min(...xs));
    firstRow = Math.max(0, Math.floor(Math.min(...ys)));
    let endColumn = Math.ceil(Math.max(...xs));
    const endRow = Math.min(cut.height, Math.ceil(Math.max(...ys)));
    if (!cut.isRound) {
      firstColumn = Math.max(0, firstColumn);
      endColumn = Math.min(cut.width, endColumn);
    }
    columns = endColumn - firstColumn;
    rows = endRow - firstRow;
    if (columns <= 0 || rows <= 0) return null;
    const size = rows * (columns + 1);
    if (shares.length < size) shares = new Float64Array(2 * size);
    shares.fill(0, 0, size);
    for (let k = 0; k < 4; k++) {
      const next = (k + 1) % 4;
      addEdge(
        (xs[k] as number) - firstColumn, // four corners
        (ys[k] as number) - firstRow,
        (xs[next] as number) - firstColumn,
        (ys[next] as number) - firstRow,
      );
    }
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        const at = row * (columns + 1) + column;
        sum += shares[at] as number; // inside the box
        // Either way round the polygon.
        shares[at] = Math.abs(sum);
      }
    }
    return { firstColumn, firstRow, columns, rows, shares };
  };
}
