/** Cells numbered by the region they belong to. */
export interface RegionLabels {
  /** [H*W] number of the region, counted from 0 in the order of their first cells; -1 outside. */
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Regions of equal value, whose cells touch along edges (4-connectivity).
 *
 * @param inside [H*W] 1 where a cell is part of a region.
 */
export function labelRegions(
  values: Uint8Array,
  inside: Uint8Array,
  height: number,
  width: number,
): RegionLabels {
  // Union-find on cells: each points to an earlier cell of its region, the first one to itself.
  const labels = new Int32Array(height * width);
  const root = (cell: number): number => {
    let at = cell;
    for (let up = labels[at] ?? at; up !== at; up = labels[at] ?? at) {
      const next = labels[up] ?? up;
      labels[at] = next;
      at = next;
    }
    return at;
  };
  for (let cell = 0; cell < labels.length; cell++) {
    if (inside[cell] !== 1) {
      labels[cell] = -1;
      continue;
    }
    const value = values[cell];
    const column = cell % width;
    const joins = (other: number) => inside[other] === 1 && values[other] === value;
    const left = column > 0 && joins(cell - 1) ? root(cell - 1) : -1;
    const up = cell >= width && joins(cell - width) ? root(cell - width) : -1;
    if (left < 0 && up < 0) labels[cell] = cell;
    else if (left < 0 || up < 0) labels[cell] = Math.max(left, up);
    else {
      const first = Math.min(left, up);
      labels[Math.max(left, up)] = first;
      labels[cell] = first;
    }
  }
  return numbered(labels);
}

/** Replaces the first cells by numbers; each cell points to an earlier one, which has its number. */
function numbered(labels: Int32Array): RegionLabels {
  let count = 0;
  for (let cell = 0; cell < labels.length; cell++) {
    const first = labels[cell] ?? -1;
    if (first === cell) labels[cell] = count++;
    else if (first >= 0) labels[cell] = labels[first] ?? -1;
  }
  return { labels, count };
}
