import { windowOfRegion, type LonLatBox, type SicCube } from '@arctic/raster';
import { DataRealError } from './errors.js';

/**
 * The part of a cube that covers a box of longitudes and latitudes (west above east crosses the
 * dateline): the smallest window of whole rows and columns; `flags.missing` is counted again.
 *
 * @throws DataRealError `NoData` where the box lies outside, `InvalidOption` for a cube without a
 * place; RasterError `InvalidValue` for a box that is none
 *
 * @example
 * ```ts
 * const framStrait = cropCube(cube, { west: -20, south: 76, east: 15, north: 83 });
 * ```
 */
export function cropCube(cube: SicCube, region: LonLatBox): SicCube {
  const { height, width, days, poleHole, flags, filled } = cube;
  const { name, crs, transform } = cube.grid;
  if (crs === null || transform === null) {
    throw new DataRealError(
      'InvalidOption',
      `Expected a cube with a place on earth to crop. Received: grid ${name} without one. Leave the region out.`,
    );
  }
  const window = windowOfRegion({ crs, transform, height, width }, region);
  if (window === null) {
    throw new DataRealError(
      'NoData',
      `Expected a region on grid ${name}. Received: ${region.west}, ${region.south}, ${region.east}, ${region.north} (west, south, east, north), which lies outside. Choose another box.`,
    );
  }
  const cut = <A extends Float32Array | Uint8Array>(values: A, steps: number): A => {
    const plane = window.height * window.width;
    const out = values.slice(0, steps * plane) as A; // slice keeps the type of the array
    for (let t = 0; t < steps; t++) {
      for (let row = 0; row < window.height; row++) {
        const from = (t * height + window.row + row) * width + window.column;
        out.set(values.subarray(from, from + window.width), t * plane + row * window.width);
      }
    }
    return out;
  };
  const steps = days.length;
  const sic = cut(cube.sic, steps);
  const ocean = cut(cube.ocean, 1);
  const hole = poleHole && cut(poleHole, 1);
  const made = filled && cut(filled, steps);
  const plane = ocean.length;
  // As it was observed: what was filled in time is missing still.
  const missing = Int32Array.from(days, (_, t) => {
    let count = 0;
    for (let i = 0; i < plane; i++) {
      const at = t * plane + i;
      const unseen = Number.isNaN(sic[at]) || (made !== undefined && made[at] !== 0);
      if (ocean[i] && !hole?.[i] && unseen) count += 1;
    }
    return count;
  });
  const [x0, dx, , y0, , dy] = transform;
  return {
    ...cube,
    sic,
    ocean,
    area: cut(cube.area, 1),
    ...(hole && { poleHole: hole }),
    ...(flags && { flags: { surface: cut(flags.surface, 1), missing } }),
    ...(made && { filled: made }),
    height: window.height,
    width: window.width,
    grid: {
      name: `${name}-region`,
      crs,
      transform: [x0 + window.column * dx, dx, 0, y0 + window.row * dy, 0, dy],
    },
    attrs: { ...cube.attrs, region: { ...region } },
  };
}
